"use strict";
// Putting a table together: figures are found by typing, and the two days are asked for only where they are needed.

function findFigures() {
  const find = document.getElementById("find-figure");
  const boxes = [...document.querySelectorAll("#figures > label")];
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const box of boxes) {
      const fits = box.textContent.toLowerCase().includes(wanted) || box.dataset.initials.includes(wanted);
      box.hidden = !fits && !box.querySelector("input").checked;
    }
  });
  // Enter ticks the first that was found; it must not send the form
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const first = boxes.find((box) => !box.hidden && !box.querySelector("input").checked);
    if (!first || !find.value.trim()) return;
    first.querySelector("input").click();
    find.select();
  });
}

function askForDays() {
  const period = document.getElementById("id_period");
  const show = () => {
    document.getElementById("own-days").hidden = period.value !== "days";
  };
  period.addEventListener("change", show);
  show();
}

document.addEventListener("DOMContentLoaded", () => {
  findFigures();
  askForDays();
});
