/* The dialog in which many alerts are decided on. What a move may start from was rendered from its table; here it is only counted. */
(() => {
    "use strict";
    const desk = window.desk;
    const dialog = document.getElementById("triage");
    const form = document.getElementById("decide");
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const AFTER = "desk.after";
    if (!dialog) { return; }

    /* The whole view instead of what is shown of it: the server picks the rows by the same filters. */
    const offer = document.querySelector("[data-whole]");
    let whole = null;
    const many = () => (whole ? whole.count : desk.chosen().length);
    const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
    const count = () => {
        const shown = desk.chosen().length;
        if (shown < desk.boxes.length) { whole = null; }
        const chosen = many();
        if (offer) { offer.hidden = whole !== null || shown < desk.boxes.length; }
        document.querySelector("[data-whole-told]").textContent = whole ? (whole.is_cut ? `the first ${whole.count} of this view; more are left` : "all of this view") : "";
        all("[data-count]").forEach((place) => { place.textContent = String(chosen); });
        all("[data-noun]").forEach((place) => { place.textContent = chosen === 1 ? "alert" : "alerts"; });
        document.querySelector(".tool-bulk").hidden = chosen === 0;
        document.querySelector(".tool-idle").hidden = chosen > 0;
        const every = document.querySelector("[data-all]");
        every.checked = shown > 0 && shown === desk.boxes.length;
        every.indeterminate = shown > 0 && shown < desk.boxes.length;
    };

    /* What will change and what will be left, before it is done. */
    const chosenMove = () => dialog.querySelector("[name=verb]:checked");
    const told = (move) => {
        if (whole) { return { going: whole.count, text: `${plural(whole.count, "alert")} of this view, shown here or not. Those whose status does not allow it are left as they are.` }; }
        const rows = desk.chosen();
        const sources = move.dataset.sources ? move.dataset.sources.split(" ") : null;
        const going = rows.filter((row) => !sources || sources.includes(row.dataset.status));
        const left = rows.filter((row) => !going.includes(row));
        const by = {};
        left.forEach((row) => { by[row.dataset.status] = (by[row.dataset.status] || 0) + 1; });
        const reasons = Object.entries(by).map(([status, number]) => `${number} ${number === 1 ? "is" : "are"} left as ${number === 1 ? "it is" : "they are"}: ${status}.`);
        const start = move.value === "assign" ? `${plural(going.length, "alert")} ${going.length === 1 ? "gets" : "get"} the assignee below.` : `${plural(going.length, "alert")} ${going.length === 1 ? "becomes" : "become"} ${move.dataset.target}.`;
        return { going: going.length, text: [start, ...reasons].join(" ") };
    };
    const draw = () => {
        const move = chosenMove();
        if (!move) { return; }
        all("[data-for]", dialog).forEach((part) => {
            const on = part.dataset.for === move.value;
            part.hidden = !on;
            part.disabled = !on;
        });
        const { going, text } = told(move);
        const joined = dialog.querySelector("[name=together]:checked");
        const one = move.value === "escalate" && joined && joined.value ? " They go into one investigation." : "";
        const tally = {};
        desk.chosen().forEach((row) => { tally[row.dataset.severity] = (tally[row.dataset.severity] || 0) + 1; });
        const hosts = new Set(desk.chosen().map((row) => row.dataset.host).filter(Boolean)).size;
        const worst = ["critical", "high", "medium", "low", "informational", "pending"].filter((word) => tally[word]).map((word) => `${tally[word]} ${word}`);
        dialog.querySelector("[data-about]").textContent = whole ? "" : [worst.join(", "), hosts && plural(hosts, "host")].filter(Boolean).join(" · ");
        dialog.querySelector("[data-happens]").textContent = text + one;
        dialog.querySelector("[data-do]").textContent = `${move.dataset.label} ${plural(going, "alert")}`;
        dialog.querySelector("button.primary").disabled = going === 0;
    };
    const open = (verb) => {
        dialog.querySelector(":scope > .plainset").disabled = false;
        const move = dialog.querySelector(`[name=verb][value="${verb}"]`);
        move.checked = true;
        draw();
        dialog.showModal();
        const first = all("[data-for] input, [data-for] select", dialog).find((each) => !each.matches(":disabled"));
        (first || move).focus();
        desk.fill(dialog);
    };
    const submitted = (verb, more) => {
        const fields = Object.entries({ verb, ...more }).map(([name, value]) => {
            const field = document.createElement("input");
            Object.assign(field, { type: "hidden", name, value });
            return field;
        });
        form.append(...fields);
        form.requestSubmit();
    };

    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-decide]");
        if (!button) { return; }
        if (!desk.chosen().length) {
            if (desk.place() < 0) { return; }
            desk.toggle(desk.place(), false);
        }
        if ("atOnce" in button.dataset) {
            submitted(button.dataset.decide, button.dataset.assignee ? { assignee: button.dataset.assignee } : {});
        } else {
            open(button.dataset.decide);
        }
    });
    document.addEventListener("click", (event) => { if (event.target.closest("[data-clear]")) { desk.clear(); } });
    if (offer) {
        offer.addEventListener("click", async () => {
            const answer = await fetch(offer.dataset.whole, { headers: { "X-Requested-With": "desk" } }).catch(() => null);
            if (answer && answer.ok) { whole = await answer.json(); }
            count();
        });
    }
    dialog.addEventListener("change", draw);
    document.addEventListener("desk:selection", count);
    form.addEventListener("submit", () => {
        if (whole) {
            const field = document.createElement("input");
            Object.assign(field, { type: "hidden", name: "whole", value: "yes" });
            form.append(field);
        }
        const chosen = desk.chosen();
        const next = desk.rows[desk.rows.indexOf(chosen[chosen.length - 1]) + 1];
        sessionStorage.setItem(AFTER, JSON.stringify({ id: next && next.dataset.id, place: desk.rows.indexOf(chosen[0]) }));
    });

    /* After a move the focus is on the next row. */
    const after = JSON.parse(sessionStorage.getItem(AFTER) || "null");
    sessionStorage.removeItem(AFTER);
    if (after) {
        const found = desk.rows.findIndex((row) => row.dataset.id === after.id);
        desk.focus(found >= 0 ? found : after.place);
    }
    count();
})();
