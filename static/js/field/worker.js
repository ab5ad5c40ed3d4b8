"use strict";
// Service worker of the phone pages: pages from the network first, from the phone's own store without one.
// Only pages of /field/ and our own static files are kept; nothing of the API, no photos of others.
// The script that imports this one names the files (KEPT_FILES).

const PAGES = "field-pages";
const ASSETS = "field-assets";
const KEPT_PAGES = ["/field/", "/field/report/", "/field/visits/"];

async function keep(request, answer) {
  const isOurs = answer.ok && !answer.redirected && answer.type === "basic";
  if (isOurs) await (await caches.open(PAGES)).put(request, answer.clone());
}

async function stock() {
  const assets = await caches.open(ASSETS);
  for (const old of await assets.keys()) {
    if (!KEPT_FILES.includes(new URL(old.url).pathname)) await assets.delete(old);
  }
  await Promise.all(KEPT_FILES.map(async (file) => (await assets.match(file)) || assets.add(file)));
  await Promise.all(KEPT_PAGES.map((page) => stockPage(page).catch(() => {}))); // one that fails is kept when it is seen
}

async function stockPage(page) {
  await keep(page, await fetch(page, { credentials: "same-origin" }));
}

async function pageFor(request) {
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (KEPT_PAGES.includes(path)) await keep(path, answer);
    return answer;
  } catch {
    const pages = await caches.open(PAGES);
    return (await pages.match(path)) || (await pages.match("/field/report/")) || Response.error();
  }
}

async function fileFor(request) {
  return (await caches.match(request, { ignoreSearch: true })) || fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(stock());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/field/")) event.respondWith(pageFor(request));
  else if (KEPT_FILES.includes(url.pathname)) event.respondWith(fileFor(request));
});
