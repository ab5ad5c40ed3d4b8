"use strict";
// The page of the API is drawn by a package; what a screen reader needs to know of it is added here.

const page = document.getElementById("swagger-ui");

const names = { "#servers": "接口地址", ".schemes-server-container": "接口地址和令牌" };

const told = () => {
  page.querySelector(".information-container")?.setAttribute("role", "banner");
  page.querySelector(".schemes-server-container")?.setAttribute("role", "region");
  for (const [part, name] of Object.entries(names)) {
    page.querySelector(part)?.setAttribute("aria-label", name);
  }
  for (const head of page.querySelectorAll(".opblock-tag, .models > h4")) {
    head.setAttribute("aria-level", "2"); // below the title, which is of level 1
  }
};

new MutationObserver(told).observe(page, { childList: true, subtree: true });
