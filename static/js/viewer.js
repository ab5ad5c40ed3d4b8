"use strict";
// Pictures among the files of a case, over the whole screen: ← and → go through them, Escape closes.

function openViewer(links, first) {
  let at = first;
  const dialog = document.createElement("dialog");
  dialog.className = "viewer";
  dialog.setAttribute("aria-label", "图片");
  dialog.innerHTML =
    '<img alt=""><div class="viewer-bar"><button type="button" class="btn" data-step="-1">上一张 ←</button><span aria-live="polite"></span><button type="button" class="btn" data-step="1">下一张 →</button><button type="button" class="btn" data-close>关闭</button></div>';
  const picture = dialog.querySelector("img");
  const show = (step) => {
    at = (at + step + links.length) % links.length;
    picture.src = links[at].href;
    picture.alt = links[at].dataset.look;
    dialog.querySelector("span").textContent = `${links[at].dataset.look}（${at + 1} / ${links.length}）`;
  };
  for (const button of dialog.querySelectorAll("[data-step]")) button.hidden = links.length < 2;
  dialog.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) show(Number(step.dataset.step));
    else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && links.length > 1) show(step);
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show(0);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-look]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const links = [...document.querySelectorAll("[data-look]")];
  openViewer(links, links.indexOf(link));
});
