"use strict";
// The receipt: which paper, and print. The choice is remembered on this machine: a window has one printer.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-receipt]");
  function use(paper) {
    document.body.dataset.paper = paper;
    form.elements.paper.value = paper;
    localStorage.setItem("receipt-paper", paper);
  }
  if (localStorage.getItem("receipt-paper") === "roll") use("roll");
  form.addEventListener("change", () => use(form.elements.paper.value));
  form.querySelector("[data-print]").addEventListener("click", () => window.print());
});
