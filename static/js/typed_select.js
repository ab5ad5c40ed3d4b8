"use strict";
// Long lists of a dialog are found in by typing: characters or pinyin initials; what was chosen last stands first.

const TYPED = { lines: 6, recent: 3, key: "recent:" };

// the options that a text means: those that begin with it (in characters or initials) before those that hold it
function meant(options, text) {
  const wanted = text.trim().toLowerCase();
  const begins = (o) => o.label.toLowerCase().startsWith(wanted) || o.initials.startsWith(wanted);
  const holds = (o) => o.label.toLowerCase().includes(wanted) || o.initials.includes(wanted);
  const found = options.filter((option) => option.value && holds(option));
  return [...found.filter(begins), ...found.filter((option) => !begins(option))];
}

function recentOf(name) {
  try {
    return JSON.parse(localStorage.getItem(TYPED.key + name) ?? "[]");
  } catch {
    return [];
  }
}

function noteRecent(name, value) {
  if (!value) return;
  const values = [value, ...recentOf(name).filter((other) => other !== value)].slice(0, TYPED.recent);
  try {
    localStorage.setItem(TYPED.key + name, JSON.stringify(values));
  } catch {
    // a browser that keeps nothing has no recent ones
  }
}

class TypedSelect {
  constructor(select) {
    this.select = select;
    this.find = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
    this.find.className = "form-control typed-find";
    this.find.placeholder = "输入汉字或拼音首字母";
    this.find.setAttribute("aria-label", "在下面的选项中查找");
    if (select.id) this.find.setAttribute("aria-controls", select.id);
  }

  listen() {
    this.putRecentFirst();
    this.select.before(this.find);
    if (document.activeElement === this.select) this.find.focus();
    this.find.addEventListener("input", () => this.typed());
    this.find.addEventListener("keydown", (event) => this.pressed(event));
    for (const field of [this.find, this.select])
      field.addEventListener("blur", () => setTimeout(() => this.left(), 50));
    this.select.form.addEventListener("submit", () => noteRecent(this.select.name, this.select.value));
  }

  putRecentFirst() {
    const options = [...this.select.options];
    const recent = recentOf(this.select.name).map((value) => options.find((option) => option.value === value));
    const known = recent.filter(Boolean);
    if (!known.length) return;
    const group = Object.assign(document.createElement("optgroup"), { label: "最近用过" });
    const chosen = this.select.value;
    group.append(...known);
    const empty = options[0]?.value ? null : options[0];
    if (empty) empty.after(group);
    else this.select.prepend(group);
    this.select.value = chosen;
  }

  typed() {
    const all = [...this.select.options];
    const found = this.find.value.trim()
      ? meant(
          all.map((option) => ({
            option,
            value: option.value,
            label: option.label,
            initials: option.dataset.initials ?? "",
          })),
          this.find.value,
        )
      : [];
    const shown = new Set(found.map((one) => one.option));
    for (const option of all) option.hidden = shown.size > 0 && !shown.has(option);
    this.find.classList.toggle("is-invalid", Boolean(this.find.value.trim()) && !found.length);
    if (!found.length) return this.fold();
    this.select.size = Math.min(TYPED.lines, Math.max(found.length, 2));
    return this.choose(found[0].value);
  }

  choose(value) {
    if (this.select.value === value) return;
    this.select.value = value;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (!["ArrowDown", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "ArrowDown") this.select.focus();
    else this.chosen();
  }

  // on to what must still be filled in
  chosen() {
    this.fold();
    const next = this.select.value && globalThis.stillToFill?.(this.select.closest("dialog"));
    (next || this.select).focus();
  }

  left() {
    if (![this.find, this.select].includes(document.activeElement)) this.fold();
  }

  // closed again: one line, all options in it
  fold() {
    this.select.removeAttribute("size");
    for (const option of this.select.options) option.hidden = false;
  }
}

function setUpTypedSelects() {
  for (const select of document.querySelectorAll("#sheet select[data-typed]:not([data-ready])")) {
    select.dataset.ready = "1";
    new TypedSelect(select).listen();
  }
}
document.addEventListener("htmx:afterSettle", setUpTypedSelects);
