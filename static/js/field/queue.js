"use strict";
// Entries on their way to the server, oldest first. What cannot be sent now waits; what the server refuses waits for
// the person. An entry and each of its files has a number of its own, and the server takes a number once: an answer
// that was lost is asked for again, and nothing is there twice.

class SendLater extends Error {} // no network, or a server that cannot answer now
class SignedOut extends Error {} // nobody is signed in, or somebody else
class Refused extends Error {} // the server says no; the message says why

const sendLater = () => {
  throw new SendLater();
};

async function askServer(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", ...options }).catch(sendLater);
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new SendLater();
  if (answer.ok) return answer.json().catch(sendLater); // cut off, or the page of a network that wants a login
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(problem.detail || "没有收下，请修改后再发。");
}

class SendQueue {
  // `page` is told: arrived(entry), signedOut(), and changed() when the waiting entries may be others than before.
  constructor({ store, user, tokenUrl, page }) {
    Object.assign(this, { store, user, tokenUrl, page });
    this.isSending = false;
  }

  // this person's: another's on the same phone are neither shown nor sent
  async waiting() {
    return (await this.store.all()).filter((entry) => entry.user === this.user);
  }

  // Send what waits. One sends at a time: in this page, and among the pages of this phone where the browser can tell.
  async flush() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      if (!navigator.locks) await this.sendAll();
      else await navigator.locks.request("zhongzhi-field", { ifAvailable: true }, (held) => held && this.sendAll());
    } finally {
      this.isSending = false;
      await this.page.changed();
    }
  }

  async sendAll() {
    const entries = (await this.waiting()).filter((entry) => !entry.refused);
    if (!entries.length) return;
    try {
      const token = await this.token();
      for (const entry of entries) await this.sendOrSetAside(entry, token);
    } catch (error) {
      if (error instanceof SignedOut) this.page.signedOut();
      else if (!(error instanceof SendLater)) throw error;
    }
  }

  // a page from the phone's own store carries an old token, and may be another person's by now
  async token() {
    const known = await askServer(this.tokenUrl, { headers: { Accept: "application/json" } });
    if (String(known.user) !== this.user) throw new SignedOut();
    return known.csrf;
  }

  async sendOrSetAside(entry, token) {
    try {
      await this.send(entry, token);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      entry.refused = error.message;
      await this.store.put(entry);
      return;
    }
    this.page.arrived(entry);
  }

  // words first, then one file after the other: a line that breaks costs one photo, and a file that the server does not
  // take is set aside with the reason while the others go on
  async send(entry, token) {
    if (!entry.arrived) {
      await this.post(entry.url, entry.uid, token, JSON.stringify(entry.body), { "Content-Type": "application/json" });
      entry.arrived = true;
      await this.store.put(entry);
    }
    while (entry.files.length) {
      const [file] = entry.files;
      const form = new FormData();
      form.append("uid", file.uid);
      form.append("file", file.blob, file.name);
      try {
        await this.post(`${entry.url}${entry.uid}/files/`, file.uid, token, form);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        entry.left = [...(entry.left || []), { name: file.name, why: error.message }];
      }
      entry.files.shift();
      await this.store.put(entry);
    }
    if (entry.left) throw new Refused(entry.left.map((file) => `“${file.name}”没有收下：${file.why}`).join(""));
    await this.store.drop(entry.uid);
  }

  post(url, number, token, body, more = {}) {
    const headers = { "X-CSRFToken": token, Accept: "application/json", "Idempotency-Key": number, ...more };
    return askServer(url, { method: "POST", headers, body });
  }
}

globalThis.SendQueue = SendQueue;
