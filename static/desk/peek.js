/* The peek: the short version of the row that has the focus, beside the list. */
(() => {
    "use strict";
    const desk = window.desk;
    const pane = document.getElementById("peek");
    const OPEN = "desk.peek";
    let waiting = 0;
    let shown = "";

    const show = async () => {
        const row = desk.row();
        if (!row || pane.hidden || row.dataset.peek === shown) { return; }
        shown = row.dataset.peek;
        const answer = await fetch(shown, { headers: { "X-Requested-With": "desk" } }).catch(() => null);
        if (shown !== row.dataset.peek) { return; }
        if (answer && answer.ok && !answer.redirected) {
            const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
            pane.replaceChildren(...fresh.body.childNodes);
            pane.querySelector("a.btn").href = row.dataset.href;
        } else {
            pane.textContent = "This could not be read. Open the alert, or try again.";
        }
    };
    const set = (open) => {
        pane.hidden = !open;
        shown = "";
        sessionStorage.setItem(OPEN, open ? "yes" : "");
        if (open && desk.place() < 0) { desk.focus(0); }
        show();
    };
    desk.acts[" "] = () => set(pane.hidden);
    const clear = desk.acts.Escape;
    desk.acts.Escape = () => { if (pane.hidden) { clear(); } else { set(false); } };
    document.addEventListener("click", (event) => { if (event.target.closest("[data-unpeek]")) { set(false); } });
    document.addEventListener("desk:focus", () => {
        clearTimeout(waiting);
        waiting = setTimeout(show, 120);
    });
    if (sessionStorage.getItem(OPEN) && matchMedia("(min-width: 1600px)").matches && desk.rows.length) { set(true); }
})();
