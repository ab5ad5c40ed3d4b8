"use strict";
// What is typed into a dialog keeps itself on the server, sealed, and comes back when the dialog is opened again: after
// the end of a session, in another tab, on another machine. Escape asks only when there is text. Two tabs that fill in
// the same form are told of each other. While it cannot be kept (signed out, no network) the form says so, and leaving
// the page asks first.

const KEPT = { address: "/kept/", forget: "/kept/forget/", mark: "typed-is-kept", pause: 700, again: 5000 };
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version", KEPT.mark]);
const THROW_AWAY = "已写的内容还没有提交，放弃吗？";
const places = new Set(); // where something was kept since this page was opened
let openForm = null;

const pickerOf = (field) => field.closest("[data-picker]")?.querySelector("[role=combobox]");
// a session that ended leads to the page of signing in instead
const isSignedOut = (answer) => answer.redirected || answer.status === 401;
const isAnswered = (answer) => answer?.ok && !isSignedOut(answer);
const isKept = (field) =>
  field.name &&
  !NOT_KEPT.has(field.name) &&
  !["file", "password", "submit", "button"].includes(field.type) &&
  (field.type !== "hidden" || pickerOf(field));

class KeptForm {
  constructor(form, place, { keeps = true } = {}) {
    this.form = form;
    this.place = place;
    this.keeps = keeps;
    this.first = this.typed();
    this.pause = null;
    this.isUnsaved = false;
    this.isWrong = form.querySelector(".invalid-feedback, .alert-danger") !== null; // shown again: it holds what was typed
    if (places.has(place)) this.markAsKept();
  }

  // names and values as the form would send them; of a picker also the words that stand for its code
  typed() {
    const text = new URLSearchParams();
    for (const field of [...this.form.elements].filter(isKept)) {
      if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
      const values = field.multiple ? [...field.selectedOptions].map((option) => option.value) : [field.value];
      for (const value of values) text.append(field.name, value);
      const words = field.type === "hidden" && pickerOf(field);
      if (words) text.append(`~${field.name}`, words.value);
    }
    return text.toString();
  }

  get isDirty() {
    return this.isWrong || this.typed() !== this.first;
  }

  listen() {
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.changed());
    this.form.addEventListener("submit", () => this.sending(), true); // before htmx takes what is in the form
    if (this.keeps && !this.isWrong) this.bringBack();
  }

  changed() {
    if (!this.keeps) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.keep(), KEPT.pause);
  }

  // what is sent is not kept behind the act that takes it; who types on after a refusal is heard again
  sending() {
    if (!this.keeps) return;
    clearTimeout(this.pause);
    this.pause = null;
    this.isUnsaved = false;
    this.markAsKept();
  }

  async keep(options = {}) {
    clearTimeout(this.pause);
    this.pause = null;
    if (!this.isDirty) return;
    if (globalThis.untilAnswered?.()) await globalThis.untilAnswered();
    const answer = await this.post(KEPT.address, { text: this.typed() }, options).catch(() => null);
    this.isUnsaved = !isAnswered(answer);
    if (this.isUnsaved) {
      this.sayUnsaved(answer);
      return;
    }
    places.add(this.place);
    this.markAsKept();
    this.say(`已自动保存 ${(await answer.json()).saved_at}`);
  }

  post(address, more, options) {
    const body = new URLSearchParams({ place: this.place, ...more });
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "X-Background": "1" };
    return fetch(address, { method: "POST", body, headers, ...options });
  }

  // the server forgets what was kept when the act is done
  markAsKept() {
    if (this.form.querySelector(`[name=${KEPT.mark}]`)) return;
    const mark = Object.assign(document.createElement("input"), { type: "hidden", name: KEPT.mark, value: "1" });
    this.form.append(mark);
  }

  async bringBack() {
    const address = `${KEPT.address}?${new URLSearchParams({ place: this.place })}`;
    const answer = await fetch(address, { headers: { "X-Background": "1" } }).catch(() => null);
    if (!isAnswered(answer) || answer.status === 204 || this.isDirty) return;
    const { text, saved_at: savedAt } = await answer.json();
    this.fill(new URLSearchParams(text));
    places.add(this.place);
    this.markAsKept();
    this.say(`已恢复 ${savedAt} 没有提交的内容`, "清空", () => this.empty());
  }

  fill(text) {
    this.makeRows(text);
    for (const field of [...this.form.elements].filter(isKept)) {
      const values = text.getAll(field.name);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) field.value = values[0];
      const words = field.type === "hidden" && pickerOf(field);
      if (words && text.has(`~${field.name}`)) words.value = text.get(`~${field.name}`);
    }
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // rows that were added while one typed (obligations and their dates) are added again
  makeRows(text) {
    for (const name of text.keys()) {
      const [, row, part] = name.match(/^o-(\d+)-(?:p-(\d+)-)?/) || [];
      if (row === undefined || this.form.elements[name]) continue;
      const known = this.form.querySelector(`[data-obligation="${row}"]`);
      if (!known) this.form.querySelector("[data-add-row=obligation]")?.click();
      else if (part !== undefined) known.querySelector("[data-add-part]")?.click();
    }
  }

  throwAway() {
    clearTimeout(this.pause);
    this.pause = null;
    if (places.delete(this.place)) this.post(KEPT.forget, {}, { keepalive: true }).catch(() => {});
  }

  empty() {
    this.throwAway();
    this.form.reset();
    this.form.querySelector("[data-kept-note]")?.remove();
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
    clearTimeout(this.pause);
  }

  // signed out: the way back is beside the words; no network: it is tried again by itself
  sayUnsaved(answer) {
    if (answer && isSignedOut(answer)) this.say("登录已失效，刚写的还没有保存", "重新登录", () => this.signInAgain());
    else if (answer === null) {
      this.say("网络不通，刚写的还没有保存，接通后自动保存");
      this.pause = setTimeout(() => this.keep(), KEPT.again);
    } else this.say("刚写的没有保存下来，请尽快提交");
  }

  async signInAgain() {
    if (await globalThis.askInPlace(globalThis.againAddress)) await this.keep();
  }

  say(words, label = "", act = null) {
    const note = this.note();
    note.firstElementChild.textContent = words;
    note.querySelector("button")?.remove();
    if (!label) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm" });
    button.textContent = label;
    button.addEventListener("click", act);
    note.append(button);
  }

  warnOfAnotherTab() {
    if (this.form.querySelector("[data-kept-twice]")) return;
    const warning = document.createElement("div");
    warning.className = "alert alert-warning";
    warning.setAttribute("role", "alert");
    warning.dataset.keptTwice = "";
    warning.textContent = "另一个窗口也开着这份内容，请只在一个窗口填写，以最后保存的为准。";
    (this.form.querySelector(".sheet-body") || this.form).prepend(warning);
  }

  note() {
    const known = this.form.querySelector("[data-kept-note]");
    if (known) return known;
    const note = Object.assign(document.createElement("div"), { className: "kept-note text-secondary" });
    note.dataset.keptNote = "";
    note.append(document.createElement("span"));
    const foot = this.form.querySelector(".sheet-foot, .form-bar");
    if (foot) foot.prepend(note);
    else this.form.append(note);
    return note;
  }
}

const channel = globalThis.BroadcastChannel ? new BroadcastChannel("zhongzhi-forms") : null;
channel?.addEventListener("message", ({ data }) => {
  if (data.place !== openForm?.place) return;
  openForm.warnOfAnotherTab();
  if (data.asks) channel.postMessage({ place: data.place });
});

function watch(form) {
  if (!form || form.querySelector("[type=password]")) return;
  const isEntry = Boolean(form.dataset.typed);
  const address = form.dataset.typed || form.getAttribute("hx-post") || form.action;
  openForm = new KeptForm(form, new URL(address, location.href).pathname, { keeps: !isEntry });
  openForm.listen();
  channel?.postMessage({ place: openForm.place, asks: true });
}

const dialogOf = () => document.getElementById("sheet");
const keptDialog = () => (openForm && dialogOf()?.contains(openForm.form) ? openForm : null);

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target === dialogOf()) watch(event.detail.target.querySelector("form[hx-post]"));
});
document.addEventListener("DOMContentLoaded", () => watch(document.querySelector("form[data-keep], form[data-typed]")));
window.addEventListener("beforeunload", (event) => {
  if (openForm?.isUnsaved && openForm.isDirty) event.preventDefault();
});
window.addEventListener("pagehide", () => {
  if (openForm?.pause) openForm.keep({ keepalive: true });
});

// Escape and 取消 ask only when there is text; who says no goes on writing
function mayClose() {
  const form = keptDialog();
  if (!form?.isDirty) return true;
  if (!window.confirm(THROW_AWAY)) return false;
  form.throwAway();
  return true;
}
document.addEventListener(
  "cancel",
  (event) => {
    if (event.target === dialogOf() && !mayClose()) event.preventDefault();
  },
  true,
);
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("#sheet [data-close-sheet]");
    if (!button || button.type === "submit" || mayClose()) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener(
  "close",
  (event) => {
    if (event.target === dialogOf() && keptDialog()) openForm = null;
  },
  true,
);

globalThis.KeptForm = KeptForm;
