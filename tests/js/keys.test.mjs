// Keys of every page: Enter goes to the next field, in browsers of any age.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, press } from "./window.mjs";

const HTML = `<form data-enter-as-tab><input name="name"><input name="hidden-by-style"><input name="phone">
  <button type="submit">提交</button></form>`;

for (const [browser, knows] of [
  ["a browser of today", true],
  ["a browser that does not know checkVisibility", false],
]) {
  test(`Enter goes to the next field that is shown: ${browser}`, async () => {
    const page = await openPage({ html: HTML, scripts: ["js/base.js"], path: "/" });
    const { HTMLElement } = page.window;
    const isShown = (field) => field.name !== "hidden-by-style";
    HTMLElement.prototype.getClientRects = function () {
      return isShown(this) ? [{}] : [];
    };
    HTMLElement.prototype.checkVisibility = knows
      ? function () {
          return isShown(this);
        }
      : undefined;
    const first = page.document.querySelector("[name=name]");
    first.focus();
    press(page, "Enter");
    assert.equal(page.document.activeElement.name, "phone");
  });
}
