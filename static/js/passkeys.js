"use strict";
// A button that makes or uses a passkey: data-passkey is where the question comes from, data-passkey-done takes the
// answer; data-passkey-new makes one. Afterwards the page goes where the answer says; with data-passkey-submits the form
// around the button is sent instead.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function question(json) {
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  const asked = { ...json, challenge: bytes(json.challenge) };
  if (json.user) {
    asked.user = { ...json.user, id: bytes(json.user.id) };
    asked.excludeCredentials = listed(json.excludeCredentials);
  } else {
    asked.allowCredentials = listed(json.allowCredentials);
  }
  return asked;
}

function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

async function send(address, body) {
  const token =
    document.querySelector('meta[name="csrf-token"]')?.content ||
    document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, Accept: "application/json", "Content-Type": "application/json" };
  const sent = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  if (sent.status === 403 && (await sent.clone().json()).code === "recent_authentication_required") {
    window.location.assign(`/account/confirm/?next=${encodeURIComponent(window.location.pathname)}`);
    return new Promise(() => {});
  }
  const told = await sent.json();
  if (!sent.ok) throw new Error(told.detail);
  return told;
}

async function ceremony(button) {
  const json = await send(button.dataset.passkey, {});
  const publicKey = question(json);
  const fresh = button.hasAttribute("data-passkey-new");
  const credential = await (fresh
    ? navigator.credentials.create({ publicKey })
    : navigator.credentials.get({ publicKey }));
  const query = button.dataset.next ? `?next=${encodeURIComponent(button.dataset.next)}` : "";
  const name = fresh ? `${navigator.platform || "设备"} ${new Date().toLocaleDateString("zh-CN")}` : "";
  return send(button.dataset.passkeyDone + query, { credential: answer(credential), name });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey]");
  if (!button) return;
  const wrong = button.closest("form, .card, dialog").querySelector("[data-passkey-wrong]");
  button.disabled = true;
  wrong.textContent = "";
  try {
    const done = await ceremony(button);
    if (button.hasAttribute("data-passkey-submits")) {
      button.form.noValidate = true;
      button.form.requestSubmit();
    } else {
      window.location.assign(done.location);
    }
  } catch (error) {
    const refused = error.name === "NotAllowedError";
    wrong.textContent = refused ? "没有完成：已取消，或这台设备上没有本系统的通行密钥。" : error.message;
  } finally {
    button.disabled = false;
  }
});

// where the browser has none, nothing is offered
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = !window.PublicKeyCredential;
});
