// On every page of whoever is signed in: who works on this device, its worker for the time without a network, and
// signing out without leaving anything behind unasked.
"use strict";
portal.device = (() => {
  const { store, queue, words, word } = portal;
  const user = Number(words.user) || null;
  // Set by the copy that lies on the device: such a page says nothing about who is signed in.
  const storedAt = document.documentElement.dataset.stored;
  const PAGES = "pages";

  // On a slow network the scripts come one by one: nothing begins before the last of them listens.
  const whole = new Promise((resolve) => { document.addEventListener("DOMContentLoaded", resolve, { once: true }); });

  // Resolves to whether this page may show and take drafts of its person.
  async function begin() {
    await whole;
    if (user === null) return false;
    const before = await store.fact("person");
    if (storedAt) {
      if (before?.id === user) return true;
      location.replace(words.waitingUrl);
      return false;
    }
    if (before && before.id !== user) {
      await removePages();
      await store.forget(before.id, false);
    }
    await store.remember("person", { id: user, name: words.name });
    queue.announce(user);
    return true;
  }

  async function removePages() {
    if (window.caches) await caches.delete(PAGES);
    await store.remember("pages", []);
  }

  const ready = begin().catch(() => null);
  ready.then((here) => { if (here) queue.start(user); });

  // Signing in again, in another tab, changed the token: forms of the same person take the new one. If it was another
  // person, the old one keeps this from being saved in that person's name.
  async function renew() {
    if (!user || storedAt || !portal.token()) return;
    const person = await store.fact("person");
    if (person?.id !== user) return;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = portal.token();
  }
  addEventListener("focus", () => { renew().catch(() => {}); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") renew().catch(() => {});
  });

  // On the other pages: one line says that something waits here, or how far a photograph is, with the way to it.
  const waits = document.querySelector("[data-waits]");
  // What is sent at once need not be announced.
  const SPARED = 1500;
  const said = portal.element("span");
  // Not read out with each per cent.
  const progress = portal.element("span", { "aria-hidden": "true" });

  async function count() {
    // Not after each answer that goes: the line is read out.
    if (performance.now() < SPARED || (queue.status.sending && !queue.status.photo)) return;
    const waiting = (await store.entries(user)).length;
    const { photo } = queue.status;
    waits.hidden = waiting === 0;
    portal.write(said, photo ? word("sendingPhoto", photo) : word("signOutWaiting", { count: waiting }));
    portal.write(progress, photo ? ` · ${photo.percent}%` : "");
  }
  if (waits && !document.querySelector("form[data-checklist]")) {
    waits.querySelector("a").append(said, progress);
    ready.then((here) => {
      if (!here) return;
      queue.listen(() => count().catch(() => {}));
      setTimeout(() => count().catch(() => {}), SPARED);
    });
  }

  // Nobody corrects a clock that nothing points at.
  let clock = null;
  queue.listen(() => {
    const { clock: now } = queue.status;
    if (!now || clock) return;
    clock = portal.element("p", { class: "notice-line warning no-print", role: "status", "data-clock-wrong": true }, word("clock", { time: now }));
    document.querySelector("main").prepend(clock);
  });

  let worker = null;
  if ("inspects" in words && "serviceWorker" in navigator) {
    worker = navigator.serviceWorker.register(words.workerUrl, { updateViaCache: "none" });
    worker.catch(() => {});
  }

  // Signing out: the pages on the device go always; what waits goes or stays as the person says.
  const dialog = document.querySelector("dialog[data-sign-out]");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!dialog || new URL(form.action, location.href).pathname !== words.signOutUrl) return;
    event.preventDefault();
    event.stopPropagation();
    leave(form).catch(() => form.submit());
  }, true);

  async function leave(form) {
    portal.flush?.();
    // A store that does not answer keeps nobody signed in.
    if (!(await portal.soon(store.fact("person").then(() => true)))) throw new Error("store");
    await portal.drafts?.flush();
    if (!navigator.onLine) return say(word("signOutOffline"), ["cancel"]);
    // What can be sent now need not be asked about.
    await portal.soon(queue.drained(), 4000);
    const waiting = await store.entries(user);
    const drafts = await store.drafts(user);
    const texts = [waiting.length && word("signOutWaiting", { count: waiting.length }), drafts && word("signOutDrafts", { count: drafts })];
    const choice = waiting.length || drafts ? await say(texts.filter(Boolean).join(" "), null) : "delete";
    if (choice === "cancel") return;
    await store.forget(user, choice === "delete");
    await removePages();
    await store.remember("person", null);
    // Signing out needs the token of the present session, whatever page this is.
    const field = form.elements.csrfmiddlewaretoken;
    if (field && portal.token()) field.value = portal.token();
    portal.leaving = true;
    form.submit();
  }

  function say(text, choices) {
    dialog.querySelector("[data-sign-out-text]").textContent = text;
    dialog.querySelector("[data-sign-out-keep]").hidden = Boolean(choices);
    for (const button of dialog.querySelectorAll("[data-choice]")) button.hidden = Boolean(choices && !choices.includes(button.value));
    portal.openDialog(dialog);
    return new Promise((resolve) => {
      const done = (choice) => { portal.closeDialog(dialog); resolve(choice); };
      for (const button of dialog.querySelectorAll("[data-choice]")) button.onclick = () => done(button.value);
      dialog.oncancel = () => resolve("cancel");
    });
  }

  return { ready, user, storedAt, worker, PAGES, removePages, renew };
})();
