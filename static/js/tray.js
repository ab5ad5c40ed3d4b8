"use strict";
// All boxes of a form at once.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  for (const box of all.form.querySelectorAll("input[name=document]")) box.checked = all.checked;
});
