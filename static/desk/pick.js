/* Choosing rows by their names: what is ticked stays, the rest follows what is typed. */
(() => {
    "use strict";
    const row = (set, [value, name]) => {
        const label = document.createElement("label");
        const input = document.createElement("input");
        const text = document.createElement("span");
        label.className = "choice";
        Object.assign(input, { type: set.dataset.kind, name: set.dataset.pick, value });
        text.textContent = name;
        label.append(input, text);
        return label;
    };
    const offer = async (set) => {
        const like = set.querySelector("[data-like]").value;
        const asked = new URLSearchParams({ name: set.dataset.pick, like });
        const answer = await fetch(`${set.dataset.offers}?${asked}`).catch(() => null);
        if (!answer || !answer.ok || like !== set.querySelector("[data-like]").value) { return; }
        const { offers } = await answer.json();
        const place = set.querySelector(".picked");
        const labels = [...place.querySelectorAll("label")];
        labels.filter((label) => { const input = label.querySelector("input"); return input.value && !input.checked; }).forEach((label) => label.remove());
        const kept = [...place.querySelectorAll("input")].map((input) => input.value);
        place.append(...offers.filter(([value]) => !kept.includes(value)).map((each) => row(set, each)));
    };
    /* A choice that is put back: it is there before the offers come. */
    window.desk.pick = (form, name, offered) => {
        const set = form.querySelector(`[data-pick="${name}"]`);
        if (!set) { return; }
        const label = row(set, offered);
        label.querySelector("input").checked = true;
        set.querySelector(".picked").append(label);
    };
    document.addEventListener("click", (event) => {
        const opener = event.target.closest("[data-dialog]");
        const dialog = opener && document.getElementById(opener.dataset.dialog);
        if (dialog) { dialog.querySelectorAll("[data-pick]").forEach(offer); }
    });
    document.addEventListener("input", (event) => {
        if (event.target.matches("[data-like]")) { offer(event.target.closest("[data-pick]")); }
    });
    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.target.matches("[data-like]")) { event.preventDefault(); }
    });
})();
