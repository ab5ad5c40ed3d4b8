"use strict";
// The coordination meeting by keyboard: J and K walk the agenda, digits choose the decision, Ctrl+Enter decides.

const meeting = {
  current: () => document.getElementById("discussion").dataset.current,

  markCurrent() {
    for (const row of document.querySelectorAll(".agenda-row")) {
      const here = row.id === `item-${meeting.current()}`;
      row.classList.toggle("is-current", here);
      if (here) row.scrollIntoView({ block: "nearest" });
    }
  },
  walk(step) {
    const rows = [...document.querySelectorAll("[data-item]")];
    const at = rows.findIndex((row) => row.closest("li").id === `item-${meeting.current()}`);
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.click();
  },
  choose(number) {
    const radio = document.querySelectorAll("[data-decide] input[type=radio]")[number - 1];
    if (!radio) return;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  },
  focusFirst() {
    const first =
      document.querySelector("#discussion [aria-invalid=true]") ||
      document.querySelector("[data-decide] input[type=radio]:checked") ||
      document.querySelector("[data-decide] input[type=radio]");
    first?.focus();
  },
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing) return;
  if (event.target.closest("dialog, details.menu")) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    event.preventDefault();
    meeting.walk(key === "j" ? 1 : -1);
  } else if (/^[1-7]$/.test(key)) {
    event.preventDefault();
    meeting.choose(Number(key));
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.closest || !document.getElementById("discussion")) return;
  meeting.markCurrent();
  if (event.detail.elt?.closest?.("[data-decide], #discussion, [data-item]")) meeting.focusFirst();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-check-all]")) return;
  for (const box of document.querySelectorAll(".agenda input[name=item]")) box.checked = event.target.checked;
});
document.addEventListener("DOMContentLoaded", () => {
  meeting.markCurrent();
  meeting.focusFirst();
});
