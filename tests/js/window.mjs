// A window for the scripts of a page: they run in it in the order in which the template loads them, with the test's
// own server and clock. Nothing of the scripts is replaced, only what surrounds them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { JSDOM, VirtualConsole } from "jsdom";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

// The scripts of our own that a template loads, in its order, as paths below static/.
export function scriptsOf(template) {
  const text = readFileSync(join(ROOT, "templates", template), "utf8");
  return [...text.matchAll(/<script src="\{% static '(js\/[^']+)' %\}"/g)].map(([, path]) => path);
}

// Run scripts in a context, as classic scripts that share what they declare.
export function run(context, scripts) {
  for (const path of scripts) {
    const filename = join(ROOT, "static", path);
    new vm.Script(readFileSync(filename, "utf8"), { filename }).runInContext(context);
  }
}

// Let everything that was begun and needs no clock come to its end.
export async function idle() {
  for (let turns = 0; turns < 30; turns += 1) await turn();
}

// Time that passes only when the test says so.
export class Clock {
  constructor() {
    this.now = 0;
    this.timers = new Map();
  }

  start(act, wait, every) {
    const id = this.timers.size + this.now + Math.random();
    this.timers.set(id, { act, at: this.now + wait, every });
    return id;
  }

  installIn(window) {
    window.setTimeout = (act, wait = 0) => this.start(act, wait, 0);
    window.setInterval = (act, wait) => this.start(act, wait, wait);
    window.clearTimeout = (id) => this.timers.delete(id);
    window.clearInterval = window.clearTimeout;
  }

  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (let due = this.due(end); due; due = this.due(end)) {
      const [id, timer] = due;
      this.now = timer.at;
      if (timer.every) timer.at += timer.every;
      else this.timers.delete(id);
      timer.act();
      await idle();
    }
    this.now = end;
    await idle();
  }

  due(end) {
    return [...this.timers].filter(([, timer]) => timer.at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
  }
}

// An answer as fetch gives it.
export function answer(status, body = "", type = "basic") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    type,
    ok: status >= 200 && status < 300,
    text: async () => text,
    json: async () => JSON.parse(text),
  };
}

export const CUT_OFF = () => Promise.reject(new TypeError("Failed to fetch"));

// Open a page and let its scripts start. `serve(url, options)` answers what they fetch; `globals` are further things
// that the window has; `early(document)` is what a person does before the scripts have come. The result: { window, document, context, clock, requests }.
export async function openPage({ html, scripts, serve = CUT_OFF, path = "/", globals = {}, early = () => {} }) {
  const clock = new Clock();
  const requests = [];
  const dom = new JSDOM(html, {
    url: `https://zz.example${path}`,
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(),
    beforeParse(window) {
      clock.installIn(window);
      window.Element.prototype.scrollIntoView = () => {};
      window.visualViewport = { offsetTop: 0, height: 768 };
      window.fetch = async (url, options = {}) => {
        requests.push({ url: String(url), ...options });
        return serve(String(url), options);
      };
      Object.assign(window, globals);
    },
  });
  early(dom.window.document);
  run(dom.getInternalVMContext(), scripts);
  await idle();
  return { window: dom.window, document: dom.window.document, context: dom.getInternalVMContext(), clock, requests };
}

// --- what a person does

export function type(page, field, text) {
  field.focus();
  field.value = text;
  field.dispatchEvent(new page.window.Event("input", { bubbles: true }));
}

// Press a key where the focus is; false when the page kept it to itself.
export function press(page, key, held = {}) {
  const event = new page.window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });
  return page.document.activeElement.dispatchEvent(event);
}

// Send a form; false when the page keeps it.
export function submit(page, form) {
  return form.dispatchEvent(new page.window.Event("submit", { bubbles: true, cancelable: true }));
}
