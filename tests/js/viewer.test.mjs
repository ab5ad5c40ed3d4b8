// Pictures over the whole screen: arrows go round, what opens a tab is left alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./window.mjs";

const link = (name) => `<a href="/files/${name}/look/" data-look="${name}"><img alt=""></a>`;
const HTML = `${link("界桩.jpg")}${link("地头.jpg")}`;

async function open(html = HTML) {
  const page = await openPage({ html, scripts: ["js/viewer.js"], path: "/cases/ZJ1/" });
  page.window.HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
  page.window.HTMLDialogElement.prototype.close = function close() {
    this.dispatchEvent(new page.window.Event("close"));
  };
  return page;
}

function click(page, element, options = {}) {
  const event = new page.window.MouseEvent("click", { bubbles: true, cancelable: true, ...options });
  element.dispatchEvent(event);
  return event.defaultPrevented;
}

test("the picture clicked is shown, arrows go round, closing takes it away", async () => {
  const page = await open();
  assert.equal(click(page, page.document.querySelectorAll("[data-look] img")[1]), true);
  const dialog = page.document.querySelector("dialog");
  const seen = () => [new URL(dialog.querySelector("img").src).pathname, dialog.querySelector("span").textContent];
  assert.deepEqual(seen(), [encodeURI("/files/地头.jpg/look/"), "地头.jpg（2 / 2）"]);
  dialog.dispatchEvent(new page.window.KeyboardEvent("keydown", { key: "ArrowRight" }));
  assert.deepEqual(seen(), [encodeURI("/files/界桩.jpg/look/"), "界桩.jpg（1 / 2）"]);
  click(page, dialog.querySelector('[data-step="-1"]'));
  assert.equal(seen()[1], "地头.jpg（2 / 2）");
  click(page, dialog.querySelector("[data-close]"));
  assert.equal(page.document.querySelector("dialog"), null);
});

test("one picture has nowhere to go; with Ctrl the browser opens its tab", async () => {
  const page = await open(link("界桩.jpg"));
  assert.equal(click(page, page.document.querySelector("[data-look]"), { ctrlKey: true }), false);
  assert.equal(page.document.querySelector("dialog"), null);
  click(page, page.document.querySelector("[data-look]"));
  const buttons = [...page.document.querySelectorAll("dialog [data-step]")];
  assert.deepEqual(
    buttons.map((button) => button.hidden),
    [true, true],
  );
});
