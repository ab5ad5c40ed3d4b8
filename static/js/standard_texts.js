"use strict";
// Standard texts: a button above each long field of a dialog; what is chosen is put in where one writes. A dialog of a
// case that is filled in can be kept as a macro (办法), which opens it filled in on other cases.

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
  if (actOf(field.form)) menu.querySelector(".menu-list").append(macroForm(field));
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

// the act whose dialog a form is, where it may be kept as a macro
function actOf(form) {
  return (form?.getAttribute("hx-post")?.match(/^\/cases\/[^/]+\/acts\/([^/?]+)\//) ?? [])[1] ?? "";
}

function macroForm(field) {
  const row = document.createElement("div");
  row.className = "macro-keep";
  row.innerHTML =
    '<input class="form-control" maxlength="20" autocomplete="off" placeholder="把已填的内容存为办法：名称" aria-label="办法的名称"><button type="button" class="btn btn-sm">存为办法</button><small role="status" class="text-secondary"></small>';
  const [name, button, said] = row.children;
  const keep = async () => {
    const body = new URLSearchParams({
      name: name.value,
      act: actOf(field.form),
      fields: new globalThis.KeptForm(field.form, "").typed(),
    });
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const answer = await fetch("/texts/macros/", { method: "POST", body, headers });
    const { said: words, detail } = answer.redirected ? { detail: "登录已失效，请重新登录。" } : await answer.json();
    said.textContent = words ?? detail;
    if (words) name.value = "";
  };
  button.addEventListener("click", keep);
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    keep();
  });
  return row;
}

// a macro was chosen: its dialog is filled in once it is there
let toFill = null;
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-fill]");
  if (chosen) toFill = chosen.dataset.fill;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail?.target?.id === "sheet" && event.detail.target.querySelector("form[hx-post]");
  if (!form || toFill === null) return;
  const filled = new globalThis.KeptForm(form, "", { keeps: false });
  filled.fill(new URLSearchParams(toFill));
  toFill = null;
});

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
