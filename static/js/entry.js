"use strict";
// The register page: rows of parties come and go, the keyboard finds everything.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-entry]");
  const rows = form.querySelector("[data-parties]");
  const template = form.querySelector("[data-party-template]");
  const total = form.elements["parties-TOTAL_FORMS"];
  const settle = form.querySelector("[data-settle]");

  function renumber() {
    [...rows.children]
      .filter((row) => !row.hidden)
      .forEach((row, at) => {
        row.querySelector("[data-number]").textContent = at + 1;
      });
  }
  function add(side) {
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.firstElementChild;
    rows.append(row);
    total.value = Number(total.value) + 1;
    const choice = row.querySelector("select[name$=-side]");
    choice.value = side;
    colour(row);
    htmx.process(row);
    renumber();
    row.querySelector("input[name$=-paper_number]").focus();
    return row;
  }
  // a guardian stands on the side of the child, and for it
  function addGuardian(child) {
    const row = add(child.querySelector("select[name$=-side]").value);
    row.querySelector("select[name$=-role]").value = "guardian";
    row.querySelector("select[name$=-represents]").value = child.querySelector("input[name$=-name]").name.split("-")[1];
    row.querySelector("details").open = true;
    changed();
  }
  function remove(row) {
    row.querySelector("input[name$=-DELETE]").value = "on";
    row.hidden = true;
    renumber();
    const left = [...rows.children].filter((other) => !other.hidden);
    (left.length ? left[left.length - 1].querySelector("input[name$=-paper_number]") : form.elements.narrative).focus();
    changed();
  }
  function colour(row) {
    row.className = `party party-${row.querySelector("select[name$=-side]").value}`;
  }
  form.addEventListener("click", (event) => {
    const more = event.target.closest("[data-add-party]");
    if (more) add(more.dataset.addParty);
    const less = event.target.closest("[data-remove-party]");
    if (less) {
      remove(less.closest("[data-party]"));
    }
    const guardian = event.target.closest("[data-add-guardian]");
    if (guardian) addGuardian(guardian.closest("[data-party]"));
    const take = event.target.closest("[data-take]");
    if (take) {
      form.elements[take.dataset.take].value = take.dataset.value;
      form.querySelector("[data-more]").open = true;
      form.elements[take.dataset.take].dispatchEvent(new Event("change", { bubbles: true }));
    }
    const earlier = event.target.closest("[data-beside]");
    if (earlier) beside(earlier.dataset.beside, earlier.dataset.code);
    if (event.target.closest("[data-beside-off]")) beside("", "");
    if (event.target.closest("[data-open-settle]")) openSettle();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select[name$=-side]")) colour(event.target.closest("[data-party]"));
  });

  // the earlier case that this one is merged into or linked to
  const WORDS = { merge: "登记后并入此前的案件", repeat: "登记后关联为重复诉求，此前的案件" };
  function beside(how, code) {
    form.elements.beside.value = how;
    form.elements.earlier.value = code;
    showBeside();
    changed();
  }
  function showBeside() {
    const note = form.querySelector("[data-beside-note]");
    if (!form.elements.beside) return;
    note.hidden = !form.elements.beside.value;
    note.querySelector("[data-beside-text]").textContent =
      `${WORDS[form.elements.beside.value] || ""} ${form.elements.earlier.value}`;
  }

  // what is typed keeps itself: after a pause, and when the page is left
  const saved = form.querySelector("[data-saved]");
  let timer = null,
    waiting = false,
    sending = false,
    lost = false,
    sent = false,
    again = null;
  const body = () => {
    const data = new URLSearchParams(new FormData(form));
    data.delete("csrfmiddlewaretoken");
    return data;
  };
  const token = () => document.querySelector('meta[name="csrf-token"]').content;
  function changed() {
    if (!form.dataset.typed || sent) return;
    waiting = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 700);
  }
  async function keep() {
    if (sending || sent || !waiting) return;
    sending = true;
    waiting = false;
    try {
      const answer = await fetch(form.dataset.typed, {
        method: "POST",
        body: body(),
        redirect: "manual",
        headers: { "X-CSRFToken": token() },
      });
      if (answer.ok) {
        told(`已自动保存 ${(await answer.json()).saved_at}`, false);
        if (location.pathname !== form.dataset.draft) history.replaceState(null, "", form.dataset.draft);
      } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        await renew();
      } else if (answer.status !== 409) {
        told("自动保存没有成功，稍后再试", true);
        later();
      }
    } catch {
      told("网络中断，恢复后自动保存", true);
      later();
    } finally {
      sending = false;
      if (waiting) {
        clearTimeout(timer);
        timer = setTimeout(keep, 700);
      }
    }
  }
  function later() {
    waiting = true;
    clearTimeout(again);
    again = setTimeout(keep, 4000);
  }
  // the session is over, or somebody signed in again beside this page: take up the new token, or wait for the login
  async function renew() {
    const answer = await fetch(form.dataset.ground, { redirect: "manual" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector('meta[name="csrf-token"]').content;
      document.querySelector('meta[name="csrf-token"]').content = fresh;
      form.elements.csrfmiddlewaretoken.value = fresh;
      lost = false;
    } else {
      lost = true;
      told("登录已失效：请点此在新窗口登录，本页内容不会丢失", true, "/login/");
    }
    later();
  }
  function told(text, isLost, address) {
    saved.classList.toggle("is-lost", isLost);
    if (!address) {
      saved.textContent = text;
      return;
    }
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = text;
    saved.replaceChildren(link);
  }
  // a part that finds the session over would lead the page to the login: the page stays, and so does what stands in it
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401 || !form.dataset.typed) return;
    event.preventDefault();
    renew();
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener(
    "submit",
    (event) => {
      if (lost) {
        event.preventDefault();
        event.stopImmediatePropagation();
        saved.querySelector("a")?.focus();
        return;
      }
      sent = true;
    },
    true,
  );
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("pagehide", () => {
    if (!waiting || sent || !form.dataset.typed) return;
    fetch(form.dataset.typed, { method: "POST", body: body(), keepalive: true, headers: { "X-CSRFToken": token() } });
  });

  function openSettle() {
    if (!settle) return;
    settle.open = true;
    settle.querySelector("select").focus();
    settle.scrollIntoView({ block: "center" });
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "q") {
      event.preventDefault();
      openSettle();
    }
    if (key === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[value=save]"));
    }
    if (key === "m") {
      const more = form.querySelector("[data-more]");
      event.preventDefault();
      more.open = true;
      more.querySelector("input, select").focus();
    }
    if (key === "n") {
      event.preventDefault();
      add("respondent");
    }
    if (key === "g") {
      const children = [...form.querySelectorAll("[data-add-guardian]")];
      if (children.length) {
        event.preventDefault();
        addGuardian(children[children.length - 1].closest("[data-party]"));
      }
    }
    if (key === "delete") {
      const row = document.activeElement.closest("[data-party]");
      if (row) {
        event.preventDefault();
        remove(row);
      }
    }
  });
  // Ctrl+Enter in the report settles
  if (settle)
    settle.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        form.requestSubmit(settle.querySelector("[value=settle]"));
      }
    });

  renumber();
  showBeside();
  for (const row of rows.children) {
    if (row.querySelector("input[name$=-paper_number], input[name$=-phone]")?.value) htmx.trigger(row, "change");
  }
  const wrong = form.querySelector("[aria-invalid=true], .invalid-feedback");
  if (wrong) {
    wrong.closest("details")?.setAttribute("open", "");
    (wrong.matches("input, select, textarea") ? wrong : form.querySelector("[role=alert]")).focus();
  } else {
    rows.querySelector("input[name$=-paper_number]").focus();
  }
});
