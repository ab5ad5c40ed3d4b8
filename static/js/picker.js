"use strict";
// A text field that finds codes: types → list of the server → arrows, Enter, Tab or a click choose.
const GAP = 2,
  EDGE = 8,
  TALLEST = 272; // px: between field and list, between list and window, some seven lines

function setUpPicker(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "1";
  const text = box.querySelector("[role=combobox]");
  const code = box.querySelector("input[type=hidden]");
  const list = box.querySelector("[role=listbox]");
  const drop = list.parentElement; // bears the place: htmx copies the styles of what has an id, which our policy forbids
  let chosen = text.value,
    timer = null,
    asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector("[aria-selected=true]");
  function close() {
    list.hidden = true;
    if (drop.hasAttribute("style")) drop.removeAttribute("style"); // asked first, Chromium writes it down, and can take it away
    document.removeEventListener("scroll", follow, true);
    window.removeEventListener("resize", place);
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }
  // the list belongs to the window, so that no dialog that scrolls cuts it off; it keeps to its field, above it where
  // there is more room, and goes when the field is scrolled out of sight
  function place() {
    const field = text.getBoundingClientRect(),
      body = box.closest(".sheet-body")?.getBoundingClientRect();
    if (body && (field.bottom <= body.top || field.top >= body.bottom)) return close();
    const { offsetTop, height } = window.visualViewport; // without the keyboard of a phone
    const above = field.top - offsetTop - GAP - EDGE,
      below = offsetTop + height - field.bottom - GAP - EDGE;
    const wanted = Math.min(list.scrollHeight + list.offsetHeight - list.clientHeight, TALLEST);
    const upwards = below < wanted && above > below,
      tall = Math.min(wanted, upwards ? above : below);
    const top = upwards ? field.top - GAP - tall : field.bottom + GAP;
    Object.assign(drop.style, {
      top: `${top}px`,
      left: `${field.left}px`,
      width: `${field.width}px`,
      maxHeight: `${tall}px`,
    });
  }
  function follow(event) {
    if (event.target !== list) place();
  }
  function open() {
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
    document.addEventListener("scroll", follow, true);
    window.addEventListener("resize", place);
    place();
  }
  function mark(option) {
    options().forEach((o) => o.setAttribute("aria-selected", o === option ? "true" : "false"));
    if (option) {
      text.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
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
    options().forEach((o, i) => {
      o.id = `${list.id}-${i}`;
    });
    if (document.activeElement !== text) return; // gone on meanwhile: nothing opens behind one's back
    open();
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
    const all = options(),
      at = all.indexOf(current());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(all[(at + step + all.length) % all.length]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
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
    event.preventDefault(); // the field keeps the focus, also while the list is scrolled by its bar
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  text.addEventListener("blur", () =>
    setTimeout(() => {
      if (document.activeElement !== text) close();
    }, 100),
  );
}
function setUpPickers() {
  document.querySelectorAll("[data-picker]").forEach(setUpPicker);
}
document.addEventListener("DOMContentLoaded", setUpPickers);
document.addEventListener("htmx:afterSettle", setUpPickers);
document.addEventListener("rows:added", setUpPickers);
