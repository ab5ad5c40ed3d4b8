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

test("Enter goes past what is chosen already", async () => {
  const html = `<form data-enter-as-tab><input name="phone"><select name="side"><option value="a" selected>甲</option></select>
    <select name="kind"><option value="">请选择</option></select><input name="number"></form>`;
  const page = await openPage({ html, scripts: ["js/base.js"], path: "/" });
  page.window.HTMLElement.prototype.checkVisibility = () => true;
  page.document.querySelector("[name=phone]").focus();
  press(page, "Enter");
  assert.equal(page.document.activeElement.name, "kind");
});

const SEARCH = `<div class="top-search"><input id="search-box"><div class="search-found" id="search-found"></div></div>
  <form data-other></form><textarea></textarea>`;

test("digits typed on a page are looked for; in a field and at a meeting they are what they are", async () => {
  const page = await openPage({ html: SEARCH, scripts: ["js/base.js"], path: "/" });
  const at = () => page.document.activeElement;
  page.document.querySelector("textarea").focus();
  press(page, "7");
  assert.equal(at().tagName, "TEXTAREA");
  at().blur();
  press(page, "x");
  assert.equal(at().tagName, "BODY");
  page.document.querySelector("[data-other]").dataset.decide = "";
  press(page, "7");
  assert.equal(at().tagName, "BODY");
  delete page.document.querySelector("[data-other]").dataset.decide;
  press(page, "7");
  assert.equal(at().id, "search-box");
});

test("Enter opens what was found where it is the only one", async () => {
  const page = await openPage({ html: SEARCH, scripts: ["js/base.js"], path: "/" });
  const found = page.document.querySelector(".search-found");
  const opened = [];
  const fill = (...names) => {
    found.innerHTML = names.map((name) => `<a class="found ${name === "all" ? "found-all" : ""}">${name}</a>`).join("");
    for (const link of found.children) link.addEventListener("click", () => opened.push(link.textContent));
  };
  page.document.querySelector("input").focus();
  fill("A", "B", "all");
  press(page, "Enter");
  assert.deepEqual(opened, []);
  fill("A", "all");
  press(page, "Enter");
  assert.deepEqual(opened, ["A"]);
});

test("a dialog begins at the first that must be filled in, at the box of a long list", async () => {
  const html = `<dialog id="sheet"><form><div class="sheet-body"><input name="of" value="1">
    <label for="outcome">办理结果</label><input class="typed-find" type="search"><select id="outcome" name="outcome" required>
    <option value="">请选择</option><option value="a">甲</option></select>
    <label for="note">情况 <span class="must">必填</span></label><textarea id="note" name="note"></textarea></div></form></dialog>`;
  const page = await openPage({ html, scripts: ["js/base.js"], path: "/" });
  page.window.HTMLElement.prototype.checkVisibility = () => true;
  const dialog = page.document.querySelector("dialog");
  assert.equal(page.window.stillToFill(dialog).className, "typed-find");
  page.document.querySelector("select").value = "a";
  assert.equal(page.window.stillToFill(dialog).name, "note");
});
