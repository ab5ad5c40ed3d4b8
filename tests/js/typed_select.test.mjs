// Long lists of a dialog: found in by characters or initials, what was chosen last stands first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, press, type } from "./window.mjs";

const OPTIONS = [
  ["", "请选择", "qxz"],
  ["direct", "当场化解", "dchj"],
  ["mediated", "人民调解", "rmtj"],
  ["admin", "行政调解", "xztj"],
  ["court", "引导诉讼", "ydss"],
];
const HTML = `<dialog id="sheet" open><form><select name="outcome" id="o" data-typed>
  ${OPTIONS.map(([value, label, initials]) => `<option value="${value}" data-initials="${initials}">${label}</option>`).join("")}
  </select><button></button></form></dialog>`;

async function open(storage = {}) {
  const early = (document) => {
    for (const [key, value] of Object.entries(storage)) document.defaultView.localStorage.setItem(key, value);
  };
  const page = await openPage({ html: HTML, scripts: ["js/typed_select.js"], path: "/cases/1/", early });
  page.document.dispatchEvent(new page.window.Event("htmx:afterSettle"));
  const select = page.document.querySelector("select");
  return { ...page, select, find: page.document.querySelector(".typed-find") };
}

test("initials and characters find the option, those that begin with them first", async () => {
  const page = await open();
  let changes = 0;
  page.select.addEventListener("change", () => (changes += 1));
  type(page, page.find, "tj");
  assert.equal(page.select.value, "mediated");
  assert.deepEqual(
    [...page.select.options].filter((one) => !one.hidden).map((one) => one.value),
    ["mediated", "admin"],
  );
  type(page, page.find, "诉讼");
  assert.equal(page.select.value, "court");
  assert.equal(changes, 2);
  press(page, "Enter");
  assert.equal(page.select.hasAttribute("size"), false);
  assert.equal(
    [...page.select.options].some((one) => one.hidden),
    false,
  );
});

test("what means nothing is said and changes nothing", async () => {
  const page = await open();
  type(page, page.find, "xyz9");
  assert.equal(page.select.value, "");
  assert.ok(page.find.classList.contains("is-invalid"));
});

test("what was chosen last stands first the next time, and nothing is chosen by it", async () => {
  const page = await open({ "recent:outcome": '["court"]' });
  assert.deepEqual(
    [...page.select.options].map((one) => one.value),
    ["", "court", "direct", "mediated", "admin"],
  );
  assert.equal(page.select.value, "");
});
