// The phone page: what the person does and sees while an entry waits, goes out or is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { answer, CUT_OFF, idle, openPage, scriptsOf, submit } from "./window.mjs";

const SCRIPTS = scriptsOf("grids/field/base.html").filter((path) => path.startsWith("js/field/"));
const HTML = `<body data-user="7" data-token="/field/token/" data-worker="/field/sw.js">
<span data-net hidden>没有网络</span>
<div id="notes"></div>
<main id="content">
  <section data-waiting hidden><span data-waiting-number></span><ul data-waiting-list></ul>
    <button type="button" data-send-now>现在发送</button></section>
  <form id="report" action="/api/v1/hazards/" data-queue="report">
    <input type="hidden" name="csrfmiddlewaretoken" value="old">
    <textarea name="narrative" required></textarea><div data-error="narrative"></div>
    <input type="file" name="files" multiple data-files><ul data-thumbs></ul><div data-error="files"></div>
    <input type="checkbox" name="is_urgent" value="true">
    <div data-error="form" hidden></div>
    <button type="submit">提交</button>
  </form>
  <form id="visit" action="/api/v1/visits/" data-queue="visit">
    <input name="household" required><input name="plan" value="12"><div data-error="form" hidden></div>
    <button type="submit">走访过了</button>
  </form>
</main></body>`;

const inTime = (url) => answer(200, url === "/field/token/" ? { user: 7, csrf: "fresh" } : {});

// A page of the phone whose store is `indexedDB`.
// `signsIn` answers the dialog that asks to sign in again.
async function openField({ indexedDB = new IDBFactory(), isOnline = true, serve = inTime, signsIn } = {}) {
  const askInPlace = async () => Boolean(signsIn?.());
  const network = { isOnline, serve };
  const fetched = (url) => (network.isOnline ? network.serve(url) : CUT_OFF());
  const page = await openPage({
    html: HTML,
    scripts: SCRIPTS,
    serve: fetched,
    globals: { indexedDB, askInPlace, againAddress: "/login/again/" },
    path: "/field/",
  });
  Object.defineProperty(page.window.navigator, "onLine", { get: () => network.isOnline });
  await idle();
  const posts = () => page.requests.filter((one) => one.method === "POST");
  return { ...page, network, posts };
}

async function report(page, narrative) {
  const form = page.document.getElementById("report");
  form.elements.narrative.value = narrative;
  submit(page, form);
  await idle();
  return form;
}

const shown = (page) => [...page.document.querySelectorAll("[data-waiting-list] li")].map((line) => line.textContent);
const note = (page) => page.document.getElementById("notes").textContent;

test("a report without a network is shown as waiting, and goes out by itself when there is one again", async () => {
  const page = await openField({ isOnline: false });
  const form = await report(page, "羊群进了玉米地");
  assert.deepEqual(shown(page), ["上报：羊群进了玉米地"]);
  assert.equal(page.document.querySelector("[data-waiting-number]").textContent, "1");
  assert.match(note(page), /没有网络，已存在手机里/);
  assert.equal(form.elements.narrative.value, "");
  page.network.isOnline = true;
  page.window.dispatchEvent(new page.window.Event("online"));
  await idle();
  assert.deepEqual([shown(page), page.document.querySelector("[data-waiting]").hidden], [[], true]);
  assert.match(note(page), /上报已送达/);
  assert.equal(page.posts().length, 1);
});

test("a report that waits is sent by the page that is opened next", async () => {
  const indexedDB = new IDBFactory();
  await report(await openField({ indexedDB, isOnline: false }), "羊群");
  const page = await openField({ indexedDB });
  assert.deepEqual([shown(page), page.posts().map((one) => JSON.parse(one.body).narrative)], [[], ["羊群"]]);
});

test("what waits is tried again every half minute", async () => {
  const page = await openField({ serve: CUT_OFF });
  await report(page, "羊群");
  assert.equal(shown(page).length, 1);
  page.network.serve = inTime;
  await page.clock.pass(29_999);
  assert.equal(page.posts().length, 0);
  await page.clock.pass(1);
  assert.deepEqual([shown(page), page.posts().length], [[], 1]);
});

test("the report carries its number, the moment it was found and what was ticked, and the fresh token", async () => {
  const page = await openField();
  page.document.querySelector("[name=is_urgent]").checked = true;
  await report(page, "羊群");
  const [{ headers, body }] = page.posts();
  const { uid, found_at, ...rest } = JSON.parse(body);
  assert.deepEqual(rest, { narrative: "羊群", is_urgent: true });
  assert.deepEqual([headers["Idempotency-Key"], headers["X-CSRFToken"]], [uid, "fresh"]);
  assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(found_at, /^\d{4}-\d\d-\d\dT/);
});

test("a phone without randomUUID gives numbers of the same form", async () => {
  const page = await openField();
  Object.defineProperty(page.window.crypto, "randomUUID", { value: undefined });
  await report(page, "一");
  await report(page, "二");
  const numbers = page.posts().map((one) => JSON.parse(one.body).uid);
  for (const uid of numbers) assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(numbers[0], numbers[1]);
});

test("a visit names the line of the plan as a number", async () => {
  const page = await openField({ isOnline: false });
  const form = page.document.getElementById("visit");
  form.elements.household.value = "2 组李家";
  submit(page, form);
  await idle();
  assert.deepEqual(shown(page), ["走访：2 组李家"]);
  const [entry] = await page.window.field.store.all();
  assert.deepEqual([entry.body.plan, entry.body.household], [12, "2 组李家"]);
});

test("an empty report is not taken, and the field says why", async () => {
  const page = await openField();
  const form = await report(page, "  ");
  assert.equal(form.querySelector("[data-error=narrative]").textContent, "请说明发现了什么。");
  assert.equal(page.document.activeElement, form.elements.narrative);
  assert.deepEqual([shown(page), page.posts()], [[], []]);
});

test("a refused report says why, and goes away when the person gives it up", async () => {
  const page = await openField();
  page.network.serve = (url) => (url === "/field/token/" ? inTime(url) : answer(422, { detail: "网格已停用。" }));
  await report(page, "羊群");
  assert.deepEqual(shown(page), ["上报：羊群网格已停用。修改后再发不发了"]);
  page.document.querySelector("[data-drop-entry]").click();
  await idle();
  assert.deepEqual([shown(page), await page.window.field.store.all()], [[], []]);
});

test("the person is told that the login is over, and the report waits", async () => {
  const page = await openField();
  page.network.serve = () => answer(401);
  await report(page, "羊群");
  assert.match(note(page), /登录已到期。重新登录后/);
  assert.deepEqual(shown(page), ["上报：羊群"]);
});

test("who signs in again over the page has the report sent, and who does not is asked at the next one only", async () => {
  let asked = 0;
  const page = await openField({ signsIn: () => ++asked > 1 });
  page.network.serve = (url) => (asked > 1 ? inTime(url) : answer(401));
  await report(page, "羊群");
  await page.window.field.flush();
  assert.deepEqual([asked, shown(page)], [1, ["上报：羊群"]]);
  await report(page, "墙体开裂");
  await idle();
  await page.window.field.flush();
  assert.deepEqual([asked, shown(page)], [2, []]);
});

for (const [why, files] of [
  ["最多 9 个照片或视频。", Array.from({ length: 10 }, () => ({ name: "羊.jpg", type: "image/jpeg", size: 1 }))],
  ["“单据.pdf”不能上传，请用照片或 MP4、MOV 视频。", [{ name: "单据.pdf", type: "application/pdf", size: 1 }]],
  ["“羊.mp4”超过 20 MB，请拍短一些（约 20 秒）。", [{ name: "羊.mp4", type: "video/mp4", size: 20 * 1024 * 1024 + 1 }]],
]) {
  test(`files that cannot go are told before they are stored: ${why}`, async () => {
    const page = await openField();
    const form = page.document.getElementById("report");
    Object.defineProperty(form.querySelector("[data-files]"), "files", { value: files });
    await report(page, "羊群");
    assert.equal(form.querySelector("[data-error=files]").textContent, why);
    assert.deepEqual([shown(page), page.posts()], [[], []]);
  });
}

test("a video of exactly twenty megabytes and nine photos can go", async () => {
  const page = await openField();
  const photos = Array.from({ length: 9 }, () => ({ name: "羊.jpg", type: "image/jpeg", size: 1 }));
  const video = { name: "羊.mp4", type: "video/mp4", size: 20 * 1024 * 1024 };
  assert.deepEqual([page.window.faultOfFiles(photos), page.window.faultOfFiles([video])], ["", ""]);
});

test("films of iPhones and files to which the phone gives no type go by their name", async () => {
  const page = await openField();
  const [mov, heic, nameless] = ["IMG_0002.MOV", "IMG_0001.HEIC", "单据"].map((name) => ({ name, type: "", size: 1 }));
  assert.deepEqual([page.window.faultOfFiles([mov, heic]), page.window.faultOfFiles([nameless]) === ""], ["", false]);
});

test("a refused report opens again in its form and what is sent then takes its place", async () => {
  let refuses = true;
  const serve = (url) => {
    if (url !== "/field/token/" && refuses) return answer(422, { detail: "网格已停用。" });
    return inTime(url);
  };
  const page = await openField({ serve });
  const form = page.document.getElementById("report");
  form.elements.is_urgent.checked = true;
  await report(page, "羊群进了玉米地");
  assert.match(shown(page)[0], /网格已停用。修改后再发不发了/);
  page.document.querySelector("[data-mend-entry]").click();
  await idle();
  assert.deepEqual([form.elements.narrative.value, form.elements.is_urgent.checked], ["羊群进了玉米地", true]);
  assert.equal(form.querySelector("[data-error=form]").textContent, "网格已停用。");
  refuses = false;
  await report(page, "羊群进了五家子村玉米地");
  assert.deepEqual(shown(page), []);
  assert.deepEqual(
    page.posts().map((one) => JSON.parse(one.body).narrative),
    ["羊群进了玉米地", "羊群进了五家子村玉米地"],
  );
});
