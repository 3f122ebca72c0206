// Forms that were saved without a network (data-later: the minutes): the draft on this device carries all that the portal
// needs, and goes by itself when the network is back. What the portal does not take stays a draft, and a line says so.
"use strict";
portal.later = (() => {
  const { store, word, element } = portal;
  const PATIENCE = 40000;
  const TRIED_AFTER = 60000;
  //: a form in which somebody types goes after so many milliseconds
  const QUIET = 15000;
  let person = null;
  let running = null;
  //: where to sign in again, once the portal said so
  let signIn = "";
  //: the disk of the server is full, as the portal said last
  let hasNoRoom = false;

  const letters = (user) => store.within(["known"], "readonly", async (known) =>
    (await store.asked(known.getAll(store.draftsOf(user)))).filter((each) => each.later));

  const savedDraft = () => document.cookie.match(/(?:^|; )saved_draft=([^;]+)/)?.[1];

  // What a form sends, without the token, which changes.
  function letterOf(form) {
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    const title = document.querySelector("h1").textContent.replace(/\s+/g, " ").trim();
    return { url: new URL(form.getAttribute("action") ?? location.href, location.href).pathname, title, fields };
  }

  const isSame = (present, letter) => Boolean(present) && present.id === letter.id && present.at === letter.at;

  async function sendOne(letter) {
    const { url, fields } = letter.later;
    if (Date.now() - (portal.drafts?.typedAt(url) ?? 0) < QUIET) return;
    const body = new URLSearchParams(fields);
    const around = { csrfmiddlewaretoken: portal.token(), draft: letter.id, action: "save", user: letter.user };
    for (const [name, value] of Object.entries(around)) body.set(name, value);
    const response = await fetch(url, {
      method: "POST", body, redirect: "manual", cache: "no-store", signal: portal.timeLimit(PATIENCE),
      headers: { Accept: "application/json", "X-CSRFToken": portal.token() },
    });
    if (response.status === 507) hasNoRoom = true;
    const isTaken = savedDraft() === letter.id;
    const isRefused = !isTaken && (await refuses(response));
    if (!isTaken && !isRefused) return;
    const key = [letter.user, letter.pk, letter.code];
    await store.within(["known"], "readwrite", async (known) => {
      const present = await store.asked(known.get(key));
      if (!isSame(present, letter)) return;
      if (isTaken) known.delete(key);
      else known.put({ ...present, later: { ...present.later, isRefused: true } });
    });
    if (isTaken) document.cookie = "saved_draft=; path=/; max-age=0; samesite=lax";
    // The form on this page is of before.
    if (isTaken && location.pathname === url && Date.now() - portal.drafts.typedAt(url) > QUIET) {
      portal.leaving = true;
      location.reload();
    }
  }

  // A page instead of the way on: the portal shows what it did not take. Signed out, as another person or with the token of
  // an earlier session nothing is judged: the form waits.
  async function refuses(response) {
    if (response.status === 200) return true;
    if (response.status < 400 || response.status >= 500 || response.status === 429) return false;
    const answer = await response.json().catch(() => ({}));
    if (response.status === 401) signIn = answer.sign_in ?? portal.words.signInUrl;
    return response.status !== 401 && !answer.other && answer.token !== "stale";
  }

  async function sendAll() {
    if (!navigator.onLine || (await store.fact("person"))?.id !== person) return;
    const waiting = (await letters(person)).filter((each) => !each.later.isRefused);
    signIn = "";
    hasNoRoom = false;
    for (const letter of waiting) await sendOne(letter);
    await tell();
  }

  // Whoever opens the form itself is offered what was typed.
  async function tell() {
    const refused = (await letters(person)).filter((each) => each.later.isRefused && each.later.url !== location.pathname);
    for (const old of document.querySelectorAll("[data-later-refused]")) old.remove();
    for (const { later } of refused) say(word("draftLaterRefused"), later.url, later.title);
    if (signIn) say(word("noteSignIn"), `${signIn}?next=${encodeURIComponent(location.pathname)}`, word("linkSignIn"));
    if (hasNoRoom) say(word("noteNoRoom"), portal.words.waitingUrl, word("linkWaiting"));
  }

  function say(text, address, title) {
    const line = element("p", { class: "notice-line warning no-print", role: "status", "data-later-refused": true }, text, " ", element("a", { href: address }, title));
    document.querySelector("main").prepend(line);
  }

  // One tab sends at a time; what two tabs send all the same, the portal takes once.
  function send() {
    if (person === null) return Promise.resolve();
    const locked = () => (navigator.locks ? navigator.locks.request("vtlt-later", { ifAvailable: true }, (lock) => lock && sendAll()) : sendAll());
    running = running ?? locked().catch(() => {}).finally(() => { running = null; });
    return running;
  }

  function start(user) {
    if (person === null) {
      addEventListener("online", send);
      document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
      setInterval(send, TRIED_AFTER);
    }
    person = user;
    return send();
  }

  return { letterOf, letters, send, start };
})();
