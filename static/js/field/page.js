"use strict";
// The phone pages: what is sent waits on the phone until it has arrived, and the person sees how it stands.

const LABELS = { report: "上报", visit: "走访", arrive: "到场" };
const SENT = "field-sent"; // what to say after the page was loaded again
const MEND = "field-mend"; // which refused entry to open again in the form of this page

class FieldPage {
  constructor() {
    const { user, token } = document.body.dataset;
    this.user = user;
    this.store = new EntryStore();
    this.declined = false;
    this.queue = new SendQueue({ store: this.store, user, tokenUrl: token, page: this });
  }

  // this script is deferred: the page is there, whole
  listen() {
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("change", (event) => this.changedFiles(event.target));
    document.addEventListener("click", (event) => this.clicked(event.target));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.flush();
    });
    window.addEventListener("online", () => this.flush());
    window.addEventListener("offline", () => this.changed());
    setInterval(() => this.flush(), 30000);
    document.addEventListener("DOMContentLoaded", () => this.start());
  }

  async start() {
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/field/" });
    }
    navigator.storage?.persist?.(); // what waits is not thrown away when the phone runs short of room
    const words = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (words) this.say(words, "success");
    await this.changed();
    const uid = sessionStorage.getItem(MEND);
    sessionStorage.removeItem(MEND);
    if (uid) await this.mend(uid);
    await this.flush();
  }

  flush() {
    return this.queue.flush();
  }

  // --- what the person does
  submitted(event) {
    const form = event.target;
    if (form.hasAttribute("data-leave")) caches.delete("field-pages");
    if (!form.dataset.queue) return;
    event.preventDefault();
    delete form.dataset.sent;
    this.declined = false;
    this.enqueue(form);
  }

  async enqueue(form) {
    const faults = faultsOf(form);
    showFaults(form, faults);
    if (Object.keys(faults).length) return;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      await this.store.put(await entryOf(form, this.user));
      if (form.dataset.mends) await this.store.drop(form.dataset.mends);
      this.empty(form);
      this.say(navigator.onLine ? "正在发送……" : "没有网络，已存在手机里，有网后自动发出。", "info");
      await this.changed();
      document.getElementById("content").scrollIntoView();
      await this.flush();
    } catch (error) {
      showFaults(form, { form: "手机存储空间不足，没有存下，请删掉一些照片后再试。" });
      throw error;
    } finally {
      button.disabled = false;
    }
  }

  empty(form) {
    form.reset();
    delete form.dataset.mends;
    form.querySelector("[data-thumbs]")?.replaceChildren();
    form.closest("details.paper")?.removeAttribute("open");
  }

  async changedFiles(field) {
    if (!field.matches("[data-files]")) return;
    const files = chosenFiles(field.form);
    const fault = faultOfFiles(files);
    showFaults(field.form, fault ? { files: fault } : {});
    const thumbs = await Promise.all(files.slice(0, FILES.most).map(thumbnail));
    field.form.querySelector("[data-thumbs]").replaceChildren(...thumbs);
  }

  async clicked(target) {
    if (target.closest("[data-send-now]")) this.flush();
    const mend = target.closest("[data-mend-entry]");
    if (mend) await this.mend(mend.dataset.mendEntry);
    const away = target.closest("[data-drop-entry]");
    if (!away) return;
    await this.store.drop(away.dataset.dropEntry);
    await this.changed();
  }

  // a refused entry opens again in its form, with its words and files; what is sent then takes its place
  async mend(uid) {
    const entry = (await this.queue.waiting()).find((one) => one.uid === uid);
    if (!entry) return;
    const form = document.querySelector(`form[data-queue="${entry.kind}"]`);
    if (!form) {
      sessionStorage.setItem(MEND, uid);
      location.assign(entry.page);
      return;
    }
    fillAgain(form, entry);
    form.closest("details")?.setAttribute("open", "");
    await this.changedFiles(form.querySelector("[data-files]") || form);
    showFaults(form, { form: entry.refused });
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
  }

  // --- what the queue tells
  async changed() {
    const entries = (await this.queue.waiting()).sort((one, other) => isPressing(other) - isPressing(one));
    const box = document.querySelector("[data-waiting]");
    document.querySelector("[data-net]").hidden = navigator.onLine;
    box.hidden = !entries.length;
    box.querySelector("[data-waiting-number]").textContent = entries.length;
    box.querySelector("[data-waiting-list]").replaceChildren(...entries.map(lineOf));
  }

  // a page that shows what the entry changed is loaded again, unless the person is writing on it
  arrived(entry) {
    const words = `${LABELS[entry.kind]}已送达`;
    const isElsewhere = entry.kind === "report" || location.pathname !== entry.page;
    if (isElsewhere || document.querySelector("textarea:focus, input:focus")) return this.say(words, "success");
    sessionStorage.setItem(SENT, words);
    return location.reload();
  }

  // asked over the page; who closes the dialog is asked again at the next entry, not by the clock
  async signedOut() {
    this.say("登录已到期。重新登录后，等待发送的会自动发出。", "warning");
    if (this.declined) return;
    this.declined = !(await askInPlace(againAddress));
    if (!this.declined) setTimeout(() => this.flush());
  }

  say(text, level) {
    const [box, words, close] = ["div", "div", "button"].map((tag) => document.createElement(tag));
    box.className = `note alert alert-${level}`;
    words.textContent = text;
    Object.assign(close, { type: "button", className: "btn-close ms-auto" });
    close.setAttribute("aria-label", "关闭");
    close.dataset.closeNote = "";
    box.append(words, close);
    document.getElementById("notes").replaceChildren(box);
  }
}

// what somebody has to look at first: urgent, and refused
function isPressing(entry) {
  return entry.refused && entry.body.is_urgent ? 1 : 0;
}

// one waiting entry: what it is, what of it is still here, and why it was refused
function lineOf(entry) {
  const item = document.createElement("li");
  const what = document.createElement("span");
  what.textContent = `${LABELS[entry.kind]}：${entry.label}${filesLeft(entry)}`;
  item.append(what);
  if (!entry.refused) return item;
  const why = document.createElement("strong");
  const away = document.createElement("button");
  const mend = document.createElement("button");
  Object.assign(why, { textContent: entry.refused, className: "why" });
  Object.assign(mend, { type: "button", className: "btn btn-sm btn-primary", textContent: "修改后再发" });
  mend.dataset.mendEntry = entry.uid;
  Object.assign(away, { type: "button", className: "btn btn-sm", textContent: "不发了" });
  away.dataset.dropEntry = entry.uid;
  item.append(why, ...(entry.arrived ? [] : [mend]), away);
  return item;
}

function filesLeft(entry) {
  if (entry.arrived && !entry.files.length) return "，文字已送到";
  if (entry.arrived) return `，还有 ${entry.files.length} 个照片或视频`;
  return entry.files.length ? `，含 ${entry.files.length} 个照片或视频` : "";
}

const field = new FieldPage();
field.listen();
globalThis.field = field;
