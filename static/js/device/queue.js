// The one way of an answer or a photograph to the portal, with a network and without: first into the queue on the
// device, then sent in order, once. An entry keeps its submission id from the first attempt on, so that an answer whose
// receipt was lost on the way is sent again as the same one. Nothing syncs tables here.
//
// An entry: { n, kind: "answer" | "photo" | "piece", user, pk, code, url, title, label, id, values, before, base, made_at,
//   given (the values in words, where a criterion is more than met or not), attempted, left (when a photograph had left
//   as a whole and no answer came), state: "waiting" | "refused" | "held", message, errors, quiet (not sent before), via }
// A piece is a document by its number or a file as a form describes it: `values` are the fields of the form, `file` is there
// where one was chosen, `former` where it takes the place of another, `confirmed` is the confirmation that the form showed
// and `offered` the one that the portal told when it refused.
"use strict";
portal.queue = (() => {
  const { store, uuid, token } = portal;
  const ANSWER_TIME = 20000;
  //: so many milliseconds a clock may be wrong
  const CLOCK_OFF = 10 * 60000;
  //: a photograph of which nothing has left for so long is begun anew; how long it takes as a whole is its line's affair
  const STALLED = 60000;
  const LONGEST_QUIET = 10000;
  const CAPTION_QUIET = 4000;
  //: the portal opens a photograph that has left as a whole before it keeps it
  const ARRIVING = 30000;
  const ASKED_AFTER = 2000;
  const CHANNEL = "vtlt-queue";
  const channel = window.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
  const listeners = [];
  //: why sending rests: "" | "network" | "signIn" | "other" | "busy" (also: slow) | "noRoom" | "store"
  const status = { paused: "", signIn: "", sending: false, photo: null, clock: "" };
  let person = null;
  let failures = 0;
  let timer = null;
  //: the photograph that this tab sends: its number, and how to give it up
  let leaving = null;

  function tell(news, elsewhere = true) {
    for (const listener of listeners) listener(news);
    if (elsewhere) channel?.postMessage(news);
  }
  channel?.addEventListener("message", ({ data }) => {
    if (data.type === "leaving") status.photo = data.photo;
    tell(data, false);
    // Another tab signed in again: what rested here goes on.
    if (data.type === "person") kick(true);
  });

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const beside = (entry) => (other) => other.kind === "answer" && other.pk === entry.pk && other.set === entry.set && other.code === entry.code;

  // A day has no version: what the portal took last stands, if the tab learned what it knows before (`knownAt`).
  const isDay = (answer) => answer.shown !== undefined;
  const isNewer = (known, answer, knownAt) => (isDay(answer) ? known.at > knownAt : known.version > answer.base);
  const after = (known, answer) => ({ before: known.values, ...(isDay(answer) ? { shown: known.seen } : { base: known.version }) });

  // Puts an answer into the queue. An entry that was never on its way takes the new values; one that was (its answer may
  // be lost) stays as it is, and the new values follow it, on the version that its answer will tell. `changes` are the
  // parts that were changed in this tab; the others are as the queue has them, where another tab may have put them.
  // Gives the id under which the values wait (blank where there is nothing to send), and the values.
  async function add({ knownAt, ...answer }, changes) {
    const written = await store.within(["queue", "known"], "readwrite", async (queue, known) => {
      // The receipt of an earlier save may have come while this one was on its way here.
      const newer = await store.asked(known.get([answer.user, answer.pk, answer.code]));
      if (newer && newer.set === answer.set && isNewer(newer, answer, knownAt)) answer = { ...answer, ...after(newer, answer) };
      const mine = (await store.asked(queue.index("user").getAll(answer.user))).filter(beside(answer));
      const last = mine[mine.length - 1];
      // A field that was left after its text had gone; the tab may not have heard yet what became of it.
      if (!last && !Object.keys(changes).length) return { id: "", values: {} };
      answer = { ...answer, values: { ...(last?.values ?? answer.before), ...changes } };
      if (last ? same(last.values, answer.values) && last.state === "waiting" : same(answer.before, answer.values)) {
        if (last && last.quiet !== answer.quiet) queue.put({ ...last, quiet: answer.quiet });
        return { id: last?.id ?? "", values: answer.values };
      }
      if (mine.length === 1 && !last.attempted && same(last.before, answer.values)) {
        queue.delete(last.n);
        return { id: "", values: answer.values };
      }
      const fresh = { id: uuid(), values: answer.values, given: answer.given, made_at: new Date().toISOString(), quiet: answer.quiet };
      const blank = { kind: "answer", attempted: false, state: "waiting", message: "", errors: {}, via: via() };
      if (last && !last.attempted) {
        const entry = { ...last, ...blank, ...fresh };
        queue.put(entry);
        return entry;
      }
      const entry = { ...answer, ...blank, ...fresh };
      if (last) entry.before = last.values;
      queue.add(entry);
      return entry;
    });
    tell({ type: "changed", user: answer.user, pk: answer.pk, code: answer.code });
    kick();
    return written;
  }

  async function addPhoto(photo) {
    const blank = { kind: "photo", attempted: false, state: "waiting", message: "", errors: {}, quiet: 0, via: via() };
    const entry = { ...photo, ...blank, id: uuid(), made_at: new Date().toISOString() };
    await store.within(["queue"], "readwrite", (queue) => { queue.add(entry); });
    tell({ type: "changed", user: photo.user, pk: photo.pk, code: photo.code });
    kick();
    return entry;
  }

  // A piece from a form; with `n` it takes the place of one that waits. Null where that one has left meanwhile.
  async function addPiece(piece, n = null) {
    const blank = { kind: "piece", attempted: false, state: "waiting", message: "", errors: {}, quiet: 0, via: via() };
    const entry = { ...piece, ...blank, id: uuid(), made_at: new Date().toISOString() };
    const isKept = await store.within(["queue"], "readwrite", async (queue) => {
      if (n !== null) {
        const present = await store.asked(queue.get(n));
        if (!present || (present.attempted && present.state === "waiting")) return false;
        queue.delete(n);
      }
      queue.add(entry);
      return true;
    });
    tell({ type: "changed", user: piece.user, pk: piece.pk, code: piece.code });
    kick();
    return isKept ? entry : null;
  }

  // What a photograph shows, typed while it waits; not sent in the middle of a word.
  async function describe(n, caption) {
    await store.within(["queue"], "readwrite", async (queue) => {
      const present = await store.asked(queue.get(n));
      if (!present) return;
      const afresh = present.errors.caption ? { state: "waiting", message: "", errors: {} } : {};
      queue.put({ ...present, ...afresh, caption, quiet: Date.now() + CAPTION_QUIET });
    });
    kick();
  }

  const via = () => (navigator.onLine ? "autosave" : "offline");

  async function remove(n) {
    await store.within(["queue"], "readwrite", (queue) => { queue.delete(n); });
    if (leaving?.n === n) leaving.giveUp();
    tell({ type: "changed" });
  }

  // What was held or refused is tried once more, because somebody asks for it.
  async function retry(user) {
    await store.within(["queue"], "readwrite", async (queue) => {
      for (const entry of await store.asked(queue.index("user").getAll(user))) {
        if (entry.state !== "waiting") queue.put({ ...entry, state: "waiting", message: "", errors: {} });
      }
    });
    kick(true);
  }

  // Answers and photographs leave side by side: an answer does not wait for a photograph on a slow line. Of each kind at
  // most one entry leaves at a time, in whatever tab; the others wait for the lock and find nothing left. Tabs of the
  // first release take the first lock for both.
  class Lane {
    constructor(kinds, lock) {
      this.kinds = kinds;
      this.lock = lock;
      this.running = null;
      this.again = false;
      this.isSending = false;
      this.timer = null;
      this.sent = 0;
      this.left = 0;
      //: why this lane rests while the other goes on: "" | "noRoom"
      this.rests = "";
      this.refusals = 0;
    }

    kick() {
      if (this.rests) return;
      if (this.running) {
        this.again = true;
        return;
      }
      clearTimeout(this.timer);
      const work = () => this.drain();
      const locked = navigator.locks ? navigator.locks.request(this.lock, work) : work();
      // What the network does is dealt with where it is asked; what else fails is the device's store.
      this.running = locked.catch(() => pause("store", 10)).finally(() => {
        this.running = null;
        if (this.again && !status.paused) {
          this.again = false;
          this.kick();
        }
      });
    }

    async drain() {
      this.again = false;
      this.sent = 0;
      try {
        while (!this.rests && !(await resting())) {
          const entry = await this.next();
          if (!entry) break;
          if (!this.isSending) {
            this.isSending = true;
            report();
          }
          await send(entry);
          this.sent += 1;
        }
      } finally {
        this.isSending = false;
        if (this === photos) status.photo = null;
        report();
      }
    }

    rest(why, seconds) {
      this.rests = why;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.goOn(), seconds * 1000);
      report();
    }

    goOn() {
      this.rests = "";
      this.kick();
    }

    async next() {
      const waiting = (await store.entries(person)).filter((entry) => entry.state === "waiting" && this.kinds.includes(entry.kind));
      this.left = waiting.length;
      const now = Date.now();
      // A time far ahead is no time: the clock of the device was set back meanwhile.
      const isQuiet = (entry) => entry.quiet > now && entry.quiet < now + LONGEST_QUIET;
      const ready = waiting.find((entry, place) => !isQuiet(entry) && !waiting.slice(0, place).some(beside(entry)));
      if (ready) return ready;
      const soonest = Math.min(...waiting.map((entry) => entry.quiet));
      if (Number.isFinite(soonest)) this.timer = setTimeout(() => this.kick(), Math.max(soonest - now, 50));
      return null;
    }
  }

  const answers = new Lane(["answer"], "vtlt-send");
  const photos = new Lane(["photo", "piece"], "vtlt-send-photo");

  // Why an entry that waits does not leave now; blank if it may.
  const whyNot = (entry) => status.paused || (answers.kinds.includes(entry.kind) ? answers : photos).rests;

  function report() {
    status.sending = answers.isSending || photos.isSending;
    tell({ type: "status" }, false);
  }

  // Sends what may be sent.
  function kick(afresh = false) {
    if (person === null) return;
    if (afresh && status.paused) pause("");
    if (afresh) photos.rests = "";
    // While sending rests, its own timer or an event wakes it.
    for (const lane of [answers, photos]) if (lane.running || !status.paused) lane.kick();
  }

  function pause(why, seconds = 0) {
    status.paused = why;
    clearTimeout(timer);
    if (seconds) timer = setTimeout(() => kick(true), seconds * 1000);
    tell({ type: "status" }, false);
  }

  async function resting() {
    const here = await store.fact("person");
    if (here?.id !== person) pause(here ? "other" : "signIn");
    else if (!navigator.onLine) pause("network", 30);
    return status.paused !== "";
  }

  async function send(picked) {
    // Marked before it leaves: whatever happens now, it was perhaps received.
    const entry = await store.within(["queue"], "readwrite", async (queue) => {
      const present = await store.asked(queue.get(picked.n));
      if (!present || present.state !== "waiting") return null;
      const marked = { ...present, attempted: true };
      queue.put(marked);
      return marked;
    });
    if (!entry) return;
    let response, answer;
    const way = { isLate: () => false };
    const body = bodyOf(entry);
    const post = async () => {
      if (!entry.file) return ask(entry, body, way);
      return (picked.attempted ? await arrival(entry) : null) ?? upload(entry, body, way);
    };
    try {
      response = await post();
      if (response.status === 403 && (await response.clone().json()).token === "stale") {
        await fetch(portal.words.waitingUrl, { cache: "no-store" });
        response = await post();
      }
      // A hotel's or a station's sign-in page also answers 200, but not in JSON.
      answer = await response.json();
    } catch {
      if (way.isGivenUp) return;
      await mend(entry, { via: "offline" });
      if (response && (response.status >= 500 || response.status === 429)) return rest(entry, response);
      if (response && response.status >= 400) return hold(entry, portal.word("notAccepted"));
      failures += 1;
      // A server that does not answer in time is no missing network.
      return pause(way.isLate() ? "busy" : "network", Math.min(5 * 2 ** failures, 60));
    }
    compareClock(response);
    if (response.status === 401) {
      status.signIn = answer.sign_in;
      return pause("signIn");
    }
    if (response.status >= 500 || response.status === 429) return rest(entry, response);
    if (answer.token === "stale") return rest(entry, response);
    // Somebody else signed in while this was on its way: it waits for its person.
    if (answer.other) return pause("other");
    if (response.status !== 200) return hold(entry, answer.message || portal.word("notAccepted"));
    failures = 0;
    if (entry.kind !== "answer") photos.refusals = 0;
    await settle(entry, answer);
  }

  // Nothing depends on the clock of the device; its person sees wrong times beside what waits, and should know why.
  function compareClock(response) {
    const now = Date.parse(response.headers.get("Date") ?? "");
    const isWrong = Math.abs(Date.now() - now) > CLOCK_OFF;
    status.clock = isWrong ? portal.moment(new Date(now)) : "";
  }

  async function rest(entry, response) {
    await mend(entry, { left: 0 });
    const asked = Number(response.headers.get("Retry-After")) || 0;
    const seconds = (times) => Math.max(asked, Math.min(3 * 2 ** times, 120));
    const hasNoRoom = response.status === 507;
    if (hasNoRoom && entry.kind !== "answer") {
      // No room for files: answers take none, and do not wait. Each answer that goes would begin the count anew.
      photos.refusals += 1;
      photos.rest("noRoom", seconds(photos.refusals));
      return;
    }
    failures += 1;
    pause(hasNoRoom ? "noRoom" : "busy", seconds(failures));
  }

  const headers = () => ({ Accept: "application/json", "X-CSRFToken": token() });

  function ask(entry, body, way) {
    const signal = portal.timeLimit(ANSWER_TIME);
    way.isLate = () => signal.aborted;
    return fetch(entry.url, { method: "POST", body, redirect: "error", cache: "no-store", headers: headers(), signal });
  }

  // The portal's answer if a photograph has arrived though its receipt was lost, with the page that sent it for instance,
  // or if none would be taken now; null for one that is to be sent. Minutes of a slow line are worth a question.
  async function arrival(entry) {
    for (;;) {
      const response = await ask(entry, formOf(photoFields(entry)), {}).catch(() => null);
      if (!response || !response.ok) return response;
      const answer = await response.clone().json().catch(() => null);
      if (answer?.state !== "refused") return response;
      // A clock that was set back meanwhile says nothing.
      const since = Date.now() - (entry.left ?? 0);
      if (since < 0 || since > ARRIVING) return null;
      await new Promise((resolve) => { setTimeout(resolve, ASKED_AFTER); });
    }
  }

  // `fetch` does not tell how much of a photograph has left.
  function upload(entry, body, way) {
    const request = new XMLHttpRequest();
    let isLate = false;
    let waiting = null;
    way.isLate = () => isLate;
    const wait = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { isLate = true; request.abort(); }, STALLED);
    };
    const show = (percent) => {
      if (status.photo?.n === entry.n && status.photo.percent === percent) return;
      status.photo = percent === null ? null : { n: entry.n, percent, place: photos.sent + 1, all: photos.sent + photos.left };
      tell({ type: "leaving", photo: status.photo });
    };
    return new Promise((resolve, reject) => {
      request.open("POST", entry.url);
      for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        wait();
        show(Math.floor((loaded * 100) / total));
      });
      request.upload.addEventListener("load", () => { mend(entry, { left: Date.now() }).catch(() => {}); });
      request.addEventListener("load", () => resolve(new Response(request.responseText, {
        status: request.status,
        headers: { "Retry-After": request.getResponseHeader("Retry-After") ?? "", Date: request.getResponseHeader("Date") ?? "" },
      })));
      for (const end of ["error", "abort"]) request.addEventListener(end, () => reject(new Error(end)));
      leaving = { n: entry.n, giveUp: () => { way.isGivenUp = true; request.abort(); } };
      request.addEventListener("loadend", () => {
        leaving = null;
        clearTimeout(waiting);
        show(null);
      });
      wait();
      request.send(body);
    });
  }

  function formOf(fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return body;
  }

  function bodyOf(entry) {
    if (entry.kind === "answer") return formOf(answerFields(entry));
    const described = entry.kind === "piece" ? { ...entry.values, confirmed: entry.confirmed } : {};
    const body = formOf({ ...photoFields(entry), ...described });
    if (entry.file) body.set("file", entry.file, entry.fileName);
    return body;
  }

  function answerFields(entry) {
    return {
      user: entry.user, set: entry.set, criterion: entry.code, submission_id: entry.id,
      base_version: entry.base ?? 0, ...entry.values, ...(entry.shown === undefined ? {} : { shown_on: entry.shown }),
      via: entry.via, made_at: entry.made_at, device_now: new Date().toISOString(),
    };
  }

  function photoFields(entry) {
    return { user: entry.user, upload_id: entry.id, criterion: entry.code, caption: entry.caption ?? "", via: entry.via };
  }

  function mend(entry, changes) {
    return store.within(["queue"], "readwrite", async (queue) => {
      const present = await store.asked(queue.get(entry.n));
      if (present) queue.put({ ...present, ...changes });
    });
  }

  // Not taken, for a reason that waiting does not mend. It stays on the device, is shown, and can be saved to a file.
  async function hold(entry, message) {
    await store.within(["queue"], "readwrite", async (queue) => {
      const all = await store.asked(queue.index("user").getAll(entry.user));
      // Deleted meanwhile, at signing out for instance, it stays so.
      if (!all.some((other) => other.n === entry.n)) return;
      const isOvertaken = entry.kind === "answer" && all.some((other) => other.n > entry.n && beside(entry)(other));
      if (isOvertaken) queue.delete(entry.n);
      else queue.put({ ...entry, state: "held", attempted: false, message });
    });
    tell({ type: "changed", user: entry.user, pk: entry.pk, code: entry.code });
  }

  // The portal has answered: the entry is done, or waits to be corrected; what follows it gets its version.
  async function settle(entry, answer) {
    await store.within(["queue", "known"], "readwrite", async (queue, known) => {
      const all = await store.asked(queue.index("user").getAll(entry.user));
      const follower = all.find((other) => other.n > entry.n && beside(entry)(other));
      // Deleted meanwhile, at signing out for instance, it leaves nothing here.
      const isHere = all.some((other) => other.n === entry.n);
      if (answer.state === "refused" && !(follower && entry.kind === "answer")) {
        if (isHere) queue.put({ ...entry, attempted: false, state: "refused", message: answer.message, errors: answer.errors ?? {}, offered: answer.confirmed });
        return;
      }
      queue.delete(entry.n);
      if (entry.kind !== "answer") return;
      const saved = answer.state === "saved";
      // After a conflict the old version stays: a further change replaces the kept answer, not the colleague's.
      if (follower) queue.put({ ...follower, base: saved ? answer.version : entry.base, shown: saved && entry.shown !== undefined ? answer.seen : entry.shown });
      if (!saved || !isHere) return;
      const values = answer.values ?? entry.values;
      known.put({ user: entry.user, pk: entry.pk, code: entry.code, set: entry.set, version: answer.version, seen: answer.seen, values, at: Date.now() });
    });
    tell({ type: "answer", user: entry.user, pk: entry.pk, code: entry.code, n: entry.n, id: entry.id, kind: entry.kind, sent: entry.values, former: entry.former, answer });
  }

  function start(user) {
    person = user;
    kick(true);
    addEventListener("online", () => {
      failures = 0;
      kick(true);
    });
    addEventListener("offline", () => pause("network"));
    addEventListener("pageshow", () => kick(true));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") kick(true);
    });
    // Some browsers send no event when the network is back.
    setInterval(() => {
      if (["network", "busy", "noRoom", "store"].includes(status.paused)) kick(true);
      else kick();
    }, 60000);
  }

  // Resolves to what is left once no answer of `pk` (without it: nothing at all) can be sent any more now: all done, or
  // sending rests. Photographs go on by themselves, on whatever page comes next.
  async function drained(pk) {
    await store.within(["queue"], "readwrite", async (queue) => {
      for (const entry of await store.asked(queue.index("user").getAll(person))) {
        if (entry.quiet) queue.put({ ...entry, quiet: 0 });
      }
    });
    const isMeant = (entry) => pk === undefined || (entry.pk === pk && entry.kind === "answer");
    const lanes = pk === undefined ? [answers, photos] : [answers];
    const running = () => lanes.map((lane) => lane.running).filter(Boolean);
    let left = [];
    kick(true);
    do {
      await Promise.race([...running(), new Promise((resolve) => { setTimeout(resolve, 50); })]);
      left = (await store.entries(person)).filter(isMeant);
    } while (running().length && left.some((entry) => entry.state === "waiting"));
    return left;
  }

  return {
    add, addPhoto, addPiece, describe, remove, retry, kick, start, drained, status, whyNot,
    listen: (listener) => listeners.push(listener),
    announce: (id) => tell({ type: "person", id }),
  };
})();
