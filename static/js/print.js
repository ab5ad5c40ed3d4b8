"use strict";
// The print page: a button, and the page each paper of the file begins on, measured at the width of the sheet.

function heightOnPaper(paper) {
  const copy = paper.cloneNode(true);
  copy.className += " measured";
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  ghost.append(copy);
  document.body.append(ghost);
  const height = copy.getBoundingClientRect().height;
  ghost.remove();
  return height;
}
function number() {
  const sheet = document.createElement("div");
  sheet.className = "sheet-size";
  document.body.append(sheet);
  const size = sheet.getBoundingClientRect();
  sheet.remove();
  let page = 1;
  for (const paper of document.querySelectorAll("[data-paper]")) {
    const place = document.querySelector(`[data-page-of="${paper.dataset.paper}"]`);
    if (place) place.textContent = page;
    if (!paper.hasAttribute("data-cover")) page += Math.max(1, Math.ceil((heightOnPaper(paper) - 1) / size.height));
  }
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
window.addEventListener("load", () => {
  if (document.querySelector("[data-page-of]")) number();
});
