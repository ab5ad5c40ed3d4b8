"use strict";
// Comes before the page and waits for nothing: a button that is pressed before the scripts have come is not lost, nor
// does it act without them (unasked, or as a page of its own). It is pressed when they are there.

let pressedEarly = null;

function takeEarlyPress(event) {
  const button = event.target.closest("button, [hx-get], [hx-post]");
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  pressedEarly = button;
}
document.addEventListener("click", takeEarlyPress, true);
document.addEventListener("DOMContentLoaded", () => {
  // after all that the other scripts do at the same moment
  setTimeout(() => {
    document.removeEventListener("click", takeEarlyPress, true);
    if (pressedEarly?.isConnected) pressedEarly.click();
  });
});
