// The picker: a text field that finds codes, by keyboard and by mouse, whatever order the answers come in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, idle, openPage, press, type } from "./window.mjs";

const PAUSE = 120;
const LINES = [
  ["150526001001", "南环社区"],
  ["150526001002", "南山村"],
  ["150526001003", "南甸村"],
];
const option = ([code, label]) => `<li role="option" data-value="${code}" data-label="${label}">${label}</li>`;
const listed = (lines) => answer(200, lines.map(option).join(""));
const html = (form = "") => `<form ${form}>
  <div data-picker data-url="/parts/places/">
    <input type="text" role="combobox" value="">
    <input type="hidden" name="territory" value="">
    <div><ul role="listbox" id="places" hidden></ul></div>
  </div>
  <input name="next">
</form>`;

async function openPicker({ form = "", answers = () => listed(LINES) } = {}) {
  const asked = [];
  const serve = (url) => {
    asked.push(new URL(url).searchParams.get("q"));
    return answers(asked.length);
  };
  const page = await openPage({ html: html(form), scripts: ["js/picker.js"], serve });
  const find = (selector) => page.document.querySelector(selector);
  const picker = { text: find("[role=combobox]"), code: find("[name=territory]"), list: find("#places") };
  picker.changes = [];
  picker.code.addEventListener("change", () => picker.changes.push(picker.code.value));
  return { ...page, ...picker, asked, marked: () => find("[aria-selected=true]")?.dataset.label };
}

async function ask(page, text = "南") {
  type(page, page.text, text);
  await page.clock.pass(PAUSE);
}

test("the list opens after a pause in typing, asked for once, its first line marked", async () => {
  const page = await openPicker();
  type(page, page.text, "n");
  await page.clock.pass(PAUSE - 1);
  type(page, page.text, " 南 ");
  await page.clock.pass(PAUSE);
  assert.deepEqual(page.asked, ["南"]);
  assert.deepEqual(
    [page.list.hidden, page.text.getAttribute("aria-expanded"), page.marked()],
    [false, "true", "南环社区"],
  );
  assert.equal(page.text.getAttribute("aria-activedescendant"), page.list.children[0].id);
});

for (const key of ["Enter", "Tab"]) {
  test(`${key} takes the marked line: its name is shown, its code is sent`, async () => {
    const page = await openPicker();
    await ask(page);
    press(page, "ArrowDown");
    press(page, key);
    assert.deepEqual([page.text.value, page.code.value, page.changes], ["南山村", "150526001002", ["150526001002"]]);
    assert.deepEqual([page.list.hidden, page.text.getAttribute("aria-expanded")], [true, "false"]);
  });
}

test("Enter that takes a line does not send the form, but goes on where Enter is Tab", async () => {
  for (const [form, goesOn] of [
    ["", false],
    ["data-enter-as-tab", true],
  ]) {
    const page = await openPicker({ form });
    await ask(page);
    assert.equal(press(page, "Enter"), goesOn);
  }
});

test("arrows walk through the lines and round the ends", async () => {
  const page = await openPicker();
  await ask(page);
  const seen = ["ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"].map((key) => {
    press(page, key);
    return page.marked();
  });
  assert.deepEqual(seen, ["南甸村", "南山村", "南甸村", "南环社区"]);
});

test("an arrow opens a list that is closed, also without a word", async () => {
  const page = await openPicker();
  page.text.focus();
  press(page, "ArrowDown");
  await idle();
  assert.deepEqual([page.asked, page.list.hidden], [[""], false]);
});

test("a line is taken by the mouse, and the field keeps the focus", async () => {
  const page = await openPicker();
  await ask(page);
  const down = new page.window.MouseEvent("mousedown", { bubbles: true, cancelable: true });
  assert.equal(page.list.children[2].dispatchEvent(down), false);
  assert.deepEqual([page.text.value, page.code.value], ["南甸村", "150526001003"]);
  assert.equal(page.document.activeElement, page.text);
});

test("Escape closes the list and nothing around it", async () => {
  const page = await openPicker();
  const outside = [];
  page.document.addEventListener("keydown", (event) => outside.push(event.key));
  await ask(page);
  press(page, "Escape");
  assert.deepEqual([page.list.hidden, outside], [true, []]);
  press(page, "Escape");
  assert.deepEqual(outside, ["Escape"]);
});

test("a text that is changed has no code, and has it again when it is as it was", async () => {
  const page = await openPicker();
  await ask(page);
  press(page, "Enter");
  type(page, page.text, "南环");
  assert.equal(page.code.value, "");
  type(page, page.text, "南环社区");
  assert.equal(page.code.value, "150526001001");
});

test("an answer that is overtaken by a later one is dropped", async () => {
  const replies = [];
  const page = await openPicker({ answers: () => new Promise((resolve) => replies.push(resolve)) });
  await ask(page, "南");
  await ask(page, "南山");
  replies[1](listed([LINES[1]]));
  await idle();
  replies[0](listed(LINES));
  await idle();
  assert.deepEqual([page.list.children.length, page.marked()], [1, "南山村"]);
});

test("an answer that comes after one typed on opens nothing", async () => {
  let reply;
  const answers = () =>
    new Promise((resolve) => {
      reply = resolve;
    });
  const page = await openPicker({ answers });
  await ask(page);
  type(page, page.text, "南山");
  reply(listed(LINES));
  await idle();
  assert.deepEqual([page.list.hidden, page.list.children.length], [true, 0]);
});

test("a list that answers an earlier text is closed when one types on, and cannot be taken", async () => {
  const page = await openPicker();
  await ask(page);
  type(page, page.text, "北");
  assert.deepEqual([page.list.hidden, page.marked()], [true, undefined]);
});

for (const [how, lines, code] of [
  ["the only answer there is", [LINES[1]], "150526001002"],
  ["nothing where there are several answers", LINES, ""],
  ["nothing where there is no answer", [], ""],
]) {
  test(`Tab before the list came asks at once and takes ${how}`, async () => {
    const page = await openPicker({ answers: () => listed(lines) });
    type(page, page.text, "南");
    press(page, "Tab");
    await idle();
    assert.deepEqual([page.asked.length, page.code.value], [1, code]);
    await page.clock.pass(PAUSE);
    assert.equal(page.asked.length, 1);
  });
}

test("Enter on a text without a code does not send the form", async () => {
  const page = await openPicker({ answers: () => listed([]) });
  type(page, page.text, "南");
  assert.equal(press(page, "Enter"), false);
});

test("keys of an input method are its own", async () => {
  const page = await openPicker();
  await ask(page);
  press(page, "Enter", { isComposing: true });
  assert.deepEqual([page.list.hidden, page.code.value], [false, ""]);
});

test("nothing opens behind one's back: an answer that comes after one went on stays closed", async () => {
  let reply;
  const page = await openPicker({
    answers: () =>
      new Promise((resolve) => {
        reply = resolve;
      }),
  });
  await ask(page);
  page.document.querySelector("[name=next]").focus();
  reply(listed(LINES));
  await idle();
  assert.equal(page.list.hidden, true);
});

test("the list goes a moment after one went on", async () => {
  const page = await openPicker();
  await ask(page);
  page.document.querySelector("[name=next]").focus();
  assert.equal(page.list.hidden, false);
  await page.clock.pass(100);
  assert.equal(page.list.hidden, true);
});

test("a refused question leaves the list closed", async () => {
  const page = await openPicker({ answers: () => answer(403) });
  await ask(page);
  assert.equal(page.list.hidden, true);
});

test("what was typed while the page was still loading is asked for, and has no code of what stood there", async () => {
  const page = await openPicker();
  const late = page.document.createElement("form");
  late.innerHTML = html()
    .replace('value=""', 'value="南环社区"')
    .replace('territory" value=""', 'territory" value="150526001001"');
  page.document.body.append(late);
  const [text, code] = ["[role=combobox]", "[name=territory]"].map((selector) => late.querySelector(selector));
  text.focus();
  text.value = "南山";
  page.document.dispatchEvent(new page.window.Event("htmx:afterSettle"));
  await page.clock.pass(PAUSE);
  assert.deepEqual([page.asked, code.value], [["南山"], ""]);
  type(page, text, "南环社区");
  assert.equal(code.value, "150526001001");
});

test("a picker that is looked at again after a part came asks once for one text", async () => {
  const page = await openPicker();
  page.document.dispatchEvent(new page.window.Event("htmx:afterSettle"));
  await ask(page);
  assert.equal(page.asked.length, 1);
});

// --- where the list stands: a window of 700 px, a field of 40 px
const VIEW = { offsetTop: 0, height: 700 };
const fieldAt = (top) => ({ top, bottom: top + 40, left: 30, width: 400 });
const { window } = await openPicker();
const place = (top, wanted, view = VIEW, scrolled = undefined) => {
  const found = window.placeOfList(fieldAt(top), wanted, view, scrolled);
  return found && [found.top, found.maxHeight];
};

test("the list stands below its field, as wide as it, and never taller than its content or seven lines", () => {
  assert.deepEqual(
    [place(100, 90), place(100, 900)],
    [
      [142, 90],
      [142, 272],
    ],
  );
  const { left, width } = window.placeOfList(fieldAt(100), 90, VIEW);
  assert.deepEqual([left, width], [30, 400]);
});

test("the list stands above its field where there is too little room below and more above", () => {
  assert.deepEqual(
    [place(600, 200), place(440, 200), place(460, 200)],
    [
      [398, 200],
      [482, 200],
      [258, 200],
    ],
  );
});

test("the list is cut to the room there is, where neither side has enough", () => {
  const low = { offsetTop: 0, height: 240 };
  assert.deepEqual(
    [place(80, 272, low), place(120, 272, low)],
    [
      [122, 110],
      [8, 110],
    ],
  );
});

test("the keyboard of a phone takes its room", () => {
  assert.deepEqual(place(300, 200, { offsetTop: 0, height: 400 }), [98, 200]);
});

test("there is no place for the list of a field that is scrolled out of its dialog", () => {
  const dialog = { top: 100, bottom: 500 };
  assert.deepEqual([place(60, 90, VIEW, dialog), place(500, 90, VIEW, dialog)], [null, null]);
  assert.deepEqual(
    [place(61, 90, VIEW, dialog), place(499, 90, VIEW, dialog)],
    [
      [103, 90],
      [541, 90],
    ],
  );
});
