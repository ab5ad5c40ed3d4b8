"use strict";
// The phone pages: what is sent waits in the phone's own store until it has arrived, and arrives once.
// Every entry has a number of its own; the server takes a number once, so sending again does no harm.

const field = (() => {
  const me = () => document.body.dataset.user;
  const LABELS = { report: "上报", visit: "走访", arrive: "到场" };
  const MAX_FILES = 9,
    MAX_VIDEO = 20 * 1024 * 1024,
    LONGEST_SIDE = 1600;
  let opened = null,
    sending = false;

  // --- the phone's own store
  function store() {
    opened =
      opened ||
      new Promise((resolve, reject) => {
        const ask = indexedDB.open("zhongzhi-field", 1);
        ask.onupgradeneeded = () => ask.result.createObjectStore("entries", { keyPath: "uid" });
        ask.onsuccess = () => resolve(ask.result);
        ask.onerror = () => reject(ask.error);
      });
    return opened;
  }
  async function with_entries(mode, work) {
    const database = await store();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("entries", mode);
      const ask = work(transaction.objectStore("entries"));
      transaction.oncomplete = () => resolve(ask && ask.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  const put = (entry) => with_entries("readwrite", (entries) => entries.put(entry));
  const drop = (uid) => with_entries("readwrite", (entries) => entries.delete(uid));
  const all = async () => (await with_entries("readonly", (entries) => entries.getAll())).sort((a, b) => a.at - b.at);

  function number() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // --- sending
  class Later extends Error {}
  class Refused extends Error {}
  class SignedOut extends Error {}

  async function ask(url, options) {
    let answer;
    try {
      answer = await fetch(url, { credentials: "same-origin", redirect: "manual", ...options });
    } catch (error) {
      throw new Later();
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Later();
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Refused(problem.detail || "没有收下，请修改后再发。"), {
        errors: problem.errors || {},
        status: answer.status,
      });
    }
    return answer.json();
  }
  async function token() {
    const known = await ask(document.body.dataset.token, { headers: { Accept: "application/json" } });
    if (String(known.user) !== me()) throw new SignedOut();
    return known.csrf;
  }
  async function send(entry, csrf) {
    const headers = { "X-CSRFToken": csrf, Accept: "application/json" };
    if (!entry.arrived) {
      await ask(entry.url, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json", "Idempotency-Key": entry.uid },
        body: JSON.stringify(entry.body),
      });
      entry.arrived = true;
      await put(entry);
    }
    while (entry.files.length) {
      const file = entry.files[0],
        form = new FormData();
      form.append("uid", file.uid);
      form.append("file", file.blob, file.name);
      await ask(`${entry.url}${entry.uid}/files/`, {
        method: "POST",
        headers: { ...headers, "Idempotency-Key": file.uid },
        body: form,
      });
      entry.files.shift();
      await put(entry);
    }
    await drop(entry.uid);
  }
  async function flush() {
    if (sending) return;
    sending = true;
    try {
      await (navigator.locks
        ? navigator.locks.request("zhongzhi-field", { ifAvailable: true }, (held) => held && send_all())
        : send_all());
    } finally {
      sending = false;
      await show();
    }
  }
  async function send_all() {
    const mine = (await all()).filter((entry) => entry.user === me() && !entry.refused);
    if (!mine.length) return;
    let csrf,
      sent = 0;
    try {
      csrf = await token();
      for (const entry of mine) {
        try {
          await send(entry, csrf);
          sent += 1;
          done(entry);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          entry.refused = error.message;
          await put(entry);
        }
      }
    } catch (error) {
      if (error instanceof SignedOut) note("登录已到期。重新登录后，等待发送的会自动发出。", "warning");
      else if (!(error instanceof Later)) throw error;
    }
    if (sent) document.dispatchEvent(new CustomEvent("field:sent", { detail: sent }));
  }
  function done(entry) {
    const words = `${LABELS[entry.kind]}已送达`;
    if (
      entry.kind === "report" ||
      location.pathname !== entry.page ||
      document.querySelector("textarea:focus, input:focus")
    )
      return note(words, "success");
    sessionStorage.setItem("field-sent", words);
    location.reload();
  }

  // --- what the person sees
  function note(text, level) {
    const box = document.createElement("div"),
      words = document.createElement("div"),
      close = document.createElement("button");
    box.className = `note alert alert-${level}`;
    words.textContent = text;
    close.type = "button";
    close.className = "btn-close ms-auto";
    close.setAttribute("aria-label", "关闭");
    close.dataset.closeNote = "";
    box.append(words, close);
    document.getElementById("notes").replaceChildren(box);
  }
  async function show() {
    const box = document.querySelector("[data-waiting]"),
      entries = (await all()).filter((entry) => entry.user === me());
    document.querySelector("[data-net]").hidden = navigator.onLine;
    box.hidden = !entries.length;
    box.querySelector("[data-waiting-number]").textContent = entries.length;
    box.querySelector("[data-waiting-list]").replaceChildren(...entries.map(line));
  }
  function line(entry) {
    const item = document.createElement("li"),
      what = document.createElement("span");
    const left = entry.arrived
      ? `，还有 ${entry.files.length} 个照片或视频`
      : entry.files.length
        ? `，含 ${entry.files.length} 个照片或视频`
        : "";
    what.textContent = `${LABELS[entry.kind]}：${entry.label}${left}`;
    item.append(what);
    if (entry.refused) {
      const why = document.createElement("strong"),
        away = document.createElement("button");
      why.textContent = entry.refused;
      why.className = "why";
      away.type = "button";
      away.className = "btn btn-sm";
      away.textContent = "不发了";
      away.dataset.dropEntry = entry.uid;
      item.append(why, away);
    }
    return item;
  }

  // --- photos: made smaller on the phone, so that they travel on a weak network
  async function smaller(file) {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.82));
    } catch (error) {
      return file;
    }
  }
  async function thumb(file) {
    const item = document.createElement("li");
    try {
      const picture = await createImageBitmap(file, { resizeWidth: 160 }),
        canvas = document.createElement("canvas");
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d").drawImage(picture, 0, 0);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", file.name);
      item.append(canvas);
    } catch (error) {
      item.textContent = `${file.name}（${(file.size / 1048576).toFixed(1)} MB）`;
    }
    return item;
  }
  function wrong_files(files) {
    if (files.length > MAX_FILES) return `最多 ${MAX_FILES} 个照片或视频。`;
    const other = files.find((file) => !file.type.startsWith("image/") && file.type !== "video/mp4");
    if (other) return `“${other.name}”不能上传，请用照片或 MP4 视频。`;
    const large = files.find((file) => file.type === "video/mp4" && file.size > MAX_VIDEO);
    return large ? `“${large.name}”超过 20 MB，请拍短一些（约 20 秒）。` : "";
  }

  // --- forms
  function tell(form, errors) {
    for (const place of form.querySelectorAll("[data-error]")) {
      place.textContent = errors[place.dataset.error] || "";
      place.classList.toggle("d-block", Boolean(place.textContent));
      place.hidden = place.dataset.error === "form" && !place.textContent;
    }
    const first = Object.keys(errors)[0];
    if (first && form.elements[first] && form.elements[first].focus) form.elements[first].focus();
  }
  function faults_of(form) {
    const errors = {};
    for (const control of form.querySelectorAll("[required]"))
      if (!control.value.trim())
        errors[control.name] = control.name === "narrative" ? "请说明发现了什么。" : "请填写。";
    const files = form.querySelector("[data-files]");
    if (files && wrong_files([...files.files])) errors.files = wrong_files([...files.files]);
    return errors;
  }
  async function entry_of(form) {
    const kind = form.dataset.queue,
      data = new FormData(form),
      uid = number(),
      body = {},
      files = [];
    for (const [name, value] of data)
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") body[name] = value;
    if (kind === "arrive") body.at = new Date().toISOString();
    else body.uid = uid;
    if (kind === "report") body.found_at = new Date().toISOString();
    if ("is_urgent" in body) body.is_urgent = true;
    if ("plan" in body) body.plan = Number(body.plan);
    const chosen = form.querySelector("[data-files]");
    for (const file of chosen ? chosen.files : []) {
      const blob = await smaller(file),
        name = blob === file ? file.name : file.name.replace(/\.\w+$/, "") + ".jpg";
      files.push({ uid: number(), name: name || "photo.jpg", blob });
    }
    const label =
      kind === "report"
        ? body.narrative.slice(0, 30)
        : kind === "visit"
          ? body.household
          : document.querySelector(".prose").textContent.slice(0, 20);
    return {
      uid,
      kind,
      user: me(),
      at: Date.now(),
      url: form.dataset.api || form.getAttribute("action"),
      body,
      files,
      label,
      page: location.pathname,
    };
  }
  async function submit(form) {
    const errors = faults_of(form);
    tell(form, errors);
    if (Object.keys(errors).length) return;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      await put(await entry_of(form));
      form.reset();
      form.querySelector("[data-thumbs]")?.replaceChildren();
      form.closest("details.paper")?.removeAttribute("open");
      note(navigator.onLine ? "正在发送……" : "没有网络，已存在手机里，有网后自动发出。", "info");
      await show();
      document.getElementById("content").scrollIntoView();
      await flush();
    } catch (error) {
      tell(form, { form: "手机存储空间不足，没有存下，请删掉一些照片后再试。" });
      throw error;
    } finally {
      button.disabled = false;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.queue) {
      event.preventDefault();
      delete form.dataset.sent;
      submit(form);
    }
    if (form.hasAttribute("data-leave")) {
      caches.delete("field-pages");
    }
  });
  document.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-files]")) return;
    const files = [...event.target.files],
      form = event.target.form;
    tell(form, wrong_files(files) ? { files: wrong_files(files) } : {});
    form.querySelector("[data-thumbs]").replaceChildren(...(await Promise.all(files.slice(0, MAX_FILES).map(thumb))));
  });
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-send-now]")) flush();
    const away = event.target.closest("[data-drop-entry]");
    if (away) {
      await drop(away.dataset.dropEntry);
      show();
    }
  });
  window.addEventListener("online", flush);
  window.addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(flush, 30000);
  document.addEventListener("DOMContentLoaded", () => {
    if ("serviceWorker" in navigator)
      navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/field/" });
    const sent = sessionStorage.getItem("field-sent");
    if (sent) {
      sessionStorage.removeItem("field-sent");
      note(sent, "success");
    }
    show().then(flush);
  });
  return { all, flush };
})();
