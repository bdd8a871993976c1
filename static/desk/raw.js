/* Search in the raw record: marks what matches and counts it; Enter goes on to the next. The text stays text. */
(() => {
    "use strict";
    const MOST = 1000;
    const card = document.querySelector("[data-raw]");
    if (!card) { return; }
    const pre = card.querySelector("pre");
    const field = card.querySelector("[data-raw-search]");
    const told = card.querySelector("[data-raw-found]");
    const text = pre.textContent;
    let marks = [];
    let at = -1;

    const go = (step) => {
        if (!marks.length) { return; }
        if (marks[at]) { marks[at].classList.remove("here"); }
        at = (at + step + marks.length) % marks.length;
        marks[at].classList.add("here");
        marks[at].scrollIntoView({ block: "nearest" });
        told.textContent = `${at + 1} of ${marks.length}${marks.length === MOST ? "+" : ""}`;
    };
    const search = () => {
        const wanted = field.value.toLowerCase();
        const low = text.toLowerCase();
        marks = [];
        at = -1;
        if (!wanted || low.length !== text.length) {
            pre.textContent = text;
            told.textContent = "";
            return;
        }
        const parts = [];
        let from = 0;
        for (let place = low.indexOf(wanted); place >= 0 && marks.length < MOST; place = low.indexOf(wanted, from)) {
            const mark = document.createElement("mark");
            mark.textContent = text.slice(place, place + wanted.length);
            parts.push(text.slice(from, place), mark);
            marks.push(mark);
            from = place + wanted.length;
        }
        pre.replaceChildren(...parts, text.slice(from));
        if (marks.length) { go(1); } else { told.textContent = "Not found"; }
    };
    field.addEventListener("input", search);
    field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") { event.preventDefault(); go(event.shiftKey ? -1 : 1); }
    });
})();
