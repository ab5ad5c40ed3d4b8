"use strict";
// The register page: rows of parties come and go, the keyboard finds everything.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-entry]");
  const rows = form.querySelector("[data-parties]");
  const template = form.querySelector("[data-party-template]");
  const total = form.elements["parties-TOTAL_FORMS"];
  const settle = form.querySelector("[data-settle]");

  function renumber() {
    [...rows.children].filter((row) => !row.hidden).forEach((row, at) => { row.querySelector("[data-number]").textContent = at + 1; });
  }
  function add(side) {
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.firstElementChild;
    rows.append(row);
    total.value = Number(total.value) + 1;
    const choice = row.querySelector("select[name$=-side]");
    choice.value = side;
    colour(row);
    htmx.process(row);
    renumber();
    row.querySelector("input[name$=-paper_number]").focus();
  }
  function colour(row) {
    row.className = `party party-${row.querySelector("select[name$=-side]").value}`;
  }
  form.addEventListener("click", (event) => {
    const more = event.target.closest("[data-add-party]");
    if (more) add(more.dataset.addParty);
    const less = event.target.closest("[data-remove-party]");
    if (less) {
      const row = less.closest("[data-party]");
      row.querySelector("input[name$=-DELETE]").value = "on";
      row.hidden = true;
      renumber();
    }
    if (event.target.closest("[data-open-settle]")) openSettle();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select[name$=-side]")) colour(event.target.closest("[data-party]"));
  });

  function openSettle() {
    if (!settle) return;
    settle.open = true;
    settle.querySelector("select").focus();
    settle.scrollIntoView({ block: "center" });
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "q") { event.preventDefault(); openSettle(); }
    if (key === "s") { event.preventDefault(); form.requestSubmit(form.querySelector("[value=save]")); }
    if (key === "n") { event.preventDefault(); add("respondent"); }
  });
  // Ctrl+Enter in the report settles
  if (settle) settle.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit(settle.querySelector("[value=settle]"));
    }
  });

  renumber();
  const wrong = form.querySelector("[aria-invalid=true], .invalid-feedback");
  if (wrong) {
    wrong.closest("details")?.setAttribute("open", "");
    (wrong.matches("input, select, textarea") ? wrong : form.querySelector("[role=alert]")).focus();
  } else {
    rows.querySelector("input[name$=-paper_number]").focus();
  }
});
