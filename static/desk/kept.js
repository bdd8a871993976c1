/* What was typed is never lost: it waits in this tab until the next page comes, and is put back into its form where that was refused or not answered. */
(() => {
    "use strict";
    const KEPT = "desk.kept";
    const KEPT_FOR = 60 * 60 * 1000;
    const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "reset", "fieldset", "output"];
    const OF_EVERY_FORM = ["csrfmiddlewaretoken", "version", "next"];
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const { who } = document.documentElement.dataset;

    /* Which form it is: where it goes to, and what it is about. */
    const identity = (form) => {
        const about = all("input[type=hidden]", form).filter((field) => !OF_EVERY_FORM.includes(field.name) && !field.closest("[data-pick]"));
        return form.id || JSON.stringify([form.getAttribute("action"), about.map((field) => [field.name, field.value])]);
    };
    const isTick = (field) => ["checkbox", "radio"].includes(field.type);
    const options = (field) => [...field.options].filter((option, place) => option.defaultSelected || (place === 0 && !field.multiple && !field.querySelector("[selected]")));
    const before = (field) => {
        if (isTick(field)) { return field.defaultChecked; }
        return field.options ? options(field).map((option) => option.value).join() : field.defaultValue;
    };
    const now = (field) => {
        if (isTick(field)) { return field.checked; }
        return field.options ? [...field.selectedOptions].map((option) => option.value).join() : field.value;
    };
    const written = (field) => (field.options ? [...field.selectedOptions].map((option) => [option.value, option.text]) : isTick(field) && field.closest("label") ? field.closest("label").textContent.trim() : "");
    const inputs = (form) => [...form.elements].filter((field) => field.name && !NOT_TYPED.includes(field.type) && !field.matches(":disabled"));

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (event.defaultPrevented || form.getAttribute("method") !== "post") { return; }
        const typed = inputs(form).map((field) => ({ name: field.name, value: isTick(field) ? field.value : "", was: before(field), is: now(field), text: written(field) })).filter((each) => each.was !== each.is);
        if (!typed.length) { return; }
        const kept = { who, at: Date.now(), page: location.pathname, form: identity(form), typed };
        try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch { sessionStorage.removeItem(KEPT); }
    });

    /* Fields that nobody typed into stay as they are saved now; where somebody else has changed what was typed over, that is told. */
    const told = (field, text) => {
        const hint = document.createElement("small");
        hint.className = "meanwhile";
        hint.textContent = `Saved by now: ${text || "nothing"}`;
        field.after(hint);
    };
    const choose = (field, chosen) => {
        [...field.options].forEach((option) => { option.selected = false; });
        chosen.forEach(([value, text]) => {
            const found = [...field.options].find((option) => option.value === value) || field.appendChild(new Option(text, value));
            found.selected = true;
        });
    };
    const put = (form, each, done) => {
        const field = inputs(form).find((one) => one.name === each.name && !done.has(one) && (!isTick(one) || one.value === each.value));
        if (!field && each.value && each.is) { window.desk.pick(form, each.name, [each.value, each.text]); }
        if (!field) { return; }
        done.add(field);
        if (isTick(field)) { field.checked = each.is; return; }
        const saved = before(field);
        if (saved !== each.was && saved !== each.is) { told(field, field.options ? options(field).map((option) => option.text).join(", ") : saved); }
        if (field.options) { choose(field, each.text); } else { field.value = each.is; }
    };
    const inSight = (form) => {
        const panel = form.closest("[role=tabpanel]");
        if (panel) { document.querySelector(`[aria-controls="${CSS.escape(panel.id)}"]`).click(); }
        const folded = form.closest("details");
        if (folded) { folded.open = true; }
    };
    const opened = (form, verb) => {
        const dialog = form.closest("dialog") || form.querySelector("dialog");
        if (!dialog) { return form; }
        const opener = document.querySelector(verb ? `[data-decide="${verb.value}"]:not([data-at-once])` : `[data-dialog="${CSS.escape(dialog.id)}"]`);
        if (opener) { opener.click(); }
        return dialog.open ? dialog : null;
    };
    const why = (refusal) => {
        if (refusal) { return refusal.cloneNode(true); }
        const message = document.createElement("p");
        message.className = "message warning";
        message.textContent = "This was not answered. See whether it was done before you send it again.";
        return message;
    };
    const restore = (kept, form, refusal) => {
        const done = new Set();
        const rows = kept.typed.filter((each) => each.name === "ids");
        rows.forEach((each) => put(form, each, done));
        document.dispatchEvent(new CustomEvent("desk:selection"));
        inSight(form);
        const place = opened(form, kept.typed.find((each) => each.name === "verb" && each.is));
        if (!place) { return; }
        kept.typed.filter((each) => !rows.includes(each)).forEach((each) => put(form, each, done));
        place.dispatchEvent(new Event("change"));
        const message = why(refusal);
        message.setAttribute("role", "alert");
        const heading = place.querySelector("h2");
        if (heading) { heading.after(message); } else { place.prepend(message); }
        if (place === form) { place.scrollIntoView({ block: "center" }); }
    };

    /* The answer to a form comes from the page that the form was on; another page in between means that there was none. */
    const look = () => {
        const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
        if (!kept) { return; }
        const refusal = document.querySelector(".messages .message.error");
        const answered = document.referrer && new URL(document.referrer).pathname === kept.page;
        const form = all("form[method=post]").find((each) => identity(each) === kept.form);
        const mine = kept.who === who && Date.now() - kept.at < KEPT_FOR;
        if (form || answered || !mine) { sessionStorage.removeItem(KEPT); }
        if (!form || !mine || (answered && !refusal)) { return; }
        restore(kept, form, refusal);
    };
    document.addEventListener("DOMContentLoaded", look);
})();
