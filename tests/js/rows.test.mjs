// Rows of an agreement: numbers that are never given twice, parts that must add up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, type } from "./window.mjs";

const part = (n, m) => `<div data-part><input name="o-${n}-p-${m}-due">
  <span data-part-money><input name="o-${n}-p-${m}-amount" data-part-sum></span><button type="button" data-remove-part></button></div>`;
const obligation = (n, kind) => `<div data-row data-obligation="${n}"><span data-number></span>
  <select name="o-${n}-kind" data-kind><option ${kind === "money" ? "selected" : ""}>money</option><option ${kind === "act" ? "selected" : ""}>act</option><option>land</option></select>
  <span data-land><input name="o-${n}-parcel"></span>
  <span data-money><input name="o-${n}-total" data-total></span>
  <div data-parts>${part(n, 0)}</div><p data-sum></p>
  <button type="button" data-add-part></button><button type="button" data-remove-row></button></div>`;
const HTML = `<form data-rows-form><div data-rows="obligation">${obligation(0, "money")}</div>
  <button type="button" data-add-row="obligation"></button>
  <template data-row-template="obligation">${obligation("__n__", "money")}</template>
  <template data-row-template="part">${part("__n__", "__m__")}</template></form>`;

async function openRows() {
  const page = await openPage({ html: HTML, scripts: ["js/rows.js"] });
  const find = (selector) => page.document.querySelector(selector);
  const names = (selector) => [...page.document.querySelectorAll(`[data-rows] ${selector}`)].map((one) => one.name);
  return { ...page, find, names, write: (name, text) => type(page, find(`[name=${name}]`), text) };
}

test("one part has the whole sum and nothing to add up", async () => {
  const page = await openRows();
  page.write("o-0-total", "3000");
  assert.deepEqual([page.find("[name=o-0-p-0-amount]").value, page.find("[data-sum]").textContent], ["3000", ""]);
  assert.equal(page.find("[data-part-money]").hidden, true);
});

test("several parts are added up beside the total, to the cent", async () => {
  const page = await openRows();
  page.write("o-0-total", "0.3");
  page.find("[data-add-part]").click();
  page.write("o-0-p-0-amount", "0.1");
  page.write("o-0-p-1-amount", "0.1");
  const said = page.find("[data-sum]");
  assert.equal(said.textContent, "各期合计 0.2 元，与总额相差 0.1 元");
  assert.ok(said.classList.contains("due-over"));
  page.write("o-0-p-1-amount", "0.2");
  assert.equal(said.textContent, "各期合计 0.3 元，与总额相符");
  assert.ok(!said.classList.contains("due-over"));
});

test("an act has no sums, and those that were written are taken back", async () => {
  const page = await openRows();
  page.write("o-0-total", "3000");
  page.write("o-0-kind", "act");
  assert.deepEqual([page.find("[data-total]").value, page.find("[data-part-sum]").value], ["", ""]);
  assert.equal(page.find("[data-money]").hidden, true);
});

test("a parcel is asked for where land is owed, and does not stay behind a change of kind", async () => {
  const page = await openRows();
  assert.equal(page.find("[data-land]").hidden, true);
  page.write("o-0-kind", "land");
  assert.equal(page.find("[data-land]").hidden, false);
  page.write("o-0-parcel", "村东二道渠地块");
  page.write("o-0-kind", "act");
  assert.deepEqual([page.find("[name=o-0-parcel]").value, page.find("[data-land]").hidden], ["", true]);
});

test("a number is not given twice, also after a row or a part was removed", async () => {
  const page = await openRows();
  page.find("[data-add-row]").click();
  page.find("[data-obligation='1'] [data-remove-row]").click();
  page.find("[data-add-row]").click();
  assert.deepEqual(page.names("[data-kind]"), ["o-0-kind", "o-2-kind"]);
  page.find("[data-add-part]").click();
  page.find("[data-parts] > :last-child [data-remove-part]").click();
  page.find("[data-add-part]").click();
  assert.deepEqual(page.names("[data-obligation='0'] [data-part-sum]"), ["o-0-p-0-amount", "o-0-p-2-amount"]);
});

test("rows are numbered as they stand, and the last part cannot be removed", async () => {
  const page = await openRows();
  page.find("[data-add-row]").click();
  const shown = [...page.document.querySelectorAll("[data-number]")].map((one) => one.textContent);
  assert.deepEqual([shown, page.find("[data-remove-part]").hidden], [["1", "2"], true]);
});
