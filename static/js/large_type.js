"use strict";
// Larger type on the pages for citizens, kept on the phone for the next page and the next visit.

const LARGE = "large-type";

function isLarge() {
  try {
    return localStorage.getItem(LARGE) === "on";
  } catch {
    return false;
  }
}

function showType(large) {
  document.documentElement.classList.toggle("is-large", large);
  const button = document.querySelector("[data-large-type]");
  button.hidden = false;
  button.setAttribute("aria-pressed", String(large));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-large-type]")) return;
  const large = !document.documentElement.classList.contains("is-large");
  try {
    localStorage.setItem(LARGE, large ? "on" : "off");
  } catch {
    // a phone that keeps nothing shows it on this page
  }
  showType(large);
});
document.addEventListener("DOMContentLoaded", () => showType(isLarge()));
