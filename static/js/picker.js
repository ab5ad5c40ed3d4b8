"use strict";
// A text field that finds codes: types → list of the server → arrows, Enter, Tab or a click choose.

function setUpPicker(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "1";
  const text = box.querySelector("[role=combobox]");
  const code = box.querySelector("input[type=hidden]");
  const list = box.querySelector("[role=listbox]");
  let chosen = text.value, timer = null, asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector("[aria-selected=true]");
  function close() { list.hidden = true; text.setAttribute("aria-expanded", "false"); text.removeAttribute("aria-activedescendant"); }
  function mark(option) {
    options().forEach((o) => o.setAttribute("aria-selected", o === option ? "true" : "false"));
    if (option) { text.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  }
  function choose(option) {
    chosen = text.value = option.dataset.label;
    chosenCode = code.value = option.dataset.value;
    close();
    code.dispatchEvent(new Event("change", { bubbles: true }));
  }
  async function ask() {
    const number = ++asked;
    const url = new URL(box.dataset.url, location.href);
    url.searchParams.set("q", text.value.trim());
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (number !== asked || !answer.ok) return;
    list.innerHTML = await answer.text();
    options().forEach((o, i) => { o.id = `${list.id}-${i}`; });
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
    mark(options()[0]);
    box.dispatchEvent(new CustomEvent("picker:listed", { bubbles: true }));
  }
  let chosenCode = code.value;
  text.addEventListener("input", () => {
    code.value = text.value === chosen ? chosenCode : "";
    mark(null); // what is listed answers another question now
    close();
    asked++;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  text.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    const all = options(), at = all.indexOf(current());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(all[(at + step + all.length) % all.length]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); event.stopPropagation(); close();
    } else if ((event.key === "Enter" || event.key === "Tab") && !list.hidden && current()) {
      choose(current());
      if (event.key === "Enter" && !box.closest("form[data-enter-as-tab]")) event.preventDefault();
    } else if ((event.key === "Enter" || event.key === "Tab") && text.value.trim() && !code.value) {
      if (event.key === "Enter") event.preventDefault();
      clearTimeout(timer);
      await ask();
      if (options().length === 1) choose(options()[0]);
    }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); choose(option); }
  });
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) close(); }, 100));
}
function setUpPickers() { document.querySelectorAll("[data-picker]").forEach(setUpPicker); }
document.addEventListener("DOMContentLoaded", setUpPickers);
document.addEventListener("htmx:afterSettle", setUpPickers);
document.addEventListener("rows:added", setUpPickers);
