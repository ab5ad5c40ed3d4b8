// The service worker of the phone pages: the network first, the phone's own store without one.
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { CUT_OFF, run } from "./window.mjs";

const ORIGIN = "https://zz.example";
const path = (request) => new URL(request.url ?? request, ORIGIN).pathname;

// The browser's store of answers, as far as it is used.
class Caches {
  constructor(kept = {}) {
    this.stores = new Map(Object.entries(kept).map(([name, pages]) => [name, new Map(Object.entries(pages))]));
  }

  async open(name) {
    if (!this.stores.has(name)) this.stores.set(name, new Map());
    const store = this.stores.get(name);
    return {
      match: async (request) => store.get(path(request)),
      put: async (request, answer) => void store.set(path(request), answer),
      add: async (file) => void store.set(file, `file ${file}`),
      delete: async (request) => store.delete(path(request)),
      keys: async () => [...store.keys()].map((kept) => ({ url: ORIGIN + kept })),
    };
  }

  async match(request) {
    for (const store of this.stores.values()) if (store.has(path(request))) return store.get(path(request));
    return undefined;
  }

  kept(name) {
    return [...(this.stores.get(name)?.keys() ?? [])].sort();
  }
}

const page = (text, more = {}) => ({ ok: true, redirected: false, type: "basic", text, clone: () => text, ...more });

function start({ caches = new Caches(), fetch = async (request) => page(`page ${path(request)}`) } = {}) {
  const listeners = {};
  const self = {
    KEPT_FILES: ["/static/js/base.1.js"],
    caches,
    fetch,
    URL,
    location: { origin: ORIGIN },
    Response: { error: () => "no page" },
    addEventListener: (name, act) => {
      listeners[name] = act;
    },
    skipWaiting: () => {},
    clients: { claim: async () => {} },
  };
  const context = vm.createContext(self);
  context.self = context;
  run(context, ["js/field/worker.js"]);
  return {
    caches,
    async tell(name) {
      let work;
      listeners[name]({
        waitUntil: (promise) => {
          work = promise;
        },
      });
      await work;
    },
    // what the worker answers; undefined where it leaves the request to the browser
    async ask(url, { method = "GET", mode = "navigate" } = {}) {
      let given;
      const request = { url: new URL(url, ORIGIN).href, method, mode };
      listeners.fetch({
        request,
        respondWith: (promise) => {
          given = promise;
        },
      });
      return given;
    },
  };
}

test("at its start it keeps the three pages and the files, and drops files of an earlier version", async () => {
  const caches = new Caches({ "field-assets": { "/static/js/base.0.js": "old" } });
  await start({ caches }).tell("install");
  assert.deepEqual(caches.kept("field-pages"), ["/field/", "/field/report/", "/field/visits/"]);
  assert.deepEqual(caches.kept("field-assets"), ["/static/js/base.1.js"]);
});

test("without a network at its start it starts all the same", async () => {
  const worker = start({ fetch: CUT_OFF });
  await worker.tell("install");
  assert.deepEqual(worker.caches.kept("field-pages"), []);
});

test("a page comes from the network and is kept for later", async () => {
  const worker = start();
  assert.equal((await worker.ask("/field/visits/?plan=1")).text, "page /field/visits/");
  assert.deepEqual(worker.caches.kept("field-pages"), ["/field/visits/"]);
});

test("without a network a page comes from the store, and the report page stands for those that are not there", async () => {
  const caches = new Caches({ "field-pages": { "/field/": "home", "/field/report/": "report" } });
  const worker = start({ caches, fetch: CUT_OFF });
  assert.equal(await worker.ask("/field/"), "home");
  assert.equal(await worker.ask("/field/reports/1/"), "report");
  assert.equal(await start({ fetch: CUT_OFF }).ask("/field/"), "no page");
});

for (const [what, more] of [
  ["a login page", { redirected: true }],
  ["a refusal", { ok: false }],
  ["a redirect", { type: "opaqueredirect" }],
]) {
  test(`${what} is never kept in the place of a page`, async () => {
    const worker = start({ fetch: async () => page("other", more) });
    await worker.ask("/field/");
    assert.deepEqual(worker.caches.kept("field-pages"), []);
  });
}

test("pages of single reports are not kept", async () => {
  const worker = start();
  await worker.ask("/field/reports/1/");
  assert.deepEqual(worker.caches.kept("field-pages"), []);
});

test("our files come from the store, or from the network where they are not there", async () => {
  const caches = new Caches({ "field-assets": { "/static/js/base.1.js": "kept" } });
  assert.equal(await start({ caches }).ask("/static/js/base.1.js", { mode: "no-cors" }), "kept");
  assert.equal((await start().ask("/static/js/base.1.js", { mode: "no-cors" })).text, "page /static/js/base.1.js");
});

test("everything else is left to the browser: the API, sending, other pages, other servers", async () => {
  const worker = start();
  const asked = [
    worker.ask("/api/v1/hazards/", { mode: "cors" }),
    worker.ask("/field/", { method: "POST" }),
    worker.ask("/cases/"),
    worker.ask("https://other.example/field/"),
  ];
  assert.deepEqual(await Promise.all(asked), [undefined, undefined, undefined, undefined]);
});
