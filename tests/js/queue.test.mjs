// The queue of the phone pages: what was written waits on the phone and is on the server once.
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { IDBFactory } from "fake-indexeddb";
import { answer, CUT_OFF, run } from "./window.mjs";

const URL = "/api/v1/hazards/";

// A server that takes a number once, and can be out of reach, lose an answer or refuse.
class Server {
  constructor() {
    this.user = "7";
    this.reports = [];
    this.files = [];
    this.requests = [];
    this.troubles = []; // one for each of the next requests: a function in place of the answer
  }

  async fetch(url, options) {
    this.requests.push({ url, ...options });
    const trouble = this.troubles.shift();
    if (!trouble) return this.serve(url, options);
    return trouble(() => this.serve(url, options));
  }

  serve(url, { headers, body }) {
    if (url === "/field/token/") return answer(200, { user: this.user, csrf: "token" });
    const taken = url === URL ? this.reports : this.files;
    const number = headers["Idempotency-Key"];
    if (!taken.some((one) => one.number === number)) taken.push({ number, url, body, token: headers["X-CSRFToken"] });
    return answer(201, {});
  }
}

const LOSE_THE_ANSWER = async (serve) => {
  await serve();
  return CUT_OFF();
};
const ANSWER = (status, body) => () => answer(status, body);

// One page of a phone: its queue over the phone's store. Several pages may share store and locks.
function openQueue(server, { indexedDB = new IDBFactory(), user = "7", locks } = {}) {
  const context = vm.createContext({
    indexedDB,
    FormData,
    navigator: { locks },
    fetch: (url, options) => server.fetch(url, options),
  });
  run(context, ["js/field/store.js", "js/field/queue.js"]);
  const told = [];
  const page = {
    arrived: (entry) => told.push(`arrived ${entry.uid}`),
    signedOut: () => told.push("signed out"),
    changed: () => told.push("changed"),
  };
  const store = new context.EntryStore();
  const queue = new context.SendQueue({ store, user, tokenUrl: "/field/token/", page });
  return { queue, store, told };
}

function entry(uid, more = {}) {
  return { uid, user: "7", kind: "report", at: 1, url: URL, body: { uid, narrative: "羊群" }, files: [], ...more };
}

const photo = (uid) => ({ uid, name: `${uid}.jpg`, blob: new Blob([uid], { type: "image/jpeg" }) });
const waiting = async (queue) => (await queue.waiting()).map((one) => one.uid);
const numbers = (taken) => taken.map((one) => one.number);

test("a report without a network waits, and is sent when there is one", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  await store.put(entry("a"));
  server.troubles = [CUT_OFF];
  await queue.flush();
  assert.deepEqual([await waiting(queue), server.reports], [["a"], []]);
  await queue.flush();
  assert.deepEqual([await waiting(queue), numbers(server.reports)], [[], ["a"]]);
  assert.deepEqual([server.reports[0].token, JSON.parse(server.reports[0].body).narrative], ["token", "羊群"]);
});

test("what waits is still there when the page is closed and opened again", async () => {
  const server = new Server();
  const indexedDB = new IDBFactory();
  await openQueue(server, { indexedDB }).store.put(entry("a", { files: [photo("p")] }));
  const { queue } = openQueue(server, { indexedDB });
  await queue.flush();
  assert.deepEqual([numbers(server.reports), numbers(server.files)], [["a"], ["p"]]);
  assert.equal(await server.files[0].body.get("file").text(), "p");
});

test("a report whose answer was lost is sent again under its number and is there once", async () => {
  const server = new Server();
  const { queue, store, told } = openQueue(server);
  await store.put(entry("a"));
  server.troubles = [undefined, LOSE_THE_ANSWER];
  await queue.flush();
  assert.deepEqual([await waiting(queue), numbers(server.reports), told], [["a"], ["a"], ["changed"]]);
  await queue.flush();
  const sent = server.requests.filter((one) => one.url === URL);
  assert.deepEqual(
    sent.map((one) => one.headers["Idempotency-Key"]),
    ["a", "a"],
  );
  assert.deepEqual([await waiting(queue), numbers(server.reports)], [[], ["a"]]);
  assert.deepEqual(told, ["changed", "arrived a", "changed"]);
});

test("a line that breaks between two photos costs neither the words nor the first photo", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  await store.put(entry("a", { files: [photo("p"), photo("q")] }));
  server.troubles = [undefined, undefined, undefined, CUT_OFF];
  await queue.flush();
  const [left] = await store.all();
  assert.deepEqual([left.arrived, left.files.map((file) => file.uid)], [true, ["q"]]);
  await queue.flush();
  assert.deepEqual(server.requests.map((one) => one.url).slice(-2), ["/field/token/", `${URL}a/files/`]);
  assert.deepEqual([numbers(server.reports), numbers(server.files)], [["a"], ["p", "q"]]);
  assert.deepEqual(await waiting(queue), []);
});

test("entries are sent in the order in which they were written", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  for (const one of [entry("a", { at: 3 }), entry("b", { at: 1 }), entry("c", { at: 2 })]) await store.put(one);
  await queue.flush();
  assert.deepEqual(numbers(server.reports), ["b", "c", "a"]);
});

test("a refused entry stays with the reason, holds nothing up, and is not sent again by itself", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  await store.put(entry("a", { at: 1 }));
  await store.put(entry("b", { at: 2 }));
  server.troubles = [undefined, ANSWER(422, { detail: "网格已停用。" })];
  await queue.flush();
  assert.deepEqual([await waiting(queue), numbers(server.reports)], [["a"], ["b"]]);
  assert.equal((await store.all())[0].refused, "网格已停用。");
  const asked = server.requests.length;
  await queue.flush();
  assert.equal(server.requests.length, asked);
});

test("a file that the server does not take is named, and the others arrive", async () => {
  const server = new Server();
  const { queue, store, told } = openQueue(server);
  await store.put(entry("a", { files: [photo("p"), photo("q"), photo("r")] }));
  server.troubles = [undefined, undefined, undefined, ANSWER(415, { detail: "打不开。" })];
  await queue.flush();
  assert.deepEqual([numbers(server.reports), numbers(server.files)], [["a"], ["p", "r"]]);
  const [left] = await store.all();
  assert.equal(left.refused, "“q.jpg”没有收下：打不开。");
  assert.deepEqual([left.arrived, left.files, told], [true, [], ["changed"]]);
});

for (const status of [408, 429, 500, 503]) {
  test(`a server that answers ${status} is asked again later`, async () => {
    const server = new Server();
    const { queue, store } = openQueue(server);
    await store.put(entry("a"));
    server.troubles = [undefined, ANSWER(status, "busy")];
    await queue.flush();
    assert.equal((await store.all())[0].refused, undefined);
    await queue.flush();
    assert.deepEqual([await waiting(queue), numbers(server.reports)], [[], ["a"]]);
  });
}

test("the page of a network that wants a login is no answer: the entry waits", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  await store.put(entry("a"));
  server.troubles = [undefined, ANSWER(200, "<html>请先登录无线网络</html>")];
  await queue.flush();
  assert.deepEqual([await waiting(queue), server.reports], [["a"], []]);
});

test("without a login nothing is sent, nothing is lost, and the person is told", async () => {
  for (const out of [ANSWER(401), () => answer(0, "", "opaqueredirect")]) {
    const server = new Server();
    const { queue, store, told } = openQueue(server);
    await store.put(entry("a"));
    server.troubles = [out];
    await queue.flush();
    assert.deepEqual([await waiting(queue), server.reports, told], [["a"], [], ["signed out", "changed"]]);
  }
});

test("nothing is sent while another person is signed in beside this page", async () => {
  const server = new Server();
  const { queue, store, told } = openQueue(server);
  await store.put(entry("a"));
  server.user = "8";
  await queue.flush();
  assert.deepEqual([server.reports, told], [[], ["signed out", "changed"]]);
});

test("what another person wrote on the same phone is neither shown nor sent", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  await store.put(entry("a", { user: "8" }));
  await queue.flush();
  assert.deepEqual([await waiting(queue), server.requests], [[], []]);
  assert.equal((await store.all()).length, 1);
});

test("two calls at once send an entry once", async () => {
  const server = new Server();
  const { queue, store } = openQueue(server);
  await store.put(entry("a"));
  await Promise.all([queue.flush(), queue.flush()]);
  assert.equal(server.requests.filter((one) => one.url === URL).length, 1);
});

test("a page that holds the lock of the phone sends, one that does not leaves it to the other", async () => {
  const server = new Server();
  const locks = new Locks();
  const { queue, store } = openQueue(server, { locks });
  await store.put(entry("a"));
  locks.isHeld = true;
  await queue.flush();
  assert.deepEqual(server.requests, []);
  locks.isHeld = false;
  await queue.flush();
  assert.deepEqual(numbers(server.reports), ["a"]);
});

test("two pages of one phone send an entry once", async () => {
  const server = new Server();
  const phone = { indexedDB: new IDBFactory(), locks: new Locks() };
  const [one, other] = [openQueue(server, phone), openQueue(server, phone)];
  await one.store.put(entry("a"));
  await Promise.all([one.queue.flush(), other.queue.flush()]);
  assert.equal(server.requests.filter((sent) => sent.url === URL).length, 1);
  assert.deepEqual([await waiting(one.queue), await waiting(other.queue)], [[], []]);
});

// The browser's locks as far as they are used: held by one, not waited for.
class Locks {
  async request(_name, _options, work) {
    if (this.isHeld) return work(null);
    this.isHeld = true;
    try {
      return await work({});
    } finally {
      this.isHeld = false;
    }
  }
}
