"use strict";
// A text field that finds codes: types → list of the server → arrows, Enter, Tab or a click choose.

const LIST = { gap: 2, edge: 8, tallest: 272 }; // px: between field and list, between list and window, some seven lines
const TYPING_PAUSE = 120; // ms

// Where a list stands in the window: below its field, above it where there is more room; nowhere (null) when the field
// is scrolled out of the part of a dialog that scrolls. `wanted` is how tall the list would like to be.
function placeOfList(field, wanted, view, scrolled) {
  if (scrolled && (field.bottom <= scrolled.top || field.top >= scrolled.bottom)) return null;
  const above = field.top - view.offsetTop - LIST.gap - LIST.edge;
  const below = view.offsetTop + view.height - field.bottom - LIST.gap - LIST.edge;
  const height = Math.min(wanted, LIST.tallest);
  const isAbove = below < height && above > below;
  const maxHeight = Math.min(height, isAbove ? above : below);
  const top = isAbove ? field.top - LIST.gap - maxHeight : field.bottom + LIST.gap;
  return { top, left: field.left, width: field.width, maxHeight };
}

class Picker {
  constructor(box) {
    this.box = box;
    this.text = box.querySelector("[role=combobox]");
    this.code = box.querySelector("input[type=hidden]");
    this.list = box.querySelector("[role=listbox]");
    // bears the place: htmx copies the styles of what has an id, which our policy forbids
    this.drop = this.list.parentElement;
    this.chosen = { label: this.text.value, code: this.code.value };
    this.timer = null;
    this.asked = 0;
    this.place = this.place.bind(this);
    this.follow = this.follow.bind(this);
  }

  listen() {
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    // what is chosen already is replaced by typing, and opens the whole list
    for (const kind of ["focus", "click"]) this.text.addEventListener(kind, () => this.isChosen && this.text.select());
    this.text.addEventListener("blur", () => setTimeout(() => this.left(), 100));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus, also while the list is scrolled by its bar
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.catchUp();
  }

  // What was typed while the page was still loading has been heard by nobody.
  catchUp() {
    const given = this.text.defaultValue;
    if (document.activeElement !== this.text || this.text.value === given) return;
    this.chosen = { label: given, code: this.code.value };
    this.typed();
  }

  get isChosen() {
    return Boolean(this.code.value) && this.text.value === this.chosen.label;
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get marked() {
    return this.list.querySelector("[aria-selected=true]");
  }

  // --- what the person does
  typed() {
    this.code.value = this.text.value === this.chosen.label ? this.chosen.code : "";
    this.mark(null); // what is listed answers another question now
    this.close();
    this.asked++;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), TYPING_PAUSE);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") this.step(event, 1);
    else if (event.key === "ArrowUp") this.step(event, -1);
    else if (event.key === "Escape") this.escape(event);
    else if (event.key === "Enter" || event.key === "Tab") this.take(event);
  }

  step(event, by) {
    event.preventDefault();
    if (this.list.hidden) return this.ask();
    const options = this.options;
    return this.mark(options[(options.indexOf(this.marked) + by + options.length) % options.length]);
  }

  escape(event) {
    if (this.list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  // Enter and Tab take the marked line; where the text was never answered they ask, and take the only answer there is
  take(event) {
    const isEnter = event.key === "Enter";
    if (!this.list.hidden && this.marked) {
      this.choose(this.marked);
      if (isEnter && !this.box.closest("form[data-enter-as-tab]")) event.preventDefault();
    } else if (this.text.value.trim() && !this.code.value) {
      if (isEnter) event.preventDefault();
      clearTimeout(this.timer);
      this.takeTheOnlyOne();
    }
  }

  async takeTheOnlyOne() {
    await this.ask();
    if (this.options.length === 1) this.choose(this.options[0]);
  }

  left() {
    if (document.activeElement !== this.text) this.close();
  }

  // --- the list
  async ask() {
    const number = ++this.asked;
    const url = new URL(this.box.dataset.url, location.href);
    url.searchParams.set("q", this.isChosen ? "" : this.text.value.trim());
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (number !== this.asked || !answer.ok) return;
    this.list.innerHTML = await answer.text();
    this.options.forEach((option, at) => {
      option.id = `${this.list.id}-${at}`;
    });
    if (document.activeElement !== this.text) return; // gone on meanwhile: nothing opens behind one's back
    this.open();
    this.mark(this.options[0]);
  }

  mark(option) {
    for (const one of this.options) one.setAttribute("aria-selected", one === option ? "true" : "false");
    if (!option) return;
    this.text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    this.chosen = { label: option.dataset.label, code: option.dataset.value };
    this.text.value = this.chosen.label;
    this.code.value = this.chosen.code;
    this.close();
    this.code.dispatchEvent(new Event("change", { bubbles: true }));
  }

  open() {
    this.list.hidden = false;
    this.text.setAttribute("aria-expanded", "true");
    document.addEventListener("scroll", this.follow, true);
    window.addEventListener("resize", this.place);
    this.place();
  }

  close() {
    this.list.hidden = true;
    // asked first, Chromium writes it down, and can take it away
    if (this.drop.hasAttribute("style")) this.drop.removeAttribute("style");
    document.removeEventListener("scroll", this.follow, true);
    window.removeEventListener("resize", this.place);
    this.text.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }

  // the list belongs to the window, so that no dialog that scrolls cuts it off; it keeps to its field and goes with it
  place() {
    const { list, text } = this;
    const wanted = list.scrollHeight + list.offsetHeight - list.clientHeight;
    const scrolled = this.box.closest(".sheet-body")?.getBoundingClientRect();
    const view = window.visualViewport; // without the keyboard of a phone
    const place = placeOfList(text.getBoundingClientRect(), wanted, view, scrolled);
    if (!place) return this.close();
    for (const [name, pixels] of Object.entries(place)) this.drop.style[name] = `${pixels}px`;
    return undefined;
  }

  follow(event) {
    if (event.target !== this.list) this.place();
  }
}

function setUpPickers() {
  for (const box of document.querySelectorAll("[data-picker]:not([data-ready])")) {
    box.dataset.ready = "1";
    new Picker(box).listen();
  }
}
document.addEventListener("DOMContentLoaded", setUpPickers);
document.addEventListener("htmx:afterSettle", setUpPickers);
