"use strict";
// The register page: parties, earlier cases, the fast track; the keyboard finds everything, what is typed keeps itself.

const BESIDE = { merge: "登记后并入此前的案件", repeat: "登记后关联为重复诉求，此前的案件" };

class EntryPage {
  constructor(form) {
    this.form = form;
    this.settle = form.querySelector("[data-settle]"); // the fast track; a registered case that is amended has none
    this.autosave = new Autosave(form);
    this.parties = new PartyRows(form, () => this.autosave.changed());
  }

  start() {
    this.parties.listen();
    this.form.addEventListener("click", (event) => this.clicked(event.target));
    this.autosave.listen();
    document.addEventListener("keydown", (event) => this.pressed(event));
    this.settle?.addEventListener("keydown", (event) => this.pressedInTheReport(event));
    this.showBeside();
    this.parties.lookUpFilled();
    this.focusFirst();
  }

  clicked(target) {
    const suggestion = target.closest("[data-take]");
    if (suggestion) this.take(suggestion.dataset);
    const earlier = target.closest("[data-beside]");
    if (earlier) this.putBeside(earlier.dataset.beside, earlier.dataset.code);
    if (target.closest("[data-beside-off]")) this.putBeside("", "");
    if (target.closest("[data-open-settle]")) this.openSettle();
  }

  // a suggestion is taken over: { take: name of the field, value }
  take({ take: name, value }) {
    const field = this.form.elements[name];
    if (field.type === "checkbox") field.checked = value === "true";
    else field.value = value;
    this.form.querySelector("[data-more]").open = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // the earlier case that this one is merged into or linked to
  putBeside(how, code) {
    this.form.elements.beside.value = how;
    this.form.elements.earlier.value = code;
    this.showBeside();
    this.autosave.changed();
  }

  showBeside() {
    const { beside, earlier } = this.form.elements;
    if (!beside) return;
    const note = this.form.querySelector("[data-beside-note]");
    note.hidden = !beside.value;
    note.querySelector("[data-beside-text]").textContent = `${BESIDE[beside.value] || ""} ${earlier.value}`;
  }

  openSettle() {
    if (!this.settle) return;
    this.settle.open = true;
    this.settle.querySelector("select").focus();
    this.settle.scrollIntoView({ block: "center" });
  }

  openMore() {
    const more = this.form.querySelector("[data-more]");
    more.open = true;
    more.querySelector("input, select").focus();
  }

  // Alt and a key; a key that finds nothing to do (false) is left to the browser
  pressed(event) {
    if (!event.altKey) return;
    const acts = {
      q: () => this.openSettle(),
      s: () => this.form.requestSubmit(this.form.querySelector("[value=save]")),
      m: () => this.openMore(),
      n: () => this.parties.add("respondent"),
      g: () => this.parties.addGuardianOfTheLast(),
      delete: () => this.parties.removeCurrent(),
    };
    const act = acts[event.key.toLowerCase()];
    if (act && act() !== false) event.preventDefault();
  }

  // Ctrl+Enter in the report settles
  pressedInTheReport(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    this.form.requestSubmit(this.settle.querySelector("[value=settle]"));
  }

  // who has begun to type while the page was loading is left where they type
  focusFirst() {
    if (document.activeElement !== document.body) return undefined;
    const wrong = this.form.querySelector("[aria-invalid=true], .invalid-feedback");
    if (!wrong) return this.parties.focusFirst();
    wrong.closest("details")?.setAttribute("open", "");
    const field = wrong.matches("input, select, textarea") ? wrong : this.form.querySelector("[role=alert]");
    return field.focus();
  }
}

document.addEventListener("DOMContentLoaded", () => new EntryPage(document.querySelector("[data-entry]")).start());
