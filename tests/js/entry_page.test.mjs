// The register page: rows of parties, the earlier case, and the keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, openPage, press, scriptsOf } from "./window.mjs";

const SCRIPTS = scriptsOf("intake/entry.html").filter((path) => path.startsWith("js/entry/"));
const row = (n, side) => `<div class="party" data-party>
  <input type="hidden" name="parties-${n}-DELETE" value="">
  <h3>第 <span data-number></span> 位当事人</h3><button type="button" data-remove-party>移除</button>
  <select name="parties-${n}-side"><option ${side === "applicant" ? "selected" : ""}>applicant</option>
    <option ${side === "respondent" ? "selected" : ""}>respondent</option><option>third</option></select>
  <input name="parties-${n}-paper_number"><input name="parties-${n}-name"><input name="parties-${n}-phone">
  <div class="person-facts"></div>
  <details><select name="parties-${n}-role"><option>principal</option><option>guardian</option></select>
    <select name="parties-${n}-represents"><option></option><option>0</option><option>1</option></select></details>
</div>`;
const html = ({ wrong = "", settle = true } = {}) => `<meta name="csrf-token" content="token">
<form data-entry data-typed="/typed/1/" data-draft="/drafts/1/" data-ground="/cases/new/">
  <input type="hidden" name="csrfmiddlewaretoken"><input type="hidden" name="parties-TOTAL_FORMS" value="2">
  <input type="hidden" name="earlier"><input type="hidden" name="beside">
  <div data-parties>${row(0, "applicant")}${row(1, "respondent")}</div>
  <button type="button" data-add-party="third">第三人</button>
  <template data-party-template>${row("__prefix__", "")}</template>
  <div data-beside-note hidden><span data-beside-text></span><button type="button" data-beside-off>取消</button></div>
  <button type="button" data-beside="repeat" data-code="C1">关联为重复</button>
  <textarea name="narrative"></textarea>
  <button type="button" data-take="risk" data-value="orange">采用</button>
  <details data-more><input name="title"><select name="risk"><option></option><option>orange</option></select>${wrong}</details>
  ${settle ? '<details data-settle><select name="outcome"><option>resolved</option></select><button name="do" value="settle">登记并办结</button></details>' : ""}
  <button name="do" value="register">登记</button><button name="do" value="save">保存草稿</button><span data-saved></span>
</form>`;

async function openEntry(markup = html(), early = () => {}) {
  const told = [];
  const htmx = { process: (part) => told.push(part), trigger: (part) => told.push(part) };
  const serve = () => answer(200, { saved_at: "08:30:00" });
  const page = await openPage({ html: markup, scripts: SCRIPTS, serve, globals: { htmx }, path: "/drafts/1/", early });
  const form = page.document.querySelector("form");
  const sent = [];
  form.requestSubmit = (button) => sent.push(button.value);
  const rows = () => [...form.querySelectorAll("[data-parties] > :not([hidden])")];
  const field = (name) => form.elements[name];
  const find = (selector) => form.querySelector(selector);
  return { ...page, form, rows, field, find, sent, told, focused: () => page.document.activeElement.name };
}

const kept = async (page) => {
  await page.clock.pass(700);
  return page.requests.length;
};

test("the page opens at the first number, and leaves those alone who have begun elsewhere", async () => {
  assert.equal((await openEntry()).focused(), "parties-0-paper_number");
  const page = await openEntry(html(), (document) => document.querySelector("textarea").focus());
  assert.equal(page.focused(), "narrative");
});

test("a party is added under the next number, with its side, its colour and the focus", async () => {
  const page = await openEntry();
  page.find("[data-add-party=third]").click();
  const added = page.rows()[2];
  assert.deepEqual([page.rows().length, page.field("parties-TOTAL_FORMS").value], [3, "3"]);
  assert.deepEqual([page.field("parties-2-side").value, added.className], ["third", "party party-third"]);
  assert.equal(added.querySelector("[data-number]").textContent, "3");
  assert.equal(page.focused(), "parties-2-paper_number");
  assert.deepEqual(page.told, [added]);
});

test("a removed party is hidden and marked for the server, the others count on without it, and it is kept", async () => {
  const page = await openEntry();
  page.find("[data-remove-party]").click();
  assert.equal(page.field("parties-0-DELETE").value, "on");
  assert.deepEqual(
    page.rows().map((one) => one.querySelector("[data-number]").textContent),
    ["1"],
  );
  assert.equal(page.focused(), "parties-1-paper_number");
  assert.equal(page.field("parties-TOTAL_FORMS").value, "2");
  assert.equal(await kept(page), 1);
});

test("after the last party was removed the narrative has the focus", async () => {
  const page = await openEntry();
  for (const button of page.form.querySelectorAll("[data-parties] [data-remove-party]")) button.click();
  assert.deepEqual([page.rows().length, page.focused()], [0, "narrative"]);
});

test("a guardian stands on the side of the child, for the child, and is kept", async () => {
  const page = await openEntry();
  page.rows()[1].querySelector(".person-facts").innerHTML = '<button type="button" data-add-guardian>监护人</button>';
  page.find("[data-add-guardian]").click();
  const values = ["side", "role", "represents"].map((name) => page.field(`parties-2-${name}`).value);
  assert.deepEqual(values, ["respondent", "guardian", "1"]);
  assert.ok(page.rows()[2].querySelector("details").open);
  assert.equal(await kept(page), 1);
});

test("another side gives the row another colour", async () => {
  const page = await openEntry();
  page.field("parties-0-side").value = "third";
  page.field("parties-0-side").dispatchEvent(new page.window.Event("change", { bubbles: true }));
  assert.equal(page.rows()[0].className, "party party-third");
});

test("an earlier case is said before it is linked, is kept, and can be let go", async () => {
  const page = await openEntry();
  page.find("[data-beside]").click();
  assert.deepEqual([page.field("beside").value, page.field("earlier").value], ["repeat", "C1"]);
  assert.equal(page.find("[data-beside-text]").textContent, "登记后关联为重复诉求，此前的案件 C1");
  assert.equal(page.find("[data-beside-note]").hidden, false);
  assert.equal(await kept(page), 1);
  page.find("[data-beside-off]").click();
  assert.deepEqual([page.field("beside").value, page.find("[data-beside-note]").hidden], ["", true]);
});

test("a suggestion is taken by a click and shown where it went", async () => {
  const page = await openEntry();
  page.find("[data-take]").click();
  assert.deepEqual([page.field("risk").value, page.find("[data-more]").open], ["orange", true]);
  assert.equal(await kept(page), 1);
});

test("keys: Alt+N a respondent, Alt+M more fields, Alt+Q the fast track, Alt+S the draft", async () => {
  const page = await openEntry();
  const alt = (key) => press(page, key, { altKey: true });
  assert.deepEqual([alt("n"), page.field("parties-2-side").value], [false, "respondent"]);
  assert.deepEqual([alt("m"), page.find("[data-more]").open, page.focused()], [false, true, "title"]);
  assert.deepEqual([alt("q"), page.find("[data-settle]").open, page.focused()], [false, true, "outcome"]);
  assert.deepEqual([alt("s"), page.sent], [false, ["save"]]);
});

test("keys: Ctrl+Enter in the report registers and closes", async () => {
  const page = await openEntry();
  page.field("outcome").focus();
  assert.equal(press(page, "Enter", { ctrlKey: true }), false);
  assert.deepEqual(page.sent, ["settle"]);
});

test("keys: Alt+Delete takes the row one stands in, and is the browser's elsewhere", async () => {
  const page = await openEntry();
  page.field("narrative").focus();
  assert.deepEqual([press(page, "Delete", { altKey: true }), page.rows().length], [true, 2]);
  page.field("parties-1-name").focus();
  assert.deepEqual([press(page, "Delete", { altKey: true }), page.rows().length], [false, 1]);
});

test("keys: Alt+G does nothing where no child is without a guardian", async () => {
  const page = await openEntry();
  assert.deepEqual([press(page, "g", { altKey: true }), page.rows().length], [true, 2]);
});

test("rows that came filled look up again what their numbers bring along, empty ones do not", async () => {
  const page = await openEntry(html().replace('name="parties-1-phone"', 'name="parties-1-phone" value="13847500010"'));
  assert.deepEqual(page.told, [page.rows()[1]]);
});

test("the page begins at the first party, or at what is wrong, opened", async () => {
  assert.equal((await openEntry()).focused(), "parties-0-paper_number");
  const page = await openEntry(html({ wrong: '<input name="amount" aria-invalid="true">' }));
  assert.deepEqual([page.focused(), page.find("[data-more]").open], ["amount", true]);
});

test("a registered case that is amended has no fast track, and its key does nothing", async () => {
  const page = await openEntry(html({ settle: false }));
  press(page, "q", { altKey: true });
  assert.equal(page.focused(), "parties-0-paper_number");
});

test("a name typed where the number is asked for goes to its field, and one goes on to the phone", async () => {
  const page = await openEntry();
  const number = page.field("parties-1-paper_number");
  number.focus();
  number.value = "付某某";
  press(page, "Enter");
  assert.deepEqual([page.field("parties-1-name").value, number.value], ["付某某", ""]);
  assert.equal(page.focused(), "parties-1-phone");
  number.focus();
  number.value = "E12345678";
  press(page, "Enter");
  assert.equal(number.value, "E12345678");
});
