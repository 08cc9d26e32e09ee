// What a page does besides being read: the filter of the rules, wide blocks that the keyboard
// can scroll, and links between files that no server serves.
"use strict";

(() => {
  if (location.protocol === "file:") {
    for (const link of document.querySelectorAll("a[href]")) {
      const [path, fragment] = link.getAttribute("href").split("#");
      if (path.endsWith("/") && !path.includes(":")) {
        link.href = path + "index.html" + (fragment ? "#" + fragment : "");
      }
    }
  }

  const scrollable = () => {
    for (const block of document.querySelectorAll("pre, .scroll")) {
      if (block.scrollWidth > block.clientWidth) {
        block.tabIndex = 0;
        block.setAttribute("role", "region");
        block.setAttribute("aria-label", block.matches("pre") ? "Code" : "Table");
      } else {
        block.removeAttribute("tabindex");
        block.removeAttribute("role");
        block.removeAttribute("aria-label");
      }
    }
  };
  scrollable();
  addEventListener("resize", scrollable);

  const filter = document.querySelector("form.filter");
  if (!filter) return;
  const rows = [...document.querySelectorAll("table.rules tbody tr")];
  const apply = () => {
    const words = filter.querySelector("#filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = [...filter.querySelectorAll("[name=severity]:checked")].map((box) => box.value);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word)) || !severities.some((s) => row.dataset.severity.includes(s));
      if (!row.hidden) shown++;
    }
    for (const cause of document.querySelectorAll("section.cause")) {
      cause.hidden = !cause.querySelector("tbody tr:not([hidden])");
    }
    filter.querySelector("[role=status]").textContent = `${shown} of ${rows.length} rules`;
  };
  filter.hidden = false;
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
