"use strict";
// Rows that come and go: measurements of a survey, obligations of an agreement and their parts; the sum of the parts.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-rows-form]");
  if (!form) return;
  const template = (name) => form.querySelector(`[data-row-template=${name}]`).innerHTML;
  const filled = (html) => {
    const holder = document.createElement("div");
    holder.innerHTML = html;
    return holder.firstElementChild;
  };
  const counts = {};

  function addRow(name) {
    const rows = form.querySelector(`[data-rows=${name}]`);
    counts[name] = (counts[name] ?? rows.children.length) + 1;
    const row = filled(template(name).replaceAll("__n__", counts[name] - 1));
    rows.append(row);
    show();
    row.querySelector("input, select").focus();
  }
  function addPart(row) {
    const parts = row.querySelector("[data-parts]");
    row.dataset.parts = Number(row.dataset.parts || parts.children.length) + 1;
    const part = filled(
      template("part")
        .replaceAll("__n__", row.dataset.obligation)
        .replaceAll("__m__", row.dataset.parts - 1),
    );
    parts.append(part);
    show();
    part.querySelector("input").focus();
  }
  const cents = (text) => Math.round(Number(String(text).trim() || 0) * 100);
  function show() {
    form.querySelectorAll("[data-obligation]").forEach((row, at) => {
      row.querySelector("[data-number]").textContent = at + 1;
      const money = row.querySelector("[data-kind]").value === "money";
      const parts = [...row.querySelectorAll("[data-part]")];
      row.querySelectorAll("[data-money]").forEach((part) => {
        part.hidden = !money;
      });
      parts.forEach((part) => {
        part.querySelector("[data-part-money]").hidden = !money || parts.length < 2;
        part.querySelector("[data-remove-part]").hidden = parts.length < 2;
        if (!money) part.querySelector("[data-part-sum]").value = "";
      });
      if (!money) row.querySelector("[data-total]").value = "";
      const total = cents(row.querySelector("[data-total]").value);
      if (parts.length === 1)
        parts[0].querySelector("[data-part-sum]").value = money ? row.querySelector("[data-total]").value : "";
      const sum = parts.reduce((all, part) => all + cents(part.querySelector("[data-part-sum]").value), 0);
      const said = row.querySelector("[data-sum]");
      const off = money && parts.length > 1 && sum !== total;
      said.textContent =
        parts.length > 1
          ? `各期合计 ${sum / 100} 元${off ? `，与总额相差 ${Math.abs(total - sum) / 100} 元` : "，与总额相符"}`
          : "";
      said.classList.toggle("due-over", off);
    });
  }
  form.addEventListener("click", (event) => {
    const more = event.target.closest("[data-add-row]");
    if (more) addRow(more.dataset.addRow);
    const part = event.target.closest("[data-add-part]");
    if (part) addPart(part.closest("[data-row]"));
    const gone = event.target.closest("[data-remove-part], [data-remove-row]");
    if (gone) {
      gone.closest(gone.hasAttribute("data-remove-part") ? "[data-part]" : "[data-row]").remove();
      show();
    }
  });
  form.addEventListener("input", show);
  show();
});
