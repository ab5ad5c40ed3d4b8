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
