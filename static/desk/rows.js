/* Rows of a list: which one has the focus, which ones are selected, how one is opened. */
(() => {
    "use strict";
    const rows = [...document.querySelectorAll("tr[data-row]")];
    const form = document.querySelector("[data-bulk]");
    const boxes = form ? rows.map((row) => row.querySelector(".check input[type=checkbox]")) : [];
    let focused = -1;
    let last = -1;

    const tell = (name) => document.dispatchEvent(new CustomEvent(name));
    const focus = (place) => {
        if (!rows.length) { return; }
        if (rows[focused]) { rows[focused].classList.remove("focus"); }
        focused = Math.max(0, Math.min(rows.length - 1, place));
        rows[focused].classList.add("focus");
        rows[focused].scrollIntoView({ block: "nearest" });
        tell("desk:focus");
    };
    const toggle = (place, ranged) => {
        if (!boxes[place]) { return; }
        const on = ranged || !boxes[place].checked;
        const from = ranged && last >= 0 ? Math.min(last, place) : place;
        const to = ranged && last >= 0 ? Math.max(last, place) : place;
        boxes.slice(from, to + 1).forEach((box) => { box.checked = on; });
        last = place;
        tell("desk:selection");
    };
    const clear = () => {
        boxes.forEach((box) => { box.checked = false; });
        tell("desk:selection");
    };
    rows.forEach((row, place) => row.addEventListener("click", (event) => {
        if (event.target.closest("a, button, input, label, .check")) { focus(place); return; }
        if (!getSelection().toString()) { location.href = row.dataset.href; }
    }));
    if (form) {
        form.addEventListener("change", (event) => {
            if (event.target.matches("[data-all]")) { boxes.forEach((box) => { box.checked = event.target.checked; }); }
            if (event.target.matches("[name=ids]")) { last = boxes.indexOf(event.target); }
            tell("desk:selection");
        });
    }
    window.desk = Object.assign(window.desk || {}, {
        rows, boxes, focus, toggle, clear,
        place: () => focused,
        row: () => rows[focused],
        chosen: () => rows.filter((row, place) => boxes[place] && boxes[place].checked),
    });
})();
