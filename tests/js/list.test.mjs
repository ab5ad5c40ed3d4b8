// Lists: keys walk through the rows, what is ticked is offered the acts that its states take.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, press } from "./window.mjs";

const row = (code, state) =>
  `<tr data-row="${code}" data-state="${state}"><td><input type="checkbox" data-tick></td><td><a class="case-link" href="/${code}/">${code}</a></td></tr>`;
const HTML = `<table data-list><thead><tr><th><input type="checkbox" data-tick-rows></th></tr></thead><tbody>
  ${row("A", "registered")}${row("B", "registered")}${row("C", "accepted")}</tbody></table>
  <div data-bulk-bar hidden><b data-bulk-number></b>
  <button data-bulk-act="/bulk/accept/" data-states="registered "><span data-bulk-count></span></button>
  <button data-bulk-act="/bulk/close/" data-states="concluded "><span data-bulk-count></span></button>
  <button data-bulk-act="/cases/receipts/" data-states="" data-bulk-print><span data-bulk-count></span></button>
  <button data-bulk-none></button></div>`;
const open = () => openPage({ html: HTML, scripts: ["js/list.js"], path: "/cases/" });
const at = (page) => page.document.activeElement.textContent;

test("J and K walk through the rows and stop at the ends", async () => {
  const page = await open();
  press(page, "j");
  assert.equal(at(page), "A");
  press(page, "ArrowDown");
  press(page, "j");
  press(page, "j");
  assert.equal(at(page), "C");
  press(page, "k");
  assert.equal(at(page), "B");
  assert.equal(page.document.querySelectorAll(".is-at").length, 1);
});

test("X ticks the row one stands on; acts are counted by the states that take them", async () => {
  const page = await open();
  press(page, "j");
  press(page, "x");
  const bar = page.document.querySelector("[data-bulk-bar]");
  const [accept, close] = bar.querySelectorAll("[data-bulk-act]");
  assert.equal(bar.hidden, false);
  assert.equal(bar.querySelector("[data-bulk-number]").textContent, "1");
  press(page, "X");
  assert.equal(bar.querySelector("[data-bulk-number]").textContent, "3");
  assert.equal(accept.querySelector("[data-bulk-count]").textContent, "2");
  assert.equal(close.hidden, true);
  page.document.querySelector("[data-bulk-none]").click();
  assert.equal(bar.hidden, true);
});

test("the act is asked for the rows that take it, no others", async () => {
  const page = await open();
  const asked = [];
  page.window.htmx = { ajax: (verb, address) => asked.push(`${verb} ${address}`) };
  press(page, "X");
  page.document.querySelector("[data-bulk-act]").click();
  assert.deepEqual(asked, ["GET /bulk/accept/?case=A&case=B"]);
});

test("P prints for what is ticked, and nothing while nothing is", async () => {
  const page = await open();
  const asked = [];
  page.window.htmx = { ajax: (verb, address) => asked.push(`${verb} ${address}`) };
  press(page, "p");
  assert.deepEqual(asked, []);
  press(page, "j");
  press(page, "x");
  press(page, "p");
  assert.deepEqual(asked, ["GET /cases/receipts/?case=A"]);
});

test("A does what the first row offers, that of the row one stands at, or all that is ticked", async () => {
  const html = HTML.replaceAll("</td></tr>", "</td><td><button data-row-act>办理</button></td></tr>");
  const page = await openPage({ html, scripts: ["js/list.js"], path: "/cases/" });
  const done = [];
  for (const button of page.document.querySelectorAll("[data-row-act]"))
    button.addEventListener("click", () => done.push(button.closest("tr").dataset.row));
  page.window.htmx = { ajax: (_verb, address) => done.push(address) };
  press(page, "a");
  press(page, "j");
  press(page, "j");
  press(page, "a");
  press(page, "x");
  press(page, "a");
  assert.deepEqual(done, ["A", "B", "/bulk/accept/?case=B"]);
});
