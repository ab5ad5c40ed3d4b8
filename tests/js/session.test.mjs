// The end of a session: who signs in again over one page has the new token in all the pages of theirs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { idle, openPage } from "./window.mjs";

const html = (owner, token) => `<meta name="csrf-token" content="${token}">
  <meta name="page-owner" content="${owner}:1a:sign" data-idle="900"><div id="idle-warning" hidden></div>
  <form><input name="csrfmiddlewaretoken" value="${token}"></form>`;
const DIALOG = `<form action="/login/again/"><input name="password" value="x"></form>`;

// the windows of one browser: what one says in a channel, all others hear
function browser() {
  const open = new Set();
  class Channel {
    constructor(name) {
      this.name = name;
      this.listeners = [];
      open.add(this);
    }
    addEventListener(_, heard) {
      this.listeners.push(heard);
    }
    postMessage(data) {
      for (const other of open) {
        if (other !== this && other.name === this.name) for (const heard of other.listeners) heard({ data });
      }
    }
  }
  const given = (text, status, token = null) => ({ text: async () => text, status, headers: { get: () => token } });
  const show = function () {
    this.open = true;
  };
  return async (owner, token, next = "") => {
    const serve = (_, options) => (options.method === "POST" ? given("", 204, next) : given(DIALOG, 200));
    const globals = { BroadcastChannel: Channel };
    const page = await openPage({ html: html(owner, token), scripts: ["js/session.js"], serve, globals });
    page.window.HTMLDialogElement.prototype.showModal = show;
    return page;
  };
}

const tokens = (page) => [
  page.document.querySelector("meta[name=csrf-token]").content,
  page.document.querySelector("input[name=csrfmiddlewaretoken]").value,
];

async function signInOver(page) {
  const shown = page.window.askInPlace("/login/again/");
  await idle();
  const form = page.document.querySelector("dialog form");
  form.dispatchEvent(new page.window.Event("submit", { bubbles: true, cancelable: true }));
  return shown;
}

test("a token that came with a login is taken by all the person's pages, and by nobody else's", async () => {
  const open = browser();
  const other = await open("17", "old");
  const stranger = await open("18", "theirs");
  const page = await open("17", "old", "new");
  assert.equal(await signInOver(page), true);
  assert.deepEqual([page, other, stranger].map(tokens), [
    ["new", "new"],
    ["new", "new"],
    ["theirs", "theirs"],
  ]);
});

test("a page that is opened after a login in another window tells its token to those that stood open", async () => {
  const open = browser();
  const standing = await open("17", "old");
  await open("17", "new");
  assert.deepEqual(tokens(standing), ["new", "new"]);
});
