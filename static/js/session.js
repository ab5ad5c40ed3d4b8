"use strict";
// The end of a session does not take the page away: a dialog asks over it, what was typed stays, and what was asked is
// asked again. The same dialog asks again who sits there where the server wants it. A minute before the idle end it warns.

const pageOwner = document.querySelector('meta[name="page-owner"]');
const idleTime = Number(pageOwner?.dataset.idle) * 1000;
const againAddress = `/login/again/?owner=${encodeURIComponent(pageOwner?.content)}`;
let lastContact = Date.now();
let askingInPlace = null;
let wasAtWork = false;
// resolves when nobody is being asked; what is sent by itself waits, or it would carry the token of before the login
const untilAnswered = () => askingInPlace;
Object.assign(globalThis, { askInPlace, againAddress, untilAnswered });

// who signs in gets a new token, and all the pages of this person with it; another's pages are left alone
const ownerOfPage = pageOwner?.content.split(":", 1)[0];
const tokenChannel = pageOwner && globalThis.BroadcastChannel ? new BroadcastChannel("zhongzhi-tokens") : null;
const tellToken = (token) => tokenChannel?.postMessage({ owner: ownerOfPage, token });
tokenChannel?.addEventListener("message", ({ data }) => data.owner === ownerOfPage && putFormToken(data.token));
tellToken(document.querySelector('meta[name="csrf-token"]')?.content);

function takeFormToken(token) {
  if (!token) return;
  putFormToken(token);
  tellToken(token);
}

function putFormToken(token) {
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

function identityDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet identity";
  dialog.setAttribute("aria-labelledby", "identity-title");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  return dialog;
}

// shows what the server answered, until it answers 204
async function showIdentity(dialog, answer, finish) {
  lastContact = Date.now();
  if (answer.status === 204) {
    takeFormToken(answer.headers.get("X-CSRFToken"));
    finish(true);
    return;
  }
  dialog.innerHTML = await answer.text();
  if (!dialog.isConnected) document.body.append(dialog);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
}

// asks at an address; true when the person showed who they are, false when the dialog was closed
function askInPlace(address) {
  askingInPlace ||= new Promise((done) => {
    const dialog = identityDialog();
    const finish = (shown) => {
      askingInPlace = null;
      dialog.remove();
      done(shown);
    };
    dialog.addEventListener("click", (event) => event.target.closest("[data-close-identity]") && finish(false));
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const sent = { method: "POST", body: new FormData(event.target), headers: { "HX-Request": "true" } };
      await showIdentity(dialog, await fetch(event.target.action, sent), finish);
    });
    const asked = fetch(address, { headers: { "HX-Request": "true", "X-Background": "1" } });
    asked.then((answer) => showIdentity(dialog, answer, finish)).catch(() => finish(false));
  });
  return askingInPlace;
}

// a part of the page was refused: ask, then ask for the part again
document.addEventListener("htmx:beforeOnLoad", async (event) => {
  const { xhr, requestConfig } = event.detail;
  const confirmAt = xhr.getResponseHeader("X-Confirm-Identity");
  if (!pageOwner || (xhr.status !== 401 && !confirmAt)) return;
  event.preventDefault();
  if (requestConfig.headers["X-Background"]) return;
  const { verb, path, elt, triggeringEvent } = requestConfig;
  if (!(await askInPlace(confirmAt || againAddress))) return;
  // a newer request of the same part takes the place of this one
  window.htmx.ajax(verb, path, { source: elt, event: triggeringEvent })?.catch(() => {});
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.requestConfig?.headers["X-Background"]) lastContact = Date.now();
});

// a form of a page that stood for a while is sent only when the session is there
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!pageOwner || form.method !== "post" || form.hasAttribute("hx-post") || form.closest(".identity")) return;
    if (form.dataset.queue || !navigator.onLine) return; // entries of a phone wait on the phone, with or without network
    if (Date.now() - lastContact < 60000) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    askInPlace(againAddress).then((shown) => shown && form.requestSubmit(button));
  },
  true,
);

// who types is at work; who does not is warned, and asked when the time is over
function watchIdleEnd() {
  const left = lastContact + idleTime - Date.now();
  document.getElementById("idle-warning").hidden = left > 60000 || left <= 0 || askingInPlace !== null;
  if (askingInPlace || !navigator.onLine) return;
  if (left <= 0) askInPlace(againAddress);
  else if (wasAtWork && left < idleTime * 0.8) {
    wasAtWork = false;
    lastContact = Date.now();
    fetch(againAddress, { headers: { "HX-Request": "true" } }).then((answer) => {
      if (answer.status !== 204) askInPlace(againAddress);
    });
  }
}
if (pageOwner) {
  const atWork = () => {
    wasAtWork = true;
  };
  for (const kind of ["input", "pointerdown", "keydown"]) document.addEventListener(kind, atWork, true);
  setInterval(watchIdleEnd, 5000);
}
