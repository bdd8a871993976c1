/* What was typed into a form waits in this tab until the next page comes. Where the form was refused, or nobody answered, it is put back. */
(() => {
    "use strict";
    const KEPT = "desk.kept";
    const KEPT_FOR = 60 * 60 * 1000;
    const MOST = 5;
    const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "reset", "fieldset", "output"];
    const OF_EVERY_FORM = ["csrfmiddlewaretoken", "version", "next"];
    const UNANSWERED = "This was not answered. See whether it was done before you send it again.";
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const [person, tenant] = (document.documentElement.dataset.who || "").split(" ");

    const read = () => JSON.parse(sessionStorage.getItem(KEPT) || "[]").filter((each) => each.person === person && Date.now() - each.at < KEPT_FOR);
    const write = (waiting) => {
        sessionStorage.removeItem(KEPT);
        if (!waiting.length) { return; }
        try { sessionStorage.setItem(KEPT, JSON.stringify(waiting.slice(-MOST))); } catch { /* too much for this browser */ }
    };

    /* Which form it is: where it goes to, in which dialog it stands, what it is about. */
    const identity = (form) => {
        const dialog = form.closest("dialog");
        const about = all("input[type=hidden]", form).filter((field) => !OF_EVERY_FORM.includes(field.name) && !field.closest("[data-pick]"));
        return form.getAttribute("id") || JSON.stringify([form.getAttribute("action") || location.pathname, dialog && dialog.id, about.map((field) => [field.name, field.value])]);
    };
    const isTick = (field) => ["checkbox", "radio"].includes(field.type);
    const usual = (field) => [...field.options].filter((option, place) => option.defaultSelected || (place === 0 && !field.multiple && !field.querySelector("[selected]")));
    const chosen = (options, part) => options.map((option) => option[part]).join(", ");
    const before = (field) => {
        if (isTick(field)) { return field.defaultChecked; }
        return field.options ? chosen(usual(field), "value") : field.defaultValue;
    };
    const now = (field) => {
        if (isTick(field)) { return field.checked; }
        return field.options ? chosen([...field.selectedOptions], "value") : field.value;
    };
    const name = (field) => {
        if (field.options) { return [...field.selectedOptions].map((option) => [option.value, option.text]); }
        return isTick(field) && field.closest("label") ? field.closest("label").textContent.trim() : "";
    };
    const inputs = (form) => [...form.elements].filter((field) => field.name && !NOT_TYPED.includes(field.type) && !field.matches(":disabled"));
    const typedInto = (form) => inputs(form).map((field) => ({ name: field.name, tick: isTick(field), value: isTick(field) ? field.value : "", was: before(field), is: now(field), text: name(field) })).filter((each) => each.was !== each.is);

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (event.defaultPrevented || form.getAttribute("method") !== "post") { return; }
        const kept = { person, tenant, at: Date.now(), page: location.pathname, form: identity(form), typed: typedInto(form), sent: true };
        const others = read().filter((each) => each.form !== kept.form).map((each) => ({ ...each, sent: false }));
        write(kept.typed.length ? [...others, kept] : others);
    });

    /* Fields that nobody typed into stay as they are saved now; a text that somebody else has changed as well is told. */
    const tell = (field, text) => {
        const hint = document.createElement("small");
        hint.className = "meanwhile";
        hint.textContent = `Saved by now: ${text || "nothing"}`;
        field.after(hint);
    };
    const choose = (field, wanted) => {
        [...field.options].forEach((option) => { option.selected = false; });
        wanted.forEach(([value, text]) => {
            const found = [...field.options].find((option) => option.value === value) || field.appendChild(new Option(text, value));
            found.selected = true;
        });
    };
    const put = (form, each, done) => {
        const field = inputs(form).find((one) => one.name === each.name && !done.has(one) && (!isTick(one) || one.value === each.value));
        if (!field) {
            if (each.tick && each.is) { window.desk.pick(form, each.name, [each.value, each.text]); }
            return;
        }
        done.add(field);
        if (each.tick) { field.checked = each.is; return; }
        const saved = before(field);
        const isFilledLater = field.options && !field.options.length;
        if (!isFilledLater && saved !== each.was && saved !== each.is) { tell(field, field.options ? chosen(usual(field), "text") : saved); }
        if (field.options) { choose(field, each.text); } else { field.value = each.is; }
    };

    /* The place where the form can be used: the page, or its dialog once that is open. None where it cannot be any more. */
    const opened = (form) => {
        const panel = form.closest("[role=tabpanel]");
        if (panel) { document.querySelector(`[aria-controls="${CSS.escape(panel.id)}"]`).click(); }
        const folded = form.closest("details");
        if (folded) { folded.open = true; }
        const dialog = form.closest("dialog") || form.querySelector("dialog");
        if (!dialog) { return form; }
        const opener = document.querySelector(form.matches("[data-bulk]") ? "[data-decide]:not([data-at-once])" : `[data-dialog="${CSS.escape(dialog.id)}"]`);
        if (opener) { opener.click(); }
        return dialog.open ? dialog : null;
    };
    /* Rows that were chosen come first: a decision is open only for them. */
    const chooseRows = (form, kept, done) => {
        const rows = kept.typed.filter((each) => each.name === "ids" && each.is);
        rows.forEach((each) => put(form, each, done));
        document.dispatchEvent(new CustomEvent("desk:selection"));
        return !rows.length || done.size > 0;
    };
    const message = (refusal) => {
        const told = refusal ? refusal.cloneNode(true) : document.createElement("p");
        if (!refusal) { Object.assign(told, { className: "message warning", textContent: UNANSWERED }); }
        told.setAttribute("role", "alert");
        return told;
    };
    const restore = (kept, form, refusal) => {
        const done = new Set();
        const place = chooseRows(form, kept, done) && opened(form);
        if (!place) { return false; }
        const verb = kept.typed.filter((each) => each.name === "verb");
        const rest = kept.typed.filter((each) => !["verb", "ids"].includes(each.name));
        [verb, rest].forEach((part) => {  // what is asked for depends on the verb
            part.forEach((each) => put(form, each, done));
            place.dispatchEvent(new Event("change"));
        });
        const heading = place.querySelector("h2");
        if (heading) { heading.after(message(refusal)); } else { place.prepend(message(refusal)); }
        if (place === form) { place.scrollIntoView({ block: "center" }); }
        return true;
    };
    /* Where there is no such form any more, the texts are shown, to be copied. */
    const show = (kept, refusal) => {
        const texts = kept.typed.filter((each) => !each.tick && typeof each.text === "string" && each.is).map((each) => each.is);
        if (!texts.length) { return; }
        const told = document.createElement("div");
        told.className = "message info typed";
        told.append(`${refusal ? "" : UNANSWERED} What you had typed: `, ...texts.map((text) => Object.assign(document.createElement("q"), { textContent: text })));
        document.getElementById("content").prepend(told);
    };

    /* The answer to a form comes from the page that the form was on, and not by going back; another page in between means that there was none. */
    const look = () => {
        const waiting = read();
        const sent = waiting.find((each) => each.sent);
        const formOf = (each) => each.tenant === tenant && all("form[method=post]").find((form) => identity(form) === each.form);
        const [arrival] = performance.getEntriesByType("navigation");
        const answered = sent && arrival.type !== "back_forward" && document.referrer && new URL(document.referrer).pathname === sent.page;
        const refusal = document.querySelector(".messages .message.error");
        const wanted = answered ? refusal && sent : waiting.find(formOf);
        write(waiting.filter((each) => each !== wanted && !(answered && each === sent)).map((each) => ({ ...each, sent: false })));
        if (!wanted) { return; }
        const form = formOf(wanted);
        if (!(form && restore(wanted, form, answered ? refusal : null))) { show(wanted, answered ? refusal : null); }
    };
    document.addEventListener("DOMContentLoaded", look);
})();
