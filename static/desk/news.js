/* What is new in the queue: counts beside the filters, newer rows behind a button, changes of shown rows in their place. No row ever moves by itself. */
(() => {
    "use strict";
    const EVERY = 10000;
    const table = document.querySelector("[data-news]");
    const counts = document.querySelector("[data-counts]");
    const button = document.querySelector(".new-rows");
    const get = async (url) => {
        const answer = await fetch(url, { headers: { "X-Requested-With": "desk" } }).catch(() => null);
        return answer && answer.ok && !answer.redirected ? answer : null;
    };

    const recount = async () => {
        const answer = counts && await get(counts.dataset.counts);
        if (!answer || counts.contains(document.activeElement)) { return; }
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        fresh.querySelectorAll("[data-of]").forEach((each) => {
            document.querySelector(`[data-view="${CSS.escape(each.dataset.of)}"]`).textContent = each.textContent;
        });
        counts.replaceChildren(...fresh.body.childNodes);
    };
    const mark = (row, [status, who]) => {
        const cell = row.querySelector(".state") || row.querySelector(".title");
        const same = status === row.dataset.status && who === row.dataset.who;
        if (same || cell.querySelector(".moved")) { return; }
        const note = document.createElement("span");
        note.className = "moved";
        note.textContent = status === row.dataset.status ? `→ ${who || "nobody"}` : `→ ${status}`;
        note.title = "Changed since this list was read";
        cell.append(" ", note);
        row.classList.add("changed");
    };
    const look = async () => {
        const rows = [...table.querySelectorAll("tr[data-row]")];
        const ids = rows.map((row) => `ids=${encodeURIComponent(row.dataset.id)}`).join("&");
        const answer = await get(`${table.dataset.news}&since=${table.dataset.since}&${ids}`);
        if (!answer) { return; }
        const news = await answer.json();
        rows.filter((row) => news.rows[row.dataset.id]).forEach((row) => mark(row, news.rows[row.dataset.id]));
        if (news.new && button.hidden) { recount(); }
        button.hidden = news.new === 0;
        button.querySelector("[data-new]").textContent = news.new >= news.most ? `${news.most}+` : String(news.new);
    };
    const follow = async () => {
        if (!document.hidden) { await look(); }
        setTimeout(follow, EVERY);
    };
    button.addEventListener("click", () => { location.href = button.dataset.href; });
    if (table) { setTimeout(follow, EVERY); }
    recount();
})();
