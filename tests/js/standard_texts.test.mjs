// Standard texts: offered above a long field, found by name or initials, put in where one writes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, idle, openPage, press, type } from "./window.mjs";

const HTML = `<dialog id="sheet" open><form hx-post="/cases/ZJ1/acts/write-note/"><textarea name="text">前一句</textarea></form></dialog>`;
const LINES = `<button type="button" data-text="已上门核实。" data-initials="smhs">上门核实</button>
  <button type="button" data-text="已电话联系。" data-initials="dhlx">电话联系</button>`;

async function open() {
  const page = await openPage({
    html: HTML,
    scripts: ["js/standard_texts.js"],
    serve: () => answer(200, LINES),
    path: "/cases/",
  });
  page.document.dispatchEvent(new page.window.Event("htmx:afterSettle"));
  const menu = page.document.querySelector("details");
  menu.open = true;
  await idle();
  menu.dispatchEvent(new page.window.Event("toggle"));
  await idle();
  return { ...page, menu, field: page.document.querySelector("textarea"), find: menu.querySelector("input") };
}

test("what is found by its initials is put in on a line of its own", async () => {
  const page = await open();
  assert.ok(page.requests[0].url.endsWith("/texts/offered/?case=ZJ1"));
  page.field.setSelectionRange(3, 3);
  type(page, page.find, "dh");
  press(page, "Enter");
  assert.equal(page.field.value, "前一句\n已电话联系。");
  assert.equal(page.menu.open, false);
});

test("Escape closes the list and leaves the dialog and the text alone", async () => {
  const page = await open();
  page.find.focus();
  assert.equal(press(page, "Escape"), false);
  assert.deepEqual([page.menu.open, page.field.value], [false, "前一句"]);
});

const MACRO_HTML = `<meta name="csrf-token" content="t"><button data-fill="kind=b&text=%E5%B7%B2%E4%B8%8A%E9%97%A8">上门</button>
  <dialog id="sheet" open><form hx-post="/cases/ZJ1/acts/write-note/?back=here"><input type="hidden" name="version" value="2">
  <select name="kind"><option value="a">甲</option><option value="b">乙</option></select><textarea name="text"></textarea></form></dialog>`;

async function openDialog(serve) {
  const page = await openPage({
    html: MACRO_HTML,
    scripts: ["js/kept.js", "js/standard_texts.js"],
    serve,
    path: "/cases/ZJ1/",
  });
  const form = page.document.querySelector("form");
  const settle = () =>
    page.document.dispatchEvent(
      new page.window.CustomEvent("htmx:afterSettle", { detail: { target: form.closest("dialog") } }),
    );
  return { ...page, form, settle };
}

test("a macro fills the dialog of its act once it is there, and only that one", async () => {
  const page = await openDialog(() => answer(204, ""));
  page.document.querySelector("[data-fill]").click();
  page.settle();
  await idle();
  const values = () => [page.form.elements.kind.value, page.form.elements.text.value, page.form.elements.version.value];
  assert.deepEqual(values(), ["b", "已上门", "2"]);
  page.form.reset();
  page.settle();
  await idle();
  assert.deepEqual(values(), ["a", "", "2"]);
});

test("a dialog is kept as a macro with its act and what is filled in; what is wrong is said", async () => {
  const answers = [answer(400, '{"detail": "请填写名称。"}'), answer(200, '{"said": "已保存"}')];
  const page = await openDialog((url) => (url.endsWith("/texts/macros/") ? answers.shift() : answer(204, "")));
  page.settle();
  await idle();
  page.form.elements.text.value = "已上门";
  const [name, button, said] = page.document.querySelector(".macro-keep").children;
  button.click();
  await idle();
  assert.equal(said.textContent, "请填写名称。");
  name.value = "上门";
  button.click();
  await idle();
  assert.deepEqual([said.textContent, name.value], ["已保存", ""]);
  const sent = new URLSearchParams(String(page.requests.at(-1).body));
  assert.deepEqual([sent.get("name"), sent.get("act")], ["上门", "write-note"]);
  assert.equal(new URLSearchParams(sent.get("fields")).get("text"), "已上门");
});
