// Ties the form to the queue: what is given goes in at once, what is typed within half a second; each place and the bar
// say what became of it. Where the device cannot keep anything, the page stays the ordinary form that it is.
"use strict";
portal.autosave = (() => {
  const { store, queue, word, device, element } = portal;
  const { form, places, placeOf, same } = portal.answers ?? {};
  if (!form) return null;
  const KEPT_AFTER = 400;
  const SENT_AFTER = 1200;
  //: a page from the portal may be older than a save that this device made so many milliseconds before
  const JUST_NOW = 60000;
  const SPARED = 3000;
  //: after a fault of the store
  const TRIED_AFTER = 5000;
  const pk = Number(form.dataset.pk);
  const user = Number(form.dataset.user);
  const set = Number(form.dataset.set);
  // A ward may be in two rounds: what waits names both.
  const title = `${document.querySelector("h1").textContent.trim()} · ${form.dataset.round}`;
  const bar = form.querySelector("[data-saved-state]");
  const spoken = form.querySelector("[data-spoken]");
  const note = document.querySelector("[data-device-note]");
  const initially = bar.textContent;
  let begun = document.querySelector("[data-begun]");
  const dirty = new Map();
  let isOn = false;
  let isBroken = false;
  let savedAt = "";
  const opened = Date.now();
  //: how often the device's store was read
  let readings = 0;
  let sparedUntil = 0;
  //: the checklist as the portal counted it at the last answer
  let standing = null;

  async function begin() {
    const here = await device.ready;
    // A form shown again with what was typed is decided on as a form.
    if (here === false || "typed" in form.dataset) return;
    if (here === null) return fail();
    queue.listen(hear);
    await recall();
    for (const place of places.values()) place.settled = { ...place.agreed };
    isOn = true;
    form.classList.add("saves-itself");
    for (const node of document.querySelectorAll("[data-with-device]")) node.hidden = false;
    await refresh();
    form.dispatchEvent(new CustomEvent("ready"));
    // What was given before the scripts were there.
    for (const place of places.values()) if (Object.keys(place.changes).length) commit(place);
  }

  // What this device knows better than the page: newer saves, and what waits, perhaps given in another tab. Read anew
  // whenever something happens: a message of another tab may come after the state that it tells of was read, or never to a
  // page that slept or was just opening.
  async function recall() {
    readings += 1;
    const reading = readings;
    // Both at once: what is sent at this moment goes from the one to the other.
    const [known, waiting] = await store.within(["known", "queue"], "readonly", (answers, entries) =>
      Promise.all([store.asked(answers.getAll(IDBKeyRange.bound([user, pk], [user, pk, []]))), store.asked(entries.index("user").getAll(user))]));
    // What was given or answered here since it began is newer than what was read.
    const isPast = (place) => place.captures || place.touched >= reading;
    for (const each of known) {
      const place = each.set === set ? places.get(each.code) : null;
      if (place && isNewer(place, each)) {
        if (isPast(place)) continue;
        place.knownAt = each.at;
        take(place, each.version, each.seen, each.values);
        if (isOn) savedAt = place.savedAt = portal.moment(new Date(each.at)).slice(0, 5);
      } else if (!isOn && !device.storedAt) {
        await store.within(["known"], "readwrite", (drawer) => { drawer.delete([user, pk, each.code]); });
      }
    }
    const entries = waiting.filter((entry) => entry.pk === pk);
    for (const place of places.values()) {
      if (isPast(place)) continue;
      const entry = waitingAt(place, entries);
      const id = entry ? entry.id : "";
      if (id === place.waits) continue;
      place.waits = id;
      // Sent, or taken back in another tab: the portal's answer stands again.
      place.follow(entry ? entry.values : place.known);
    }
    return entries;
  }

  const waitingAt = (place, entries) => entries.filter((entry) => entry.kind === "answer" && entry.set === set && entry.code === place.code).pop();

  // A day has no version: since when this tab knows what it knows of it.
  const knownAt = (place) => place.knownAt ?? (device.storedAt ? 0 : opened);

  function isNewer(place, each) {
    if (place.isDay) return each.at > knownAt(place);
    return each.version > place.base && (Boolean(device.storedAt) || each.at > opened - JUST_NOW);
  }

  // The portal has `values` now. What this tab has still to send stays in its fields.
  function take(place, version, seen, values) {
    place.base = version;
    place.seen.value = seen;
    place.known = values;
    if (!place.waits && !place.captures) place.follow(values);
  }

  // What is typed here goes into the queue after `timer`, at once without one.
  function soil(place, timer = null) {
    clearTimeout(dirty.get(place));
    dirty.set(place, timer);
  }

  // Into the queue. `quiet` says how long it may still be typed on before it is sent.
  async function capture(place, quiet = 0) {
    soil(place);
    const values = place.read();
    const { agreed, changes } = place;
    // On their way to the queue: agreed from now on, so that the next step differs from them.
    place.agreed = { ...place.agreed, ...changes };
    place.captures = (place.captures ?? 0) + 1;
    try {
      const written = await queue.add({
        user, pk, set, code: place.code, url: form.dataset.save, title, label: place.label,
        given: place.isDay ? "" : portal.kinds.said(place.node),
        base: place.base, before: place.known, quiet: quiet && Date.now() + quiet,
        ...(place.isDay ? { shown: place.seen.value, knownAt: knownAt(place) } : {}),
      }, changes);
      place.captures -= 1;
      place.touched = readings;
      if (same(place.read(), values)) {
        soil(place);
        dirty.delete(place);
      }
      if (place.captures) return;
      place.waits = written.id;
      // Another tab of the same person may have given other parts.
      place.follow(written.values);
    } catch (error) {
      place.captures -= 1;
      for (const part of Object.keys(changes)) place.agreed[part] = agreed[part];
      soil(place);
      fail(error);
    }
  }

  function flush() {
    if (isOn) for (const place of Array.from(dirty.keys())) capture(place);
  }

  // The page is the ordinary form that it is, until the store answers again.
  function fail(error) {
    const wasOn = isOn;
    isBroken = true;
    isOn = false;
    form.classList.remove("saves-itself");
    tell(store.faultWord(error));
    bar.textContent = form.dataset.unsaved;
    if (wasOn) setTimeout(goOn, TRIED_AFTER);
  }

  async function goOn() {
    try {
      await recall();
    } catch {
      setTimeout(goOn, TRIED_AFTER);
      return;
    }
    isBroken = false;
    isOn = true;
    form.classList.add("saves-itself");
    flush();
    await refresh();
  }

  const isPart = (input) => input.name && placeOf(input)?.inputs(input.type === "radio" ? "outcome" : input.name.split("-").pop()).includes(input);

  form.addEventListener("input", ({ target }) => {
    if (!isPart(target)) return;
    const place = placeOf(target);
    if (!isOn) {
      soil(place);
      bar.textContent = form.dataset.unsaved;
      return;
    }
    if (target.type === "radio") return;
    // Not put off by further keys: someone who types without a pause loses no more than this.
    if (!dirty.get(place)) soil(place, setTimeout(() => capture(place, SENT_AFTER), KEPT_AFTER));
  });
  form.addEventListener("change", ({ target }) => {
    if (!isOn || !isPart(target)) return;
    commit(placeOf(target));
  });

  // An answer is complete: a choice, or a field that was left. Undo goes back by these steps.
  function commit(place) {
    const values = place.read();
    if (!same(place.settled, values)) form.dispatchEvent(new CustomEvent("step", { detail: [{ code: place.code, values: place.settled }] }));
    place.settled = values;
    return capture(place);
  }

  // Several answers at once, one step for undo.
  function give(answers) {
    const before = [];
    for (const [code, values] of answers) {
      const place = places.get(code);
      before.push({ code, values: place.read() });
      place.write(values);
      place.settled = place.read();
      if (isOn) capture(place);
      else soil(place);
    }
    return before;
  }

  function hear(news) {
    if (news.user === user && news.pk === pk && news.type === "answer" && news.kind === "answer") receive(news);
    refresh();
  }

  // The state of the checklist in the record, from the portal's last answer.
  function stand(checklist) {
    standing = checklist;
    form.elements.version.value = checklist.version;
  }

  // What is done with a place now is newer than what a reading on its way gives.
  function touch(place) {
    place.touched = readings;
    place.knownAt = Date.now();
  }

  function receive({ code, id, sent, answer }) {
    const place = places.get(code);
    if (!place) return;
    touch(place);
    if (place.waits === id) place.waits = "";
    if (answer.checklist) stand(answer.checklist);
    if (answer.checklist?.version && begun) {
      // The page was made before the first answer.
      begun.textContent = begun.dataset.begun;
      begun = null;
    }
    if (answer.state === "saved") {
      take(place, answer.version, answer.seen, answer.values ?? sent);
      savedAt = place.savedAt = answer.saved_at;
    } else if (answer.state !== "refused") {
      // The version stays: a further change replaces what was kept, not the colleague's answer.
      place.seen.value = answer.seen ?? place.seen.value;
      place.known = sent;
      place.fate = answer.state === "kept" ? "kept" : "differing";
      if (answer.html) portal.settle.show(place, answer.html);
    }
  }

  let refreshing = null;
  function refresh() {
    if (!refreshing) {
      refreshing = new Promise((resolve) => { setTimeout(resolve, 30); }).then(async () => {
        refreshing = null;
        if (isOn) draw(await recall());
      }).catch(fail);
    }
    return refreshing;
  }

  //: word of the state of an entry that waits, by why sending rests
  const RESTS = { network: "waiting", signIn: "signIn", other: "signIn", busy: "busy", noRoom: "noRoom" };

  function stateOf(entry) {
    if (entry.state !== "waiting") return entry.state;
    return RESTS[queue.whyNot(entry)] ?? (entry.quiet > Date.now() ? "typing" : "saving");
  }

  function draw(entries) {
    const counts = {};
    const count = (state) => { counts[state] = (counts[state] ?? 0) + 1; };
    for (const photo of entries.filter((each) => each.kind === "photo")) count(stateOf(photo));
    for (const place of places.values()) {
      const entry = waitingAt(place, entries);
      const differs = place.node.querySelector("[data-kept]");
      const state = entry ? stateOf(entry) : differs ? (place.fate ?? differs.dataset.fate ?? "differing") : place.savedAt ? "saved" : "";
      if (entry || differs) count(state);
      mark(place, state, entry);
    }
    const first = ["refused", "held", "signIn", "waiting", "noRoom", "busy", "differing", "kept", "saving", "typing"].find((state) => counts[state]);
    const isPlain = first === "saving" || first === "typing";
    const text = isPlain ? word("saving") : first ? word(`${first}Count`, { count: counts[first] }) : savedAt ? word("saved", { time: savedAt }) : initially;
    bar.dataset.state = first ?? "saved";
    if (Date.now() >= sparedUntil) {
      portal.write(bar, text);
      // Read out is what one must know and hears nowhere else: the note above tells what waits, the place what to correct.
      portal.write(spoken, ["held", "differing", "kept"].includes(first) ? text : first === "busy" ? word("busy") : "");
    }
    announce(counts);
    form.dispatchEvent(new CustomEvent("drawn", { detail: entries }));
  }

  // An answer to a key or a button: shown for a moment, whatever is saved meanwhile.
  function say(text) {
    sparedUntil = Date.now() + SPARED;
    portal.write(bar, text);
    portal.write(spoken, text);
    setTimeout(refresh, SPARED);
  }

  function mark(place, state, entry) {
    const box = place.box("data-state");
    const text = state === "saved" ? word("saved", { time: place.savedAt }) : state ? word(state) : place.served;
    const full = entry?.message ? `${text}: ${entry.message}` : text;
    if (state === "refused") box.setAttribute("role", "alert");
    else box.removeAttribute("role");
    portal.write(box, full);
    box.dataset.state = state;
    place.node.classList.toggle("has-refusal", state === "refused");
    place.state = state;
  }

  // One line above the checklist: why nothing is sent now, and what to do.
  function announce(counts) {
    const waits = Object.keys(counts).length > 0;
    const next = encodeURIComponent(location.pathname);
    const { paused, signIn } = queue.status;
    const link = (address, label) => element("a", { href: address }, label);
    if (paused === "signIn") tell(word("noteSignIn"), link(`${signIn || portal.words.signInUrl}?next=${next}`, word("linkSignIn")));
    else if (paused === "other") tell(word("noteOther"));
    else if (paused === "network") tell(word("noteNetwork"), link(portal.words.waitingUrl, word("linkWaiting")));
    else if (counts.noRoom) tell(word("noteNoRoom"), link(portal.words.waitingUrl, word("linkWaiting")));
    else if (!waits && isBehind()) tell(word("noteOthers"), link(location.pathname, word("linkFresh")));
    else if (device.storedAt && !waits) tell(word("noteStored", { time: portal.moment(new Date(Number(device.storedAt))) }), link(location.pathname, word("linkFresh")));
    else tell("");
  }

  // What the portal counts is not what the page shows: a colleague has answered, or another answer was chosen.
  function isBehind() {
    const { met, open } = portal.kinds.total();
    return Boolean(standing) && (met !== standing.met || open !== standing.open);
  }

  function tell(text, link = null) {
    if (!note) return;
    note.hidden = !text;
    if (note.dataset.text === text) return;
    note.dataset.text = text;
    note.replaceChildren(text, " ", link ?? "");
  }

  // The buttons of the form: first everything typed is sent, then the page goes on, if it goes anywhere.
  let isPassing = false;
  form.addEventListener("submit", (event) => {
    if (!isOn || isPassing) return;
    event.preventDefault();
    const button = portal.buttonOf(event);
    pass(button).catch(fail);
  });

  const isOnDevice = async (address) => Boolean(address && window.caches && (await caches.match(address, { cacheName: device.PAGES })));

  async function pass(button) {
    flush();
    bar.textContent = word("saving");
    const left = await queue.drained(pk);
    await refresh();
    const isOnWay = left.every((entry) => entry.state === "waiting");
    if (button?.value === "minutes" && isOnWay && (left.length || device.storedAt) && (await isOnDevice(form.dataset.minutes))) {
      // The minutes were loaded with the checklist; without a network the copy opens.
      portal.leaving = true;
      location.assign(form.dataset.minutes);
      return;
    }
    if (left.length || !button || button.value === "save") {
      places.get(left.find((entry) => entry.state === "refused")?.code)?.node.scrollIntoView({ block: "center" });
      return;
    }
    if (device.storedAt) {
      // The form of a copy is old; the fresh page has the button too.
      location.reload();
      return;
    }
    form.elements.csrfmiddlewaretoken.value = portal.token() || form.elements.csrfmiddlewaretoken.value;
    isPassing = true;
    portal.leaving = true;
    portal.submit(form, button);
    isPassing = false;
  }

  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  addEventListener("beforeunload", (event) => {
    flush();
    // Only what is neither saved nor in the queue is lost by leaving.
    if (!portal.leaving && (!isOn || isBroken) && dirty.size) event.preventDefault();
  });
  form.addEventListener("submit", () => { if (!isOn) portal.leaving = true; });
  portal.flush = flush;

  const ready = begin().catch(fail);
  return { ready, commit, give, take, touch, stand, say, refresh, pk, user, title, get isOn() { return isOn; } };
})();
