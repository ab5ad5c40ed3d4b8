"use strict";
// What is typed into a form keeps itself: after a pause, and when the page is left. The server keeps it, not the
// browser. A lost session costs nothing: the page waits for a login beside it and goes on with the new token.

const AUTOSAVE = { pause: 700, again: 4000 }; // ms: after the last key; after a failure

class Autosave {
  // The form says where: data-typed takes what is typed, data-draft is the address it can be found at again,
  // data-ground gives a page with a new token. Without data-typed nothing is kept. [data-saved] says how it stands.
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved]");
    this.pause = null;
    this.again = null;
    this.isWaiting = false; // something was typed that is not kept yet
    this.isSending = false;
    this.isSubmitted = false;
    this.isSignedOut = false;
  }

  listen() {
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("submit", (event) => this.submitted(event), true);
    window.addEventListener("pageshow", () => {
      this.isSubmitted = false;
    });
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("htmx:beforeOnLoad", (event) => this.partArrived(event));
    if (this.wasTypedInto()) this.changed();
  }

  // what was typed while the page was still loading has been heard by nobody
  wasTypedInto() {
    const texts = [...this.form.elements].filter(({ type }) => ["text", "tel", "textarea"].includes(type));
    return texts.some((field) => field.value !== field.defaultValue);
  }

  changed() {
    if (!this.form.dataset.typed || this.isSubmitted) return;
    this.isWaiting = true;
    this.keepAfterAPause();
  }

  keepAfterAPause() {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.keep(), AUTOSAVE.pause);
  }

  keepLater() {
    this.isWaiting = true;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.keep(), AUTOSAVE.again);
  }

  async keep() {
    if (this.isSending || this.isSubmitted || !this.isWaiting) return;
    this.isSending = true;
    this.isWaiting = false;
    try {
      await this.answered(await this.send({ redirect: "manual" }));
    } catch {
      this.failed("网络中断，恢复后自动保存");
    } finally {
      this.isSending = false;
      if (this.isWaiting) this.keepAfterAPause();
    }
  }

  send(options) {
    const typed = new URLSearchParams(new FormData(this.form));
    typed.delete("csrfmiddlewaretoken");
    const headers = { "X-CSRFToken": this.tokenPlace().content };
    return fetch(this.form.dataset.typed, { method: "POST", body: typed, headers, ...options });
  }

  async answered(answer) {
    if (answer.ok) {
      this.say(`已自动保存 ${(await answer.json()).saved_at}`);
      const { draft } = this.form.dataset;
      if (location.pathname !== draft) history.replaceState(null, "", draft);
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      await this.renew();
    } else if (answer.status !== 409) {
      this.failed("自动保存没有成功，稍后再试"); // 409: it was registered meanwhile, and nothing is to be kept any more
    }
  }

  failed(words) {
    this.say(words, { isLost: true });
    this.keepLater();
  }

  // the session is over, or somebody signed in again beside this page: take up the new token, or wait for the login
  async renew() {
    const answer = await fetch(this.form.dataset.ground, { redirect: "manual" });
    this.isSignedOut = !answer.ok;
    if (answer.ok) this.takeToken(await answer.text());
    else this.say("登录已失效：请点此在新窗口登录，本页内容不会丢失", { isLost: true, address: "/login/" });
    this.keepLater();
  }

  takeToken(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const token = this.tokenPlace(page).content;
    this.tokenPlace().content = token;
    this.form.elements.csrfmiddlewaretoken.value = token;
  }

  tokenPlace(page = document) {
    return page.querySelector('meta[name="csrf-token"]');
  }

  say(words, { isLost = false, address = "" } = {}) {
    this.line.classList.toggle("is-lost", isLost);
    if (!address) {
      this.line.textContent = words;
      return;
    }
    const link = document.createElement("a");
    Object.assign(link, { href: address, target: "_blank", rel: "noopener", textContent: words });
    this.line.replaceChildren(link);
  }

  // a part that finds the session over would lead the page to the login: the page stays, and so does what stands in it
  partArrived(event) {
    if (event.detail.xhr.status !== 401 || !this.form.dataset.typed) return;
    event.preventDefault();
    this.renew();
  }

  submitted(event) {
    if (!this.isSignedOut) {
      this.isSubmitted = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.line.querySelector("a")?.focus();
  }

  leave() {
    if (this.isWaiting && !this.isSubmitted && this.form.dataset.typed) this.send({ keepalive: true });
  }
}

globalThis.Autosave = Autosave;
