"use strict";
// The rows of the parties: they come and go, each with a number, a side and its colour.

class PartyRows {
  // `onChange` is told what no field tells: a row was taken away, a guardian was put beside a child.
  constructor(form, onChange) {
    this.form = form;
    this.rows = form.querySelector("[data-parties]");
    this.template = form.querySelector("[data-party-template]");
    this.total = form.elements["parties-TOTAL_FORMS"];
    this.onChange = onChange;
  }

  listen() {
    this.form.addEventListener("click", (event) => this.clicked(event.target));
    this.form.addEventListener("change", (event) => {
      if (event.target.matches("select[name$=-side]")) this.colour(event.target.closest("[data-party]"));
    });
    this.form.addEventListener("keydown", (event) => this.pressed(event), true);
    this.renumber();
  }

  // a name typed where the number is asked for goes where it belongs; and on to the phone
  pressed(event) {
    const number = event.target;
    if (event.key !== "Enter" || event.ctrlKey || event.isComposing || !number.matches("input[name$=-paper_number]"))
      return;
    const name = number.closest("[data-party]").querySelector("input[name$=-name]");
    if (name.value || !/^[\p{Script=Han}·]{2,}$/u.test(number.value.trim())) return;
    [name.value, number.value] = [number.value.trim(), ""];
    name.dispatchEvent(new Event("input", { bubbles: true }));
    name.dispatchEvent(new Event("change", { bubbles: true }));
    event.preventDefault();
    number.closest("[data-party]").querySelector("input[name$=-phone]").focus();
  }

  clicked(target) {
    const more = target.closest("[data-add-party]");
    if (more) this.add(more.dataset.addParty);
    const less = target.closest("[data-remove-party]");
    if (less) this.remove(less.closest("[data-party]"));
    const guardian = target.closest("[data-add-guardian]");
    if (guardian) this.addGuardian(guardian.closest("[data-party]"));
  }

  get shown() {
    return [...this.rows.children].filter((row) => !row.hidden);
  }

  add(side) {
    const holder = document.createElement("div");
    holder.innerHTML = this.template.innerHTML.replaceAll("__prefix__", this.total.value);
    const row = holder.firstElementChild;
    this.rows.append(row);
    this.total.value = Number(this.total.value) + 1;
    row.querySelector("select[name$=-side]").value = side;
    this.colour(row);
    htmx.process(row);
    this.renumber();
    PartyRows.firstField(row).focus();
    return row;
  }

  // a guardian stands on the side of the child, and for it
  addGuardian(child) {
    const row = this.add(child.querySelector("select[name$=-side]").value);
    row.querySelector("select[name$=-role]").value = "guardian";
    row.querySelector("select[name$=-represents]").value = child.querySelector("input[name$=-name]").name.split("-")[1];
    row.querySelector("details").open = true;
    this.onChange();
  }

  // beside the last of the children who have none yet; false where there is no such child
  addGuardianOfTheLast() {
    const buttons = this.form.querySelectorAll("[data-add-guardian]");
    if (!buttons.length) return false;
    this.addGuardian(buttons[buttons.length - 1].closest("[data-party]"));
    return true;
  }

  // the row stays, hidden and marked: the server must hear that it went
  remove(row) {
    row.querySelector("input[name$=-DELETE]").value = "on";
    row.hidden = true;
    this.renumber();
    const last = this.shown.pop();
    (last ? PartyRows.firstField(last) : this.form.elements.narrative).focus();
    this.onChange();
  }

  removeCurrent() {
    const row = document.activeElement.closest("[data-party]");
    if (row) this.remove(row);
    return Boolean(row);
  }

  colour(row) {
    row.className = `party party-${row.querySelector("select[name$=-side]").value}`;
  }

  renumber() {
    this.shown.forEach((row, at) => {
      row.querySelector("[data-number]").textContent = at + 1;
    });
  }

  // rows that came filled look again at what their numbers bring along
  lookUpFilled() {
    for (const row of this.rows.children) {
      const numbers = [...row.querySelectorAll("input[name$=-paper_number], input[name$=-phone]")];
      if (numbers.some((field) => field.value)) htmx.trigger(row, "change");
    }
  }

  focusFirst() {
    PartyRows.firstField(this.rows).focus();
  }

  static firstField(row) {
    return row.querySelector("input[name$=-paper_number]");
  }
}

globalThis.PartyRows = PartyRows;
