"use strict";
// Standard texts: a button above each long field of a dialog; what is chosen is put in where one writes.

const OFFERED = "#sheet textarea, textarea[name=record], textarea[name=facts], textarea[name=terms]";
const OF_CASE = /\/cases\/([^/?]+)\//;

// the text with another put in at a place; on a line of its own where something stands before it
function putIn(text, at, added) {
  const before = text.slice(0, at);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  return { text: before + gap + added + text.slice(at), caret: at + gap.length + added.length };
}

function caseOf(field) {
  const address = field.form?.getAttribute("hx-post") || field.form?.getAttribute("action") || "";
  return (address.match(OF_CASE) ?? location.pathname.match(OF_CASE) ?? [])[1] ?? "";
}

function menuFor(field) {
  const menu = document.createElement("details");
  menu.className = "menu texts-menu";
  menu.innerHTML =
    '<summary class="btn btn-sm">常用语</summary><div class="menu-list"><input class="form-control" type="search" autocomplete="off" placeholder="查找" aria-label="查找常用语"><div data-texts></div></div>';
  const list = menu.querySelector("[data-texts]");
  const find = menu.querySelector("input");
  menu.addEventListener("toggle", async () => {
    if (!menu.open) return;
    const answer = await fetch(`/texts/offered/?case=${encodeURIComponent(caseOf(field))}`, {
      headers: { "HX-Request": "true" },
    });
    list.innerHTML = answer.ok ? await answer.text() : "";
    find.focus();
  });
  find.addEventListener("input", () => narrow(list, find.value));
  find.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); // the menu closes, the dialog stays
      event.stopPropagation();
      menu.open = false;
      field.focus();
    }
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    list.querySelector("[data-text]:not([hidden])")?.click();
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-text]");
    if (chosen) insert(field, chosen.dataset.text, menu);
  });
  return menu;
}

function narrow(list, typed) {
  const wanted = typed.trim().toLowerCase();
  for (const one of list.querySelectorAll("[data-text]")) {
    one.hidden = !(one.textContent.toLowerCase().includes(wanted) || one.dataset.initials.includes(wanted));
  }
}

function insert(field, added, menu) {
  const { text, caret } = putIn(field.value, field.selectionStart ?? field.value.length, added);
  field.value = text;
  menu.open = false;
  field.focus();
  field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function setUpTexts() {
  for (const field of document.querySelectorAll(OFFERED)) {
    if (field.dataset.textsReady) continue;
    field.dataset.textsReady = "1";
    field.before(menuFor(field));
  }
}
document.addEventListener("htmx:afterSettle", setUpTexts);
document.addEventListener("DOMContentLoaded", setUpTexts);
