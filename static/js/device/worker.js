// The service worker: serves the checklists that a person loaded onto the device, when the network fails and only then.
// It keeps no other page of anybody, and answers nothing itself that changes anything.
"use strict";
const { assets, version, static: files, waiting, signOut } = self.portal;
const ASSETS = `assets-${version}`;
const PAGES = "pages";
//: a network that does not answer so long counts as none, where a copy is at hand
const PATIENCE = 5000;

self.addEventListener("install", (event) => {
  // Without cookies: the page of what waits is kept as a stranger gets it.
  const fresh = [...assets, waiting].map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("assets-") && name !== ASSETS);
  const clear = caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name))));
  event.waitUntil(clear.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "POST" && address.pathname === signOut) {
    event.respondWith(leave(request));
  } else if (request.method !== "GET") {
    return;
  } else if (address.pathname.startsWith(files)) {
    event.respondWith(asset(request));
  } else if (request.mode === "navigate") {
    event.respondWith(page(request, address));
  }
});

// A server that restarts behind its proxy answers 502 to 504; the copy is better than that too.
const failed = (response) => response.status >= 502 && response.status <= 504;

function fetched(request, copy) {
  const answer = fetch(request);
  if (!copy) return answer;
  const late = new Promise((resolve, reject) => { setTimeout(() => reject(new Error("late")), PATIENCE); });
  return Promise.race([answer, late]);
}

// Of this release, or of the one that a copy is of: its styles and scripts lie beside it.
async function asset(request) {
  const copy = await caches.match(request);
  try {
    const response = await fetched(request, copy);
    return response.ok || !copy ? response : copy;
  } catch (error) {
    if (copy) return copy;
    throw error;
  }
}

async function page(request, address) {
  const copy = await stored(address);
  try {
    const response = await fetched(request, copy);
    if (!failed(response) || !copy) return response;
  } catch (error) {
    if (!copy && address.pathname !== waiting) return Response.redirect(waiting);
    if (!copy) throw error;
  }
  return copy;
}

// The copy of a checklist, as long as it lasts; or the page of what waits, which is the same for everybody.
async function stored(address) {
  if (address.pathname === waiting) return caches.match(waiting, { cacheName: ASSETS });
  const cache = await caches.open(PAGES);
  const copy = await cache.match(address.pathname);
  if (!copy) return undefined;
  if (Date.now() < Number(copy.headers.get("X-Stored-Until"))) return copy;
  await cache.delete(address.pathname);
  return undefined;
}

async function leave(request) {
  try {
    const response = await fetch(request);
    await caches.delete(PAGES);
    return response;
  } catch {
    return Response.redirect(waiting);
  }
}
