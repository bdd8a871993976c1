/* The desk's behaviour: dialogs, keys, selection. Every key has a visible button. */
(() => {
    "use strict";
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

    /* dialogs */
    const open = (dialog) => {
        all(".plainset", dialog).forEach((set) => { set.disabled = false; });
        dialog.showModal();
        const first = dialog.querySelector("input:not([type=hidden]), select, textarea");
        if (first) { first.focus(); }
    };
    document.addEventListener("click", (event) => {
        const opener = event.target.closest("[data-dialog]");
        if (opener) { open(document.getElementById(opener.dataset.dialog)); }
        const closer = event.target.closest("[data-close]");
        if (closer) { closer.closest("dialog").close(); }
        if (event.target instanceof HTMLDialogElement && event.target.open) {
            const box = event.target.getBoundingClientRect();
            const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
            if (outside) { event.target.close(); }
        }
    });
    all("dialog").forEach((dialog) => dialog.addEventListener("close", () => {
        all(".plainset", dialog).forEach((set) => { set.disabled = true; });
    }));

    /* small helpers */
    document.addEventListener("change", (event) => {
        if (event.target.matches("[data-submits]")) { event.target.form.requestSubmit(); }
        if (event.target.closest("[data-facets]")) { event.target.form.requestSubmit(); }
    });
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-copy], [data-copy-from]");
        if (!button || !navigator.clipboard) { return; }
        const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
        navigator.clipboard.writeText(source ? source.value || source.textContent : button.dataset.copy);
        button.title = "Copied";
    });

    /* tabs */
    all("[data-tabs]").forEach((tabs) => {
        const buttons = all("[role=tab]", tabs);
        const choose = (chosen) => buttons.forEach((button) => {
            const on = button === chosen;
            button.setAttribute("aria-selected", String(on));
            button.tabIndex = on ? 0 : -1;
            document.getElementById(button.getAttribute("aria-controls")).hidden = !on;
        });
        buttons.forEach((button, place) => {
            button.addEventListener("click", () => choose(button));
            button.addEventListener("keydown", (event) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                if (!step) { return; }
                const next = buttons[(place + step + buttons.length) % buttons.length];
                choose(next);
                next.focus();
            });
        });
    });

    /* rows: focus, selection, opening */
    const rows = all("tr[data-row]");
    let focused = -1;
    const focus = (place) => {
        if (!rows.length) { return; }
        if (rows[focused]) { rows[focused].classList.remove("focus"); }
        focused = Math.max(0, Math.min(rows.length - 1, place));
        rows[focused].classList.add("focus");
        rows[focused].scrollIntoView({ block: "nearest" });
    };
    rows.forEach((row, place) => row.addEventListener("click", (event) => {
        if (event.target.closest("a, button, input, label, .check")) { focus(place); return; }
        if (!getSelection().toString()) { location.href = row.dataset.href; }
    }));
    const bulk = document.querySelector("[data-bulk]");
    const boxes = bulk ? all("tbody .check input", bulk) : [];
    const count = () => {
        const chosen = boxes.filter((box) => box.checked).length;
        all("[data-count]", bulk).forEach((place) => { place.textContent = String(chosen); });
        bulk.querySelector(".tool-bulk").hidden = chosen === 0;
        bulk.querySelector(".tool-idle").hidden = chosen > 0;
    };
    if (bulk) {
        bulk.addEventListener("change", (event) => {
            if (event.target.matches("[data-all]")) { boxes.forEach((box) => { box.checked = event.target.checked; }); }
            count();
        });
        bulk.querySelector("[data-clear]").addEventListener("click", () => { boxes.forEach((box) => { box.checked = false; }); count(); });
        count();
    }

    /* parts of a page that follow what the worker does; the page itself when somebody is asked */
    const live = () => all("[data-live]");
    const follow = async () => {
        if (document.hidden) { setTimeout(follow, 2000); return; }
        const answer = await fetch(location.href, { headers: { "X-Requested-With": "desk" } }).catch(() => null);
        if (answer && answer.ok && !answer.redirected) {
            const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
            const asked = (page) => all("[data-asks]", page).map((each) => each.dataset.asks).join();
            const over = !fresh.querySelector("[data-live]");
            const busy = document.querySelector("dialog[open], details[open] pre") || typing(document.activeElement);
            if (!busy && (over || asked(fresh) !== asked(document))) { location.reload(); return; }
            live().forEach((part) => {
                const newer = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
                if (newer && !part.querySelector("details[open]")) { part.replaceChildren(...newer.childNodes); }
            });
        }
        setTimeout(follow, 2000);
    };
    if (live().length) { setTimeout(follow, 1500); }

    /* keys: off in fields */
    const acts = {
        j: () => focus(focused + 1),
        k: () => focus(focused - 1),
        x: () => { if (boxes[focused]) { boxes[focused].checked = !boxes[focused].checked; count(); } },
        Enter: () => { if (rows[focused]) { location.href = rows[focused].dataset.href; } },
        Escape: () => { if (bulk) { boxes.forEach((box) => { box.checked = false; }); count(); } },
    };
    document.addEventListener("keydown", (event) => {
        const dialog = document.querySelector("dialog[open]");
        if (dialog && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            const button = dialog.querySelector("button.primary");
            if (button) { event.preventDefault(); button.click(); }
            return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
        if (dialog) {
            const choice = dialog.querySelector(`[data-digit="${event.key}"]`);
            if (choice) { choice.checked = true; choice.focus(); }
            return;
        }
        if (event.key === "Enter" && event.target.closest("a, button, summary")) { return; }
        const button = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
        if (button) {
            event.preventDefault();
            if (button.matches("input")) { button.focus(); } else { button.click(); }
        } else if (acts[event.key]) {
            event.preventDefault();
            acts[event.key]();
        }
    });
})();
