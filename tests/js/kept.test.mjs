// Dialogs: what is typed is kept and put back, Escape asks only when there is text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { idle, openPage } from "./window.mjs";

const HTML = `<meta name="csrf-token" content="t"><dialog id="sheet" open><form hx-post="/cases/ZJ1/acts/close/?back=x">
  <input type="hidden" name="version" value="3"><input type="hidden" name="csrfmiddlewaretoken" value="t">
  <div class="sheet-body"><textarea name="note"></textarea><select name="kind"><option value="a">甲</option><option value="b">乙</option></select>
  <div data-picker><input role="combobox" value=""><input type="hidden" name="organisation" value=""></div></div>
  <div class="sheet-foot"><button type="button" data-close-sheet>取消</button></div></form></dialog>`;

async function open(kept = null) {
  const sent = [];
  const page = await openPage({ html: HTML, scripts: ["js/kept.js"], path: "/cases/ZJ1/" });
  page.window.fetch = async (address, options = {}) => {
    sent.push([options.method || "GET", address, String(options.body ?? "")]);
    if (options.method === "POST") return { ok: true, status: 200, json: async () => ({ saved_at: "今天 10:00" }) };
    return kept ? { ok: true, status: 200, json: async () => kept } : { ok: true, status: 204 };
  };
  const form = page.document.querySelector("form");
  const settled = new page.window.CustomEvent("htmx:afterSettle", { detail: { target: form.closest("dialog") } });
  page.document.dispatchEvent(settled);
  await idle();
  return { page, form, sent };
}

function type(page, field, value) {
  field.value = value;
  field.dispatchEvent(new page.window.Event("input", { bubbles: true }));
}

const cancel = (page, form) => {
  const event = new page.window.Event("cancel", { cancelable: true });
  form.closest("dialog").dispatchEvent(event);
  return event.defaultPrevented;
};

test("what is typed is kept under the address of the act, without token and version", async () => {
  const { page, form, sent } = await open();
  type(page, form.elements.note, "双方和解");
  await page.clock.pass(800);
  const [method, address, body] = sent.at(-1);
  const given = new URLSearchParams(body);
  assert.deepEqual([method, address, given.get("place")], ["POST", "/kept/", "/cases/ZJ1/acts/close/"]);
  const text = new URLSearchParams(given.get("text"));
  assert.equal(text.get("note"), "双方和解");
  assert.equal(text.has("version") || text.has("csrfmiddlewaretoken"), false);
  assert.equal(form.elements["typed-is-kept"].value, "1");
});

test("what was sent before it was kept is not kept behind the act, which is told to forget", async () => {
  const { page, form, sent } = await open();
  type(page, form.elements.note, "双方和解");
  const before = sent.length;
  form.dispatchEvent(new page.window.Event("submit", { bubbles: true, cancelable: true }));
  await page.clock.pass(800);
  page.window.dispatchEvent(new page.window.Event("pagehide"));
  await idle();
  assert.deepEqual([sent.length, form.elements["typed-is-kept"].value], [before, "1"]);
  type(page, form.elements.note, "双方没有和解");
  await page.clock.pass(800);
  assert.equal(sent.length, before + 1);
});

test("a session that ended keeps nothing, takes no page for an answer, and says so", async () => {
  const { page, form } = await open();
  const door = async () => ({
    ok: true,
    status: 200,
    redirected: true,
    json: async () => JSON.parse("<!doctype html>"),
  });
  page.window.fetch = door;
  type(page, form.elements.note, "双方和解");
  await page.clock.pass(800);
  assert.match(form.querySelector("[data-kept-note]").textContent, /还没有保存/);
  assert.equal(form.elements["typed-is-kept"], undefined);
  const settled = new page.window.CustomEvent("htmx:afterSettle", { detail: { target: form.closest("dialog") } });
  page.document.dispatchEvent(settled);
  await idle();
  assert.equal(form.elements.note.value, "双方和解");
});

test("what was kept is put back, the words of a picker with its code", async () => {
  const text = new URLSearchParams({ note: "写了一半", kind: "b", organisation: "7", "~organisation": "司法局" });
  const { form } = await open({ text: text.toString(), saved_at: "今天 09:30" });
  assert.equal(form.elements.note.value, "写了一半");
  assert.equal(form.elements.kind.value, "b");
  assert.equal(form.elements.organisation.value, "7");
  assert.equal(form.querySelector("[role=combobox]").value, "司法局");
  assert.match(form.textContent, /已恢复 今天 09:30 没有提交的内容/);
});

test("Escape asks only when there is text, and who says no goes on writing", async () => {
  const { page, form, sent } = await open();
  const asked = [];
  page.window.confirm = (words) => {
    asked.push(words);
    return asked.length > 1;
  };
  assert.equal(cancel(page, form), false);
  assert.equal(asked.length, 0);
  type(page, form.elements.note, "双方和解");
  await page.clock.pass(800);
  assert.equal(cancel(page, form), true);
  assert.equal(cancel(page, form), false);
  assert.equal(sent.at(-1)[1], "/kept/forget/");
});

const note = (form) => form.querySelector("[data-kept-note]");
const leaving = (page) => {
  const event = new page.window.Event("beforeunload", { cancelable: true });
  page.window.dispatchEvent(event);
  return event.defaultPrevented;
};

test("signed out: the form says that nothing is kept, asks before it is left, and keeps after signing in beside it", async () => {
  const { page, form } = await open();
  let isIn = false;
  page.window.fetch = async (_address, options = {}) => {
    if (options.method !== "POST") return { ok: true, status: 204 };
    if (!isIn) return { ok: true, status: 200, redirected: true };
    return { ok: true, status: 200, json: async () => ({ saved_at: "今天 10:05" }) };
  };
  page.window.againAddress = "/login/again/";
  page.window.askInPlace = async () => {
    isIn = true;
    return true;
  };
  assert.equal(leaving(page), false);
  type(page, form.elements.note, "双方和解");
  await page.clock.pass(800);
  assert.match(note(form).textContent, /登录已失效，刚写的还没有保存/);
  assert.equal(leaving(page), true);
  note(form).querySelector("button").click();
  await idle();
  assert.match(note(form).textContent, /已自动保存 今天 10:05/);
  assert.equal(note(form).querySelector("button"), null);
  assert.deepEqual([form.elements.note.value, leaving(page)], ["双方和解", false]);
});

test("without network it is tried again by itself", async () => {
  const { page, form } = await open();
  let isThere = false;
  page.window.fetch = async (_address, options = {}) => {
    if (options.method !== "POST") return { ok: true, status: 204 };
    if (!isThere) throw new TypeError("no network");
    return { ok: true, status: 200, json: async () => ({ saved_at: "今天 10:06" }) };
  };
  type(page, form.elements.note, "双方和解");
  await page.clock.pass(800);
  assert.match(note(form).textContent, /网络不通/);
  isThere = true;
  await page.clock.pass(5100);
  assert.match(note(form).textContent, /已自动保存 今天 10:06/);
});
