"use strict";
// The coordination meeting by keyboard: J and K walk the agenda, digits choose the decision, Ctrl+Enter decides.

(() => {
  const typing = (target) => target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const rows = () => [...document.querySelectorAll("[data-item]")];
  const current = () => document.getElementById("discussion").dataset.current;

  function mark() {
    for (const row of document.querySelectorAll(".agenda-row")) {
      const here = row.id === `item-${current()}`;
      row.classList.toggle("is-current", here);
      if (here) row.scrollIntoView({ block: "nearest" });
    }
  }
  function walk(step) {
    const all = rows();
    const at = all.findIndex((row) => row.closest("li").id === `item-${current()}`);
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) next.click();
  }
  function choose(number) {
    const radios = document.querySelectorAll("[data-decide] input[type=radio]");
    const radio = radios[number - 1];
    if (!radio) return;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.target.closest("dialog, details.menu")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      walk(key === "j" ? 1 : -1);
    } else if (/^[1-7]$/.test(key)) {
      event.preventDefault();
      choose(Number(key));
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.closest || !document.getElementById("discussion")) return;
    mark();
    if (
      event.detail.elt &&
      event.detail.elt.closest &&
      event.detail.elt.closest("[data-decide], #discussion, [data-item]")
    )
      focusFirst();
  });
  function focusFirst() {
    const wrong = document.querySelector("#discussion [aria-invalid=true]");
    const checked =
      document.querySelector("[data-decide] input[type=radio]:checked") ||
      document.querySelector("[data-decide] input[type=radio]");
    (wrong || checked)?.focus();
  }
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-check-all]")) return;
    for (const box of document.querySelectorAll(".agenda input[name=item]")) box.checked = event.target.checked;
  });
  document.addEventListener("DOMContentLoaded", () => {
    mark();
    focusFirst();
  });
})();
