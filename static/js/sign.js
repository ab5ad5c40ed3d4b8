"use strict";
// The pad: a finger, a pen or a mouse draws; what is drawn goes along with the form as a picture.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-sign]");
  if (!form) return;
  const pad = form.querySelector("[data-pad]");
  const ink = pad.getContext("2d");
  let last = null;
  let drawn = false;

  function place(event) {
    const box = pad.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * pad.width) / box.width,
      y: ((event.clientY - box.top) * pad.height) / box.height,
    };
  }
  function clear() {
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, pad.width, pad.height);
    ink.strokeStyle = "#111";
    ink.lineWidth = 9;
    ink.lineCap = "round";
    ink.lineJoin = "round";
    drawn = false;
  }
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = place(event);
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = place(event);
    ink.beginPath();
    ink.moveTo(last.x, last.y);
    ink.lineTo(next.x, next.y);
    ink.stroke();
    last = next;
    drawn = true;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    pad.addEventListener(name, () => {
      last = null;
    });
  }
  form.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    form.elements.drawing.value = drawn ? pad.toDataURL("image/png") : "";
  });
  clear();
});
