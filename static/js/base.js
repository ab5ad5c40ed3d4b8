"use strict";
// Shared by all pages: the CSRF token for htmx, menus, dialogs, notes, Enter as Tab, shortcuts.

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});

// menus are <details>: one open at a time, closed by Escape or a click beside them
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// where one types first in a dialog: what must be filled in and is empty, else the first field, else the button
const fieldsOf = (dialog) =>
  [...dialog.querySelectorAll(".sheet-body :is(input:not([type=hidden]), select, textarea)")].filter(
    (field) => !field.disabled && isShown(field),
  );
function stillToFill(dialog) {
  const must = (field) => field.required || field.labels?.[0]?.querySelector(".must");
  const field = fieldsOf(dialog).find((one) => !one.value && must(one));
  const typed = field?.previousElementSibling; // a long list is found in by typing, in a box before it
  return typed?.matches(".typed-find") ? typed : field;
}
function firstToFill(dialog) {
  const [first] = fieldsOf(dialog);
  if (["radio", "checkbox"].includes(first?.type)) return first;
  return stillToFill(dialog) ?? first ?? dialog.querySelector(".sheet-foot .btn-primary");
}

// the dialog opens when a part was put into it and its fields are set up: a key pressed at once is not lost
const sheet = () => document.getElementById("sheet");
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = sheet();
  if (!dialog || event.detail.target !== dialog || !dialog.children.length) return;
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid=true], .is-invalid, [autofocus]") ?? firstToFill(dialog))?.focus();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-sheet]")) sheet().close();
  const note = event.target.closest("[data-close-note]");
  if (note) note.closest(".note").remove();
});

// Browsers of older offices (before 2022) do not know checkVisibility
function isShown(field) {
  return field.checkVisibility ? field.checkVisibility() : field.getClientRects().length > 0;
}

// Enter goes to the next field, as a card reader expects, past what is chosen already; Ctrl+Enter submits
function nextField(from) {
  const fields = [...from.form.querySelectorAll("input:not([type=hidden]), select, textarea, button[type=submit]")];
  const open = fields.filter((f) => !f.disabled && isShown(f) && f.tabIndex >= 0);
  return open.slice(open.indexOf(from) + 1).find((f) => f.tagName !== "SELECT" || !f.value);
}
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-enter-as-tab]");
  if (!form || event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-default-submit]:not([hidden])"));
  } else if (event.target.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]), select")) {
    event.preventDefault();
    const next = nextField(event.target);
    if (next) next.focus();
  }
});

// in a dialog Ctrl+Enter submits; on a dossier Alt+Enter opens the act that is usually next
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  const dialog = event.target.closest?.("#sheet form");
  if (dialog && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    dialog.requestSubmit();
  }
  const next = event.altKey && !sheet()?.open && document.querySelector(".dossier-acts > .btn-primary");
  if (next) {
    event.preventDefault();
    next.click();
  }
});

// notes would lie behind an open dialog: they go where it is
document.addEventListener("htmx:afterSwap", (event) => {
  const notes = document.getElementById("notes"),
    dialog = sheet();
  if (event.detail.target !== notes || !dialog || !dialog.open) return;
  dialog.append(notes);
  dialog.addEventListener("close", () => document.getElementById("content").before(notes), { once: true });
});

// what cannot be taken back asks once
document.addEventListener(
  "submit",
  (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

// a form is sent once
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// what depends on the value of another field: data-shown-if="name=value|value"
function applyConditions(root) {
  for (const part of (root || document).querySelectorAll("[data-shown-if]")) {
    const [name, values] = part.dataset.shownIf.split("=");
    const field = part.closest("form").elements[name];
    const given = field && (field.type === "checkbox" ? String(field.checked) : field.value);
    part.hidden = !values.split("|").includes(given);
  }
}
document.addEventListener("change", () => applyConditions());
document.addEventListener("htmx:afterSettle", () => applyConditions());
document.addEventListener("DOMContentLoaded", () => applyConditions());

// ?: what the keyboard can do
const keysHelp = () => document.getElementById("keys");
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, dialog[open]");
  if ((event.key === "?" || event.key === "？") && !typing && keysHelp()) {
    event.preventDefault();
    keysHelp().showModal();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-keys]")) keysHelp().close();
  if (event.target.closest("[data-open-keys]")) keysHelp().showModal();
});

// a button that shows its key is pressed by it
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || sheet()?.open) return;
  if (event.target.closest?.("input, textarea, select, dialog[open]")) return;
  const button = /^[a-z]$/i.test(event.key) && document.querySelector(`[data-key=${event.key.toLowerCase()}]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Ctrl+K, or digits at once: search
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    const box = document.getElementById("search-box");
    if (box) {
      box.focus();
      box.select();
    }
  }
});
// on the page of a case its acts are found by name as well: what is chosen opens as from the menu
document.addEventListener("htmx:afterSwap", (event) => {
  const found = event.detail.target;
  const wanted = document.getElementById("search-box")?.value.trim();
  if (found.id !== "search-found" || !wanted) return;
  const acts = [...document.querySelectorAll(".dossier-acts [hx-get]")].filter((act) =>
    act.textContent.includes(wanted),
  );
  for (const act of acts.reverse()) {
    const line = document.createElement("a");
    Object.assign(line, { className: "found", href: "#", textContent: `${act.textContent.trim()} · 本案` });
    line.addEventListener("click", (click) => {
      click.preventDefault();
      found.replaceChildren();
      act.click();
    });
    found.prepend(line);
  }
});
// what was found stands below the box: arrows walk through it, Escape closes it
document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.(".top-search");
  if (!search) return;
  const box = search.querySelector("input"),
    links = [...search.querySelectorAll("a.found")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && links.length) {
    event.preventDefault();
    links[Math.min(at + 1, links.length - 1)].focus();
  }
  if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (at ? links[at - 1] : box).focus();
  }
  const hits = links.filter((link) => !link.classList.contains("found-all"));
  if (event.key === "Enter" && event.target === box && hits.length === 1 && !event.isComposing) {
    event.preventDefault();
    hits[0].click(); // the only one there is
  }
  if (event.key === "Escape") {
    search.querySelector(".search-found").replaceChildren();
    box.focus();
  }
});
// who types digits on a page means a case: the tail of its code or of a phone; a meeting has digits of its own
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !/^\d$/.test(event.key)) return;
  if (event.target.closest?.("input, textarea, select, dialog[open]") || document.querySelector("[data-decide]"))
    return;
  const box = !sheet()?.open && document.getElementById("search-box");
  if (!box) return;
  box.value = "";
  box.focus(); // the digit itself falls into the box
});
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".top-search")) return;
  document.getElementById("search-found")?.replaceChildren();
});

// files that are too large are told before they travel
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type !== "file" || !field.dataset.maxBytes) return;
  const large = [...field.files].find((f) => f.size > Number(field.dataset.maxBytes));
  field.setCustomValidity(
    large ? `“${large.name}”超过 ${Math.floor(field.dataset.maxBytes / 1048576)} MB，请压缩或拆分后再上传。` : "",
  );
  field.reportValidity();
});

// a button that prints the page
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
