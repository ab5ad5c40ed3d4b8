"use strict";
// The case of the row one stands at, beside the list: on wide screens at once, on others when V or the button asks.

const PREVIEW = { wide: 1600, narrowest: 1100, pause: 150, key: "list-preview" };

// whether the case stands beside the list: never without room, else as chosen, else where the screen is wide
function isPreviewOpen(width, chosen) {
  if (width < PREVIEW.narrowest) return false;
  return chosen ? chosen === "on" : width >= PREVIEW.wide;
}

const previewPane = () => document.querySelector("[data-preview]");
let shownCode = "";
let previewTimer = null;

function chosenPreview() {
  try {
    return localStorage.getItem(PREVIEW.key) ?? "";
  } catch {
    return "";
  }
}

function layPreview() {
  const pane = previewPane();
  if (!pane) return;
  const open = isPreviewOpen(window.innerWidth, chosenPreview());
  pane.hidden = !open;
  pane.closest("[data-split]").classList.toggle("is-split", open);
  for (const button of document.querySelectorAll("[data-preview-toggle]")) {
    button.hidden = window.innerWidth < PREVIEW.narrowest;
    button.setAttribute("aria-pressed", String(open));
  }
}

function togglePreview() {
  const open = previewPane()?.hidden === false;
  try {
    localStorage.setItem(PREVIEW.key, open ? "off" : "on");
  } catch {
    // a browser that keeps nothing shows it as the screen is wide
  }
  layPreview();
  const row = document.activeElement?.closest?.("[data-row]") ?? document.querySelector("tr.is-at");
  if (row) showPreview(row);
}

function showPreview(row) {
  const pane = previewPane();
  const code = row.dataset.row;
  clearTimeout(previewTimer);
  if (!pane || pane.hidden || !code || code === shownCode) return;
  previewTimer = setTimeout(() => {
    shownCode = code;
    const address = `/cases/${encodeURIComponent(code)}/preview/`;
    window.htmx.ajax("GET", address, { source: pane, target: pane, swap: "innerHTML" })?.catch(() => {});
  }, PREVIEW.pause);
}

function standAt(row) {
  for (const other of document.querySelectorAll("[data-list] [data-row]"))
    other.classList.toggle("is-at", other === row);
  showPreview(row);
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-list] [data-row]");
  if (row) standAt(row);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-preview-toggle]")) togglePreview();
  if (event.target.closest("a, button, input, label")) return;
  const row = event.target.closest("[data-list] [data-row]");
  row?.querySelector("a.case-link").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key !== "v") return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  togglePreview();
});
window.addEventListener("resize", layPreview);
document.addEventListener("DOMContentLoaded", layPreview);
