// The case beside the list: where there is room, of the row one stands at, asked for once one stays there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, press } from "./window.mjs";

const row = (code) => `<tr data-row="${code}"><td><a class="case-link" href="/${code}/">${code}</a></td></tr>`;
const HTML = `<button data-preview-toggle></button><div data-split><table data-list>${row("A")}${row("B")}${row("")}</table>
  <aside data-preview hidden></aside></div>`;

async function open(width) {
  const page = await openPage({ html: HTML, scripts: ["js/list.js", "js/preview.js"], path: "/cases/" });
  const asked = [];
  page.window.htmx = { ajax: (_verb, address) => void asked.push(address) };
  page.window.innerWidth = width;
  page.window.dispatchEvent(new page.window.Event("resize"));
  return { ...page, asked, pane: page.document.querySelector("[data-preview]") };
}

test("on a wide screen the case of the row stands there once one stays at it", async () => {
  const page = await open(1920);
  assert.equal(page.pane.hidden, false);
  press(page, "j");
  press(page, "j");
  await page.clock.pass(200);
  assert.deepEqual(page.asked, ["/cases/B/preview/"]);
});

test("on 1366 pixels it stands there when V asks, and goes when V asks again", async () => {
  const page = await open(1366);
  press(page, "j");
  await page.clock.pass(200);
  assert.deepEqual([page.pane.hidden, page.asked.length], [true, 0]);
  press(page, "v");
  await page.clock.pass(200);
  assert.deepEqual([page.pane.hidden, page.asked.join()], [false, "/cases/A/preview/"]);
  press(page, "v");
  assert.equal(page.pane.hidden, true);
});

test("a phone has no room for it, and a row that is no case asks for nothing", async () => {
  const phone = await open(360);
  press(phone, "v");
  assert.equal(phone.pane.hidden, true);
  const page = await open(1920);
  page.document.querySelectorAll("a.case-link")[2].focus();
  await page.clock.pass(200);
  assert.deepEqual(page.asked, []);
});
