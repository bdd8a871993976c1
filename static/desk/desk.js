/* The desk's behaviour: dialogs, tabs and small helpers; rows and keys have files of their own. */
(() => {
    "use strict";
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

    /* What can be chosen among many is read when somebody is about to choose. */
    const fill = async (root) => {
        const place = document.querySelector("[data-choices]");
        const selects = all("[data-fill]", root).filter((select) => !select.dataset.filled);
        if (!place || !selects.length) { return; }
        selects.forEach((select) => { select.dataset.filled = "yes"; });
        const needed = selects.some((select) => select.required);
        const button = needed && root.querySelector("button.primary");
        if (button) { button.disabled = true; }
        const answer = await fetch(place.dataset.choices).catch(() => null);
        const known = answer && answer.ok ? await answer.json() : null;
        if (button) { button.disabled = false; }
        if (!known) { return; }
        selects.forEach((select) => {
            const there = [...select.options].map((option) => option.value);
            (known[select.dataset.fill] || []).filter(([value]) => !there.includes(value)).forEach(([value, name]) => select.append(new Option(name, value)));
            if (select.required && !select.value && select.options.length > 1) { select.selectedIndex = 1; }
        });
    };
    window.desk = { fill };
    document.addEventListener("focusin", (event) => { if (event.target.matches("select[data-fill]")) { fill(event.target.closest("dialog") || event.target.parentElement); } });

    /* dialogs */
    const open = (dialog) => {
        all(".plainset", dialog).forEach((set) => { set.disabled = false; });
        dialog.showModal();
        const first = dialog.querySelector("input:not([type=hidden]), select, textarea");
        if (first) { first.focus(); }
        fill(dialog);
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
})();
