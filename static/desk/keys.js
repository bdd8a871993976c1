/* Keys: off in fields, and off altogether for who wishes so. Every key has a visible button that prints it. */
(() => {
    "use strict";
    const desk = window.desk;
    const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    const enabled = () => document.documentElement.dataset.keys !== "off";
    const open = (row) => { if (row) { location.href = row.dataset.href; } };

    const acts = {
        j: () => desk.focus(desk.place() + 1),
        k: () => desk.focus(desk.place() - 1),
        x: () => desk.toggle(desk.place(), false),
        X: () => desk.toggle(desk.place(), true),
        Enter: () => open(desk.row()),
        Escape: () => desk.clear(),
        "?": () => document.getElementById("keys").showModal(),
    };
    const press = (key) => {
        const found = [...document.querySelectorAll(`main [data-key="${CSS.escape(key)}"], .top [data-key="${CSS.escape(key)}"]`)];
        const button = found.find((each) => !each.disabled && (each.dataset.decide || each.offsetParent));
        if (button) {
            if (button.matches("input")) { button.focus(); button.select(); } else { button.click(); }
            return true;
        }
        if (acts[key]) { acts[key](); return true; }
        return false;
    };
    const choose = (dialog, digit) => {
        const choice = [...dialog.querySelectorAll(`[data-digit="${CSS.escape(digit)}"]`)].find((each) => !each.matches(":disabled"));
        if (!choice) { return false; }
        choice.checked = true;
        choice.dispatchEvent(new Event("change", { bubbles: true }));
        const note = dialog.querySelector("textarea[name=note]:not(:disabled)");
        (note || choice).focus();
        return true;
    };

    document.addEventListener("keydown", (event) => {
        const dialog = document.querySelector("dialog[open]");
        if (dialog && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            const button = dialog.querySelector("button.primary");
            if (button) { event.preventDefault(); button.click(); }
            return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
        if (!enabled() && !["Enter", "Escape"].includes(event.key)) { return; }
        if (dialog) {
            if (choose(dialog, event.key)) { event.preventDefault(); }
            return;
        }
        const onControl = event.target.closest("a, button, summary, input, label");
        if (onControl && (event.key === "Enter" || event.key === " ")) { return; }
        if (press(event.key)) { event.preventDefault(); }
    });
    /* A verdict taken by hand leads on to its note, as one taken by digit does. */
    document.addEventListener("click", (event) => {
        const choice = event.detail > 0 && event.target.closest("dialog label.choice");
        const note = choice && choice.querySelector("[data-digit]") && choice.closest("dialog").querySelector("textarea[name=note]:not(:disabled)");
        if (note) { note.focus(); }
    });
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-press]");
        if (button) { press(button.dataset.press); }
    });
    desk.acts = acts;
})();
