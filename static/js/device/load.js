// Loads checklists onto the device for the day, says which are there and until when, and removes them.
"use strict";
(() => {
  const box = document.querySelector("[data-offline]");
  // Without a worker (an old browser, or plain http) nothing could open them.
  if (!box || !("serviceWorker" in navigator) || !window.caches) return;
  const { store, word, device, moment } = portal;
  const DAY = 24 * 60 * 60 * 1000;
  const PATIENCE = 30000;
  const items = [...box.querySelectorAll("[data-load]")];
  const progress = box.querySelector("[data-load-progress]");
  const button = box.querySelector("[data-load-all]");
  const unload = box.querySelector("[data-unload]");
  const days = box.querySelector("[data-load-days]");
  const longest = days.options.length;

  // From today to the last visit that is planned within reach; without one, today alone.
  function plannedDays() {
    const ahead = (item) => Math.round((new Date(`${item.dataset.planned}T00:00`) - new Date().setHours(0, 0, 0, 0)) / DAY) + 1;
    return Math.max(1, ...items.filter((item) => item.dataset.planned).map(ahead).filter((count) => count <= longest));
  }

  async function draw() {
    const pages = (await store.fact("pages")) ?? [];
    for (const item of items) {
      const page = pages.find((each) => each.address === item.dataset.load);
      const isFresh = page && Date.now() < page.until;
      item.querySelector("[data-load-state]").textContent = isFresh ? word("until", { time: moment(new Date(page.until)) }) : word(page ? "over" : "notLoaded");
      item.toggleAttribute("data-loaded", Boolean(isFresh));
    }
    unload.hidden = pages.length === 0;
    const done = items.filter((item) => item.hasAttribute("data-loaded")).length;
    box.querySelector("[data-load-summary]").textContent = word("loaded", { done, all: items.length });
  }

  async function load() {
    button.disabled = true;
    progress.textContent = word("loading", { done: 0, all: items.length });
    const failed = [];
    navigator.storage?.persist?.().catch(() => {}); // asks that the browser does not clear it for want of room
    // Where the worker could not be registered or installed, it is never ready.
    const late = new Promise((resolve, reject) => { setTimeout(() => reject(new Error("late")), PATIENCE); });
    const isThere = await Promise.race([Promise.all([device.worker, navigator.serviceWorker.ready]), late]).then(() => true, () => false);
    for (const [done, item] of items.entries()) {
      progress.textContent = word("loading", { done: done + 1, all: items.length });
      await (isThere ? loadOne(item) : Promise.reject()).catch(() => failed.push(item.querySelector("b").textContent));
      await draw();
    }
    progress.textContent = failed.length ? word("loadFailed", { title: failed.join(", ") }) : "";
    progress.className = failed.length ? "error" : "";
    button.disabled = false;
  }

  async function loadOne(item) {
    const address = item.dataset.load;
    const at = Date.now();
    const until = at + Number(days.value) * DAY;
    const copy = await keepPage(address, at, until);
    const form = copy.querySelector("form[data-stock]");
    if (form) {
      await keepWords(item, form.dataset);
      await keepPage(form.dataset.minutes, at, until);
    }
    const pages = ((await store.fact("pages")) ?? []).filter((page) => page.address !== address);
    await store.remember("pages", [...pages, { address, until, user: device.user, title: item.querySelector("b").textContent, round: item.querySelector("[data-load-round]").textContent }]);
  }

  async function keepPage(address, at, until) {
    const response = await fetch(address, { cache: "no-store", redirect: "error", headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.status);
    // The copy says of itself that it is one, and since when.
    const text = (await response.text()).replace("<html ", `<html data-stored="${at}" `);
    const headers = new Headers(response.headers);
    headers.set("X-Stored-Until", until);
    const copy = new DOMParser().parseFromString(text, "text/html");
    const cache = await caches.open(device.PAGES);
    await keepFiles(copy, cache);
    await cache.put(address, new Response(text, { headers }));
    return copy;
  }

  // The copy names the styles, scripts and drawings of its own release; they go with it, whatever release the worker is of or will be.
  async function keepFiles(copy, cache) {
    for (const node of copy.querySelectorAll("link[href], script[src], use[href]")) {
      const [address] = (node.getAttribute("src") ?? node.getAttribute("href")).split("#");
      if (!(await cache.match(address))) await cache.add(address);
    }
  }

  // Stock sentences and guidance, each under a key of its own: scripts of the last release write the first anew.
  async function keepWords(item, { stock, guidance }) {
    const pk = Number(item.dataset.pk);
    await keepAnswer(stock, (sentences) => ({ user: device.user, pk, sentences }));
    if (guidance) await keepAnswer(guidance, (texts) => ({ user: device.user, pk: `guidance-${pk}`, texts }));
  }

  async function keepAnswer(address, record) {
    const response = await fetch(address, { cache: "no-store", redirect: "error", headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const answer = await response.json();
    await store.within(["sentences"], "readwrite", (drawer) => { drawer.put(record(answer)); });
  }

  days.value = plannedDays();
  button.addEventListener("click", load);
  unload.addEventListener("click", () => device.removePages().then(draw));
  device.ready.then(async (here) => {
    if (!here) return;
    await draw();
    box.hidden = false;
  });
})();
