"use strict";
// The forms of the phone pages: what is missing in them, and the entry that is made of what they hold.

// { name of the field: words }, empty when the form can go
function faultsOf(form) {
  const faults = {};
  for (const field of form.querySelectorAll("[required]")) {
    if (!field.value.trim()) faults[field.name] = field.name === "narrative" ? "请说明发现了什么。" : "请填写。";
  }
  const fault = faultOfFiles(chosenFiles(form));
  if (fault) faults.files = fault;
  return faults;
}

function showFaults(form, faults) {
  for (const place of form.querySelectorAll("[data-error]")) {
    place.textContent = faults[place.dataset.error] || "";
    place.classList.toggle("d-block", Boolean(place.textContent));
    place.hidden = place.dataset.error === "form" && !place.textContent;
  }
  const [first] = Object.keys(faults);
  if (first) form.elements[first]?.focus?.();
}

function chosenFiles(form) {
  const field = form.querySelector("[data-files]");
  return field ? [...field.files] : [];
}

// The entry as it waits: its number, its kind (report, visit, arrive), whose it is, where it goes and what it says.
async function entryOf(form, user) {
  const kind = form.dataset.queue;
  const uid = freshNumber();
  const body = bodyOf(form, kind, uid);
  const label = labelOf(kind, body);
  const files = [];
  for (const file of chosenFiles(form)) files.push({ uid: freshNumber(), ...(await forTravel(file)) });
  const url = form.dataset.api || form.getAttribute("action");
  return { uid, kind, user, at: Date.now(), url, body, files, label, page: location.pathname };
}

// Put a refused entry back into its form: words, choices, ticks and files.
function fillAgain(form, entry) {
  form.reset();
  form.dataset.mends = entry.uid;
  for (const [name, value] of Object.entries(entry.body)) {
    const field = form.elements[name];
    if (!field || name === "uid") continue;
    if (field.type === "checkbox") field.checked = Boolean(value);
    else if (field.type !== "file") field.value = String(value);
  }
  const files = form.querySelector("[data-files]");
  if (!files || !entry.files.length) return;
  const kept = new DataTransfer();
  for (const { name, blob } of entry.files) kept.items.add(new File([blob], name, { type: blob.type }));
  files.files = kept.files;
}

// what the API takes: the moment is that of the phone, for the report may arrive much later
function bodyOf(form, kind, uid) {
  const fields = [...new FormData(form)].filter(([name, value]) => {
    return typeof value === "string" && name !== "csrfmiddlewaretoken";
  });
  const body = Object.fromEntries(fields);
  if (kind === "arrive") body.at = new Date().toISOString();
  else body.uid = uid;
  if (kind === "report") body.found_at = new Date().toISOString();
  if ("is_urgent" in body) body.is_urgent = true;
  if ("plan" in body) body.plan = Number(body.plan);
  return body;
}

function labelOf(kind, body) {
  if (kind === "report") return body.narrative.slice(0, 30);
  if (kind === "visit") return body.household;
  return document.querySelector(".prose").textContent.slice(0, 20);
}

function freshNumber() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

Object.assign(globalThis, { faultsOf, showFaults, chosenFiles, entryOf, fillAgain });
