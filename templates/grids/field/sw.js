"use strict";
// Service worker of the phone pages: pages from the network first, from the phone's own store without one.
// Only pages of /field/ and our own static files are kept; nothing of the API, no photos of others.
const PAGES = "field-pages", ASSETS = "field-assets";
const FILES = [{% for address in assets %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const KEPT = ["/field/", "/field/report/", "/field/visits/"];

async function keep(request, answer, store) {
  if (answer.ok && !answer.redirected && answer.type === "basic") await (await caches.open(store)).put(request, answer.clone());
  return answer;
}
async function stock() {
  const assets = await caches.open(ASSETS);
  for (const old of await assets.keys()) if (!FILES.includes(new URL(old.url).pathname)) await assets.delete(old);
  await Promise.all(FILES.map(async (file) => (await assets.match(file)) || assets.add(file)));
  await Promise.all(KEPT.map((page) => fetch(page, { credentials: "same-origin" }).then((answer) => keep(page, answer, PAGES)).catch(() => {})));
}
self.addEventListener("install", (event) => { self.skipWaiting(); event.waitUntil(stock()); });
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (event.data === "forget") event.waitUntil(caches.delete(PAGES)); });

async function page(request) {
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (KEPT.includes(path)) await keep(path, answer, PAGES);
    return answer;
  } catch (error) {
    const pages = await caches.open(PAGES);
    return (await pages.match(path)) || (await pages.match("/field/report/")) || Response.error();
  }
}
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.startsWith("/field/")) event.respondWith(page(event.request));
  else if (FILES.includes(url.pathname)) event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept || fetch(event.request)));
});
