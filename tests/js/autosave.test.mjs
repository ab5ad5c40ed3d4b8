// The register page keeps what is typed: after a pause, through lost networks and lost sessions, never twice the work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, CUT_OFF, idle, openPage, submit, type } from "./window.mjs";

const PAUSE = 700;
const AGAIN = 4000;
const html = (more = 'data-typed="/typed/1/" data-draft="/drafts/1/" data-ground="/cases/new/"') => `
<meta name="csrf-token" content="first">
<form ${more}>
  <input type="hidden" name="csrfmiddlewaretoken" value="first">
  <textarea name="narrative"></textarea><span data-saved></span><button>登记</button>
</form>`;
const SAVED = () => answer(200, { saved_at: "08:30:00" });
const ASKING_FOR_LOGIN = () => answer(0, "", "opaqueredirect");

// The page with a server that can be changed while it is open.
async function openEntry(markup = html()) {
  const server = { typed: SAVED, ground: ASKING_FOR_LOGIN };
  const serve = (url) => (url === "/typed/1/" ? server.typed() : server.ground());
  const page = await openPage({ html: markup, scripts: ["js/entry/autosave.js"], serve, path: "/cases/new/" });
  const form = page.document.querySelector("form");
  const autosave = new page.window.Autosave(form);
  autosave.listen();
  const kept = () => page.requests.filter((one) => one.method === "POST");
  const line = form.querySelector("[data-saved]");
  return { ...page, server, form, autosave, kept, line, write: (text) => type(page, form.elements.narrative, text) };
}

const words = (request) => request.body.get("narrative");

test("what is typed is kept once, after a pause, with the token in the head alone", async () => {
  const page = await openEntry();
  page.write("羊");
  await page.clock.pass(PAUSE - 1);
  page.write("羊群");
  await page.clock.pass(PAUSE - 1);
  assert.deepEqual(page.kept(), []);
  await page.clock.pass(1);
  assert.deepEqual(page.kept().map(words), ["羊群"]);
  assert.equal(page.kept()[0].headers["X-CSRFToken"], "first");
  assert.equal(page.kept()[0].body.get("csrfmiddlewaretoken"), null);
});

test("the page says when it was kept, and its address becomes that of the draft", async () => {
  const page = await openEntry();
  page.write("羊群");
  await page.clock.pass(PAUSE);
  assert.equal(page.line.textContent, "已自动保存 08:30:00");
  assert.equal(page.window.location.pathname, "/drafts/1/");
});

test("what was typed while the page was still loading is kept too", async () => {
  const page = await openEntry();
  page.form.elements.narrative.value = "羊群";
  page.autosave.listen();
  await page.clock.pass(PAUSE);
  assert.deepEqual(page.kept().map(words), ["羊群"]);
});

test("nothing is sent while nothing new was typed", async () => {
  const page = await openEntry();
  page.write("羊群");
  await page.clock.pass(PAUSE + 10 * AGAIN);
  assert.equal(page.kept().length, 1);
});

test("what is typed while the server is answering is kept after the answer", async () => {
  const page = await openEntry();
  let reply;
  page.server.typed = () =>
    new Promise((resolve) => {
      reply = () => resolve(SAVED());
    });
  page.write("羊");
  await page.clock.pass(PAUSE);
  page.write("羊群");
  await page.clock.pass(PAUSE);
  assert.deepEqual(page.kept().map(words), ["羊"]);
  page.server.typed = SAVED;
  reply();
  await idle();
  await page.clock.pass(PAUSE);
  assert.deepEqual(page.kept().map(words), ["羊", "羊群"]);
});

test("a lost network is told, and the text is kept when there is one again", async () => {
  const page = await openEntry();
  page.server.typed = CUT_OFF;
  page.write("羊群");
  await page.clock.pass(PAUSE);
  assert.equal(page.line.textContent, "网络中断，恢复后自动保存");
  assert.ok(page.line.classList.contains("is-lost"));
  page.server.typed = SAVED;
  await page.clock.pass(AGAIN);
  assert.equal(words(page.kept().pop()), "羊群");
  assert.equal(page.line.textContent, "已自动保存 08:30:00");
  assert.ok(!page.line.classList.contains("is-lost"));
});

test("a server in trouble is told and asked again", async () => {
  const page = await openEntry();
  page.server.typed = () => answer(500);
  page.write("羊群");
  await page.clock.pass(PAUSE);
  assert.equal(page.line.textContent, "自动保存没有成功，稍后再试");
  page.server.typed = SAVED;
  await page.clock.pass(AGAIN);
  assert.equal(page.line.textContent, "已自动保存 08:30:00");
});

test("an entry that was registered meanwhile is not asked for again", async () => {
  const page = await openEntry();
  page.server.typed = () => answer(409);
  page.write("羊群");
  await page.clock.pass(PAUSE + 10 * AGAIN);
  assert.deepEqual([page.kept().length, page.line.textContent], [1, ""]);
});

for (const [how, out] of [
  ["a redirect", ASKING_FOR_LOGIN],
  ["401", () => answer(401)],
  ["403", () => answer(403)],
]) {
  test(`a lost session (${how}) offers a login beside the page, and the form stays`, async () => {
    const page = await openEntry();
    page.server.typed = out;
    page.write("羊群");
    await page.clock.pass(PAUSE);
    const link = page.line.querySelector("a");
    assert.match(link.textContent, /登录已失效/);
    assert.deepEqual([link.getAttribute("href"), link.target, link.rel], ["/login/", "_blank", "noopener"]);
    assert.equal(submit(page, page.form), false);
    assert.equal(page.document.activeElement, link);
  });
}

test("after a login beside the page the text is kept under the new token, and the form can go", async () => {
  const page = await openEntry();
  page.server.typed = ASKING_FOR_LOGIN;
  page.write("羊群");
  await page.clock.pass(PAUSE);
  page.server.ground = () => answer(200, '<meta name="csrf-token" content="second">');
  await page.clock.pass(AGAIN); // the old token is refused once more, and the new one is taken up
  page.server.typed = SAVED;
  await page.clock.pass(AGAIN);
  const last = page.kept().pop();
  assert.deepEqual([words(last), last.headers["X-CSRFToken"]], ["羊群", "second"]);
  assert.equal(page.form.elements.csrfmiddlewaretoken.value, "second");
  assert.equal(submit(page, page.form), true);
});

test("a part of the page that finds the session over is held back and does not lead to the login", async () => {
  const page = await openEntry();
  const arrival = (status) => {
    const detail = { xhr: { status } };
    return page.document.dispatchEvent(new page.window.CustomEvent("htmx:beforeOnLoad", { detail, cancelable: true }));
  };
  assert.deepEqual([arrival(200), arrival(401)], [true, false]);
  await idle();
  assert.match(page.line.textContent, /登录已失效/);
});

test("a form that was sent keeps nothing more, until the person comes back to the page", async () => {
  const page = await openEntry();
  submit(page, page.form);
  page.write("羊群");
  await page.clock.pass(PAUSE);
  assert.deepEqual(page.kept(), []);
  page.window.dispatchEvent(new page.window.Event("pageshow"));
  page.write("羊群！");
  await page.clock.pass(PAUSE);
  assert.deepEqual(page.kept().map(words), ["羊群！"]);
});

test("what was typed last goes out when the page is left, and only then", async () => {
  const page = await openEntry();
  const leave = () => page.window.dispatchEvent(new page.window.Event("pagehide"));
  leave();
  assert.deepEqual(page.kept(), []);
  page.write("羊群");
  leave();
  assert.deepEqual(
    page.kept().map((one) => [words(one), one.keepalive]),
    [["羊群", true]],
  );
});

test("a registered case that is amended keeps nothing by itself", async () => {
  const page = await openEntry(html(""));
  page.write("羊群");
  page.window.dispatchEvent(new page.window.Event("pagehide"));
  await page.clock.pass(PAUSE + AGAIN);
  assert.deepEqual(page.requests, []);
});
