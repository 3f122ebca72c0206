// The device's own small store (IndexedDB). Four drawers: what waits to be sent, what is known of each answer (and what
// was typed into forms and not saved: draft.js), sentences for notes, and a few facts about the device (who works on it, which checklists are on it).
"use strict";
portal.store = (() => {
  const VERSION = 1;
  //: a browser that has not opened the store after so many milliseconds perhaps never will (Safari 14)
  const PATIENCE = 10000;
  const PATIENCE_AFTER = 250;
  let opening = null;
  let patience = PATIENCE;

  function open() {
    if (opening) return opening;
    const database = opened();
    opening = database;
    database.catch(() => { if (opening === database) opening = null; });
    return database;
  }

  function opened() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("vtlt", VERSION);
      let isLate = false;
      const late = setTimeout(() => {
        isLate = true;
        patience = PATIENCE_AFTER;
        reject(new Error("late"));
      }, patience);
      request.onupgradeneeded = () => {
        const database = request.result;
        database.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("user", "user");
        database.createObjectStore("known", { keyPath: ["user", "pk", "code"] });
        database.createObjectStore("sentences", { keyPath: ["user", "pk"] });
        database.createObjectStore("device", { keyPath: "name" });
      };
      request.onsuccess = () => {
        clearTimeout(late);
        patience = PATIENCE;
        if (isLate) {
          request.result.close();
          return;
        }
        // A later release of the portal, open in another tab, must be able to change the drawers.
        request.result.onversionchange = () => { request.result.close(); opening = null; };
        // The browser closes it by itself too, on iOS while the page is in the background.
        request.result.onclose = () => { opening = null; };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("blocked"));
    });
  }

  // Runs `work(drawers)` in one transaction; what it returns (a value or a request) once everything is on the disk.
  // A connection that the browser has closed is opened again, once: what it had begun left nothing behind.
  async function within(names, mode, work) {
    const database = await open();
    try {
      return await run(database, names, mode, work);
    } catch (error) {
      if (!LOST.includes(error?.name)) throw error;
      opening = null;
      return run(await open(), names, mode, work);
    }
  }

  //: how a transaction fails on a connection that is closed
  const LOST = ["InvalidStateError", "UnknownError"];

  function run(database, names, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(names, mode, { durability: "strict" });
      let outcome;
      transaction.oncomplete = () => resolve(outcome instanceof IDBRequest ? outcome.result : outcome);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      Promise.resolve(work(...names.map((name) => transaction.objectStore(name)))).then(
        (value) => { outcome = value; },
        (error) => { transaction.abort(); reject(error); },
      );
    });
  }

  // The word for a fault of this store: the disk is full, or the browser does not give it.
  const faultWord = (error) => (error?.name === "QuotaExceededError" ? portal.word("noteFull") : portal.word("noteStore"));

  // A request inside a transaction, as a promise.
  function asked(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  const fact = async (name) => (await within(["device"], "readonly", (device) => device.get(name)))?.value;
  const remember = (name, value) => within(["device"], "readwrite", (device) => device.put({ name, value }));
  const entries = (user) => within(["queue"], "readonly", (queue) => queue.index("user").getAll(user));
  const ofUser = (user) => IDBKeyRange.bound([user], [user, []]);
  // Checklists have numbers, which come before every text in the order of keys.
  const draftsOf = (user) => IDBKeyRange.bound([user, ""], [user, []]);
  const drafts = (user) => within(["known"], "readonly", (known) => known.count(draftsOf(user)));

  // Everything of a person but what waits and what was typed; that too if `all`. A key that begins with the person
  // belongs to the person.
  function forget(user, all) {
    return within(["queue", "known", "sentences"], "readwrite", async (queue, known, sentences) => {
      known.delete(all ? ofUser(user) : IDBKeyRange.bound([user], [user, ""], false, true));
      sentences.delete(ofUser(user));
      if (!all) return;
      for (const n of await asked(queue.index("user").getAllKeys(user))) queue.delete(n);
    });
  }

  return { within, asked, faultWord, fact, remember, entries, drafts, draftsOf, forget };
})();
