// What is pressed before the scripts have come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, run } from "./window.mjs";

const HTML = `<button type="button" id="act"><span>签收</span></button><a href="#list" id="link">案件</a>`;

async function openEarly() {
  const heard = [];
  const press = (selector) => page.document.querySelector(selector).click();
  const page = await openPage({ html: HTML, scripts: [] });
  const load = (script) => run(page.context, [script]);
  load("js/early.js");
  page.document.addEventListener("click", (event) => heard.push(event.target.id || "inside"));
  const come = async () => {
    page.document.dispatchEvent(new page.window.Event("DOMContentLoaded"));
    await page.clock.pass(0);
  };
  return { ...page, heard, press, come };
}

test("a button pressed before the scripts have come is pressed when they are there, once", async () => {
  const page = await openEarly();
  page.press("#act span");
  page.press("#act span");
  assert.deepEqual(page.heard, []);
  await page.come();
  assert.deepEqual(page.heard, ["act"]);
  page.press("#act");
  assert.deepEqual(page.heard, ["act", "act"]);
});

test("a link needs no script and is followed at once", async () => {
  const page = await openEarly();
  page.press("#link");
  assert.deepEqual(page.heard, ["link"]);
  await page.come();
  assert.deepEqual(page.heard, ["link"]);
});

test("a button that is gone by then is not pressed", async () => {
  const page = await openEarly();
  page.press("#act");
  page.document.querySelector("#act").remove();
  await page.come();
  assert.deepEqual(page.heard, []);
});
