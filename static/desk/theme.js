/* Read before anything is drawn: who wants the system's theme gets it without a flash. */
(() => {
    "use strict";
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => { if (root.dataset.theme === "system") { root.classList.toggle("dark", system.matches); } };
    follow();
    system.addEventListener("change", follow);
    document.addEventListener("submit", (event) => {
        const asked = event.target.querySelector("[data-theme-asked]");
        if (asked) { asked.value = root.classList.contains("dark") ? "light" : "dark"; }
    });
})();
