"use strict";
// Lists of cases: arrows or J and K walk through the rows, Enter opens one, X ticks it, A does what its row offers, that of the first row where one has not walked yet; what is ticked may be done at once: A does the first of its acts, P prints for it.

const rowsOf = () => [...document.querySelectorAll("[data-list] [data-row]")];
const boxesOf = () => rowsOf().flatMap((row) => [...row.querySelectorAll("[data-tick]")]);
const ticked = () => rowsOf().filter((row) => row.querySelector("[data-tick]")?.checked);

// what an act would be done on: the ticked rows whose state takes it, all where none is named
function fitting(rows, states) {
  if (!states) return rows;
  const taken = new Set(states.split(" "));
  return rows.filter((row) => taken.has(row.dataset.state));
}

function showBar() {
  const bar = document.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const rows = ticked();
  bar.hidden = !rows.length;
  bar.querySelector("[data-bulk-number]").textContent = rows.length;
  for (const button of bar.querySelectorAll("[data-bulk-act]")) {
    const number = fitting(rows, button.dataset.states).length;
    button.hidden = !number;
    button.querySelector("[data-bulk-count]").textContent = number;
  }
  for (const all of document.querySelectorAll("[data-tick-rows]")) {
    const boxes = [...all.closest("[data-list]").querySelectorAll("[data-tick]")];
    all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  }
}

function tickAll(boxes, checked) {
  for (const box of boxes) box.checked = checked;
  showBar();
}

// a range between two ticks with Shift
let lastTicked = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-tick]");
  if (!box) return;
  const boxes = boxesOf();
  const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
  lastTicked = box;
  showBar();
});
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-rows]");
  if (all) tickAll(all.closest("[data-list]").querySelectorAll("[data-tick]"), all.checked);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bulk-none]")) tickAll(boxesOf(), false);
  const button = event.target.closest("[data-bulk-act]");
  if (!button) return;
  const chosen = fitting(ticked(), button.dataset.states).map((row) => ["case", row.dataset.row]);
  const address = `${button.dataset.bulkAct}?${new URLSearchParams(chosen)}`;
  window.htmx.ajax("GET", address, { source: button, target: "#sheet" })?.catch(() => {});
});

// what was done changes the list: it is read again when the results are closed
document.addEventListener(
  "close",
  (event) => {
    if (event.target.querySelector?.("[data-bulk-results]")) window.location.reload();
  },
  true,
);

function walk(step) {
  const rows = rowsOf();
  const at = rows.indexOf(document.activeElement?.closest?.("[data-row]"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  for (const row of rows) row.classList.toggle("is-at", row === next);
  next?.querySelector("a.case-link").focus();
  return Boolean(next);
}

// the first act of the case that is shown beside the list
function actBeside() {
  return document.querySelector("[data-preview]:not([hidden]) [data-row-act]");
}

// what A does: with all that are ticked, else with the row one stands at or the case beside it, else with the first row
function actOf(row) {
  const many = document.querySelector("[data-bulk-bar]:not([hidden]) [data-bulk-act]:not([hidden], [data-bulk-print])");
  if (many) return many;
  return row ? (row.querySelector("[data-row-act]") ?? actBeside()) : rowsOf()[0]?.querySelector("[data-row-act]");
}

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open], .menu, .top-search")) return;
  const row = document.activeElement?.closest?.("[data-row]");
  const walks = event.key in STEPS && (row || event.key.length === 1) && walk(STEPS[event.key]);
  if (walks) event.preventDefault();
  const box = event.key === "x" && row?.querySelector("[data-tick]");
  if (box) box.click();
  if (event.key === "a") actOf(row)?.click();
  if (event.key === "p") document.querySelector("[data-bulk-bar]:not([hidden]) [data-bulk-print]")?.click();
  if (event.key === "X") tickAll(boxesOf(), !boxesOf().every((one) => one.checked));
});

// what the browser ticked again when one came back
window.addEventListener("pageshow", showBar);
