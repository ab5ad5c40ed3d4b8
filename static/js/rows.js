"use strict";
// Rows that come and go: measurements of a survey, obligations of an agreement and their parts; the sum of the parts.

const cents = (text) => Math.round(Number(String(text).trim() || 0) * 100);

// What stands below the parts: their sum, and by how much it misses the total. Amounts in cents.
function sumOfParts(sums, total) {
  if (sums.length < 2) return { words: "", isOff: false };
  const sum = sums.reduce((all, one) => all + one, 0);
  const isOff = sum !== total;
  const verdict = isOff ? `，与总额相差 ${Math.abs(total - sum) / 100} 元` : "，与总额相符";
  return { words: `各期合计 ${sum / 100} 元${verdict}`, isOff };
}

class RowsForm {
  constructor(form) {
    this.form = form;
    this.counts = {};
  }

  listen() {
    this.form.addEventListener("click", (event) => this.clicked(event.target));
    this.form.addEventListener("input", () => this.show());
    this.show();
  }

  clicked(target) {
    const more = target.closest("[data-add-row]");
    if (more) this.addRow(more.dataset.addRow);
    const part = target.closest("[data-add-part]");
    if (part) this.addPart(part.closest("[data-row]"));
    const gone = target.closest("[data-remove-part], [data-remove-row]");
    if (!gone) return;
    gone.closest(gone.hasAttribute("data-remove-part") ? "[data-part]" : "[data-row]").remove();
    this.show();
  }

  // numbers are never given twice: the server reads rows by the number in their names
  addRow(name) {
    const rows = this.form.querySelector(`[data-rows=${name}]`);
    this.counts[name] = (this.counts[name] ?? rows.children.length) + 1;
    const row = this.filled(name, { __n__: this.counts[name] - 1 });
    rows.append(row);
    this.show();
    row.querySelector("input, select").focus();
  }

  addPart(row) {
    const parts = row.querySelector("[data-parts]");
    row.dataset.parts = Number(row.dataset.parts || parts.children.length) + 1;
    const part = this.filled("part", { __n__: row.dataset.obligation, __m__: row.dataset.parts - 1 });
    parts.append(part);
    this.show();
    part.querySelector("input").focus();
  }

  filled(name, numbers) {
    const holder = document.createElement("div");
    const html = this.form.querySelector(`[data-row-template=${name}]`).innerHTML;
    holder.innerHTML = Object.entries(numbers).reduce((text, [mark, number]) => text.replaceAll(mark, number), html);
    return holder.firstElementChild;
  }

  show() {
    this.form.querySelectorAll("[data-obligation]").forEach((row, at) => {
      row.querySelector("[data-number]").textContent = at + 1;
      this.showObligation(row);
    });
  }

  // a parcel is asked for where land is owed; what was typed does not stay behind a change of kind
  showLand(land, isLand) {
    land.hidden = !isLand;
    if (!isLand) for (const field of land.querySelectorAll("input")) field.value = "";
  }

  showObligation(row) {
    const isMoney = row.querySelector("[data-kind]").value === "money";
    const total = row.querySelector("[data-total]");
    const sums = [...row.querySelectorAll("[data-part]")].map((part) => part.querySelector("[data-part-sum]"));
    for (const part of row.querySelectorAll("[data-money]")) part.hidden = !isMoney;
    this.showLand(row.querySelector("[data-land]"), row.querySelector("[data-kind]").value === "land");
    for (const part of row.querySelectorAll("[data-part]")) {
      part.querySelector("[data-part-money]").hidden = !isMoney || sums.length < 2;
      part.querySelector("[data-remove-part]").hidden = sums.length < 2;
    }
    if (!isMoney) for (const field of [total, ...sums]) field.value = "";
    if (sums.length === 1) sums[0].value = total.value;
    const said = row.querySelector("[data-sum]");
    const amounts = sums.map((field) => cents(field.value));
    const { words, isOff } = sumOfParts(amounts, cents(total.value));
    said.textContent = words;
    said.classList.toggle("due-over", isOff);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-rows-form]");
  if (form) new RowsForm(form).listen();
});
