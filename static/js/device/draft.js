// What is typed into a long form (data-draft) stays on this device until the portal has saved it: through a reload, a
// closed tab, a missing network, the end of a session. It is shown to the person who typed it and to nobody else.
"use strict";
portal.drafts = (() => {
  const { store, device, words, word, moment, element } = portal;
  const user = Number(words.user);
  //: after so many milliseconds the page says that the portal is slow, and after so many it stops asking
  const SLOW = 8000;
  const PATIENCE = 40000;
  // A part is what goes together: what was not touched of a self-assessment stays out.
  const PART = "[data-criterion]";
  const CHOSEN = ["radio", "checkbox"];
  const LEFT_OUT = /^csrfmiddlewaretoken$|^draft$|(submission|upload)_id$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
  const isKept = (field) => field.name && !["file", "password", "submit", "button", "fieldset"].includes(field.type) && !LEFT_OUT.test(field.name);
  const isHidden = (field) => field.type === "hidden";
  // Saving takes blanks away that say nothing; lines stay.
  const plain = (values) => JSON.stringify(values.map((value) => value.replace(/\r\n?/g, "\n").replace(/[^\S\n]+/g, " ").trim()));

  // What a field says now; with `shown`, what the page came with.
  function said(field, shown) {
    if (CHOSEN.includes(field.type)) return (shown ? field.defaultChecked : field.checked) ? [field.value] : [];
    if (!field.options) return [shown ? field.defaultValue : field.value];
    const chosen = [...field.options].filter((option) => (shown ? option.defaultSelected : option.selected));
    // Where the page chose nothing, the browser shows the first.
    return (chosen.length || field.multiple ? chosen : [...field.options].slice(0, 1)).map((option) => option.value);
  }

  function read(fields, shown = false) {
    const values = {};
    for (const field of fields) values[field.name] = [...(values[field.name] ?? []), ...said(field, shown)];
    return values;
  }

  // form.action may be a button of that name.
  const pathOf = (form) => new URL(form.getAttribute("action") ?? location.href, location.href).pathname;

  // Forms of one address are told apart by a name (data-draft-name), by the field that says what they are about
  // (data-draft-of), else by their place.
  function nameOf(form) {
    const path = pathOf(form);
    const name = form.dataset.draftName ?? form.elements[form.dataset.draftOf]?.value;
    if (name) return `${path}#${name}`;
    const place = [...document.querySelectorAll("form[data-draft]")].filter((each) => pathOf(each) === path).indexOf(form);
    return place ? `${path}#${place + 1}` : path;
  }

  class Draft {
    constructor(form) {
      this.form = form;
      this.id = portal.uuid();
      this.isTyped = form.dataset.draft === "typed";
      //: goes by itself when the network is back, once somebody saved it without
      this.goesLater = false;
      this.typedAt = 0;
      this.key = [user, "draft", nameOf(form)];
      this.olderKey = [user, "draft", `${this.key[2]}#older`];
      this.parts = form.querySelector(PART) ? [...form.querySelectorAll(PART)] : [form];
      const hidden = this.fields().filter(isHidden);
      this.hidden = new Set(hidden.map((field) => field.name));
      this.before = hidden.map((field) => [field, field.value]);
      this.seen = JSON.stringify(read(hidden));
      this.shown = read(this.fields(), true);
      this.rows = [];
      //: names of files that were chosen before this page was made; the files themselves are gone
      this.lost = [];
      form.append(element("input", { type: "hidden", name: "draft", value: this.id }));
      form.addEventListener("input", () => this.later());
      form.addEventListener("submit", (event) => this.send(event));
    }

    fields(within = this.form) {
      const all = within === this.form ? [...this.form.elements] : [...within.querySelectorAll("input, textarea, select")];
      return all.filter(isKept);
    }

    differs(part) {
      return this.isTyped || this.fields(part).some((field) => !isHidden(field) && JSON.stringify(said(field)) !== JSON.stringify(said(field, true)));
    }

    // Each part that was touched, with the versions that it was made on: the portal tells by them what a colleague changed.
    typed() {
      return Object.assign({}, ...this.parts.filter((part) => this.differs(part)).map((part) => read(this.fields(part))));
    }

    chosenFiles() {
      const names = [];
      for (const field of this.form.elements) if (field.type === "file") names.push(...[...field.files].map((file) => file.name));
      return names;
    }

    nameLost(names) {
      const chosen = this.chosenFiles();
      this.lost = (names ?? []).filter((name) => !chosen.includes(name));
      if (this.lost.length) this.say(word("draftFiles", { names: this.lost.join(", ") }), []);
    }

    get isUnsaved() { return this.parts.some((part) => this.differs(part)); }

    later() {
      if (this.isOnWay) this.beginAnew();
      this.typedAt = Date.now();
      clearTimeout(this.keeping);
      this.keeping = setTimeout(() => this.keep().catch(() => {}), 400);
    }

    // The portal takes away what it has; what is typed while the form is on its way there is something else.
    beginAnew() {
      this.isOnWay = false;
      this.id = this.form.elements.draft.value = portal.uuid();
    }

    keep() {
      clearTimeout(this.keeping);
      this.keeping = 0;
      const values = this.typed();
      const chosen = this.chosenFiles();
      const files = chosen.length ? chosen : this.lost;
      if (!Object.keys(values).length && !files.length) return this.forget();
      const [owner, pk, code] = this.key;
      // On a page that shows a refused form, the saved text is not known; its version is.
      const shown = this.isTyped ? null : JSON.stringify(this.shown);
      const letter = this.goesLater ? { later: portal.later.letterOf(this.form) } : {};
      return store.within(["known"], "readwrite", (known) => { known.put({ user: owner, pk, code, id: this.id, at: Date.now(), seen: this.seen, shown, values, files, ...letter }); });
    }

    forget(key = this.key) { return store.within(["known"], "readwrite", (known) => { known.delete(key); }); }

    async begin() {
      if (this.isTyped) {
        this.nameLost((await store.within(["known"], "readonly", (known) => known.get(this.key)))?.files);
        return this.keep();
      }
      let [kept, older] = await store.within(["known"], "readonly", async (known) => [await store.asked(known.get(this.key)), await store.asked(known.get(this.olderKey))]);
      if (kept && this.isSaved(kept)) {
        await this.forget();
        kept = null;
      }
      if (kept && this.fits(kept) && !this.keeping) this.take(kept);
      else if (kept) {
        // What is typed from now on must not take its place before the person has decided.
        older = kept;
        await store.within(["known"], "readwrite", (known) => { known.put({ ...kept, code: this.olderKey[2] }); known.delete(this.key); });
      }
      if (older && this.isSaved(older)) await this.forget(this.olderKey);
      else if (older) this.offer(older);
    }

    // What was saved already has it, with another version.
    isSaved(kept) {
      return !kept.files?.length && Object.entries(kept.values).every(([name, values]) => this.hidden.has(name) || plain(values) === plain(this.shown[name] ?? []));
    }

    // A script of the page changed what a hidden field says of the portal.
    agree(field) {
      this.before = this.before.map(([each, value]) => [each, each === field ? field.value : value]);
      const seen = {};
      for (const [each, value] of this.before) seen[each.name] = [...(seen[each.name] ?? []), value];
      this.seen = JSON.stringify(seen);
      this.shown[field.name] = seen[field.name];
      this.later();
    }

    fits(kept) { return kept.seen === this.seen && (kept.shown === null || kept.shown === JSON.stringify(this.shown)); }

    take(kept) {
      this.goesLater = Boolean(kept.later) && !kept.later.isRefused;
      this.put(kept.values);
      this.note = this.say(word("draftBack", { time: moment(new Date(kept.at)) }), [[word("draftDrop"), "draftDrop", () => this.drop()]]);
      this.nameLost(kept.files);
    }

    offer(kept) {
      const decided = () => {
        note.remove();
        return this.forget(this.olderKey);
      };
      const note = this.say(word("draftOlder", { time: moment(new Date(kept.at)) }), [
        [word("draftTake"), "draftTake", () => { this.take(kept); this.keep().then(decided).catch(() => {}); }],
        [word("draftDrop"), "draftDrop", () => decided().catch(() => {})],
      ]);
    }

    put(values) {
      for (const name of Object.keys(values)) if (!this.form.elements[name]) this.grow(name);
      const at = {};
      for (const field of this.fields()) {
        const texts = values[field.name];
        if (!texts) continue;
        if (CHOSEN.includes(field.type)) field.checked = texts.includes(field.value);
        else if (field.options) for (const option of field.options) option.selected = texts.includes(option.value);
        else field.value = texts[(at[field.name] = (at[field.name] ?? -1) + 1)] ?? "";
      }
      this.form.dispatchEvent(new Event("restored"));
      this.keep().catch(() => {});
    }

    // Lines that were added to the page and not saved: "ward-5-full_name" after the line "ward-4-".
    grow(name) {
      this.form.dispatchEvent(new CustomEvent("lacks", { detail: name }));
      const [, prefix, number] = name.match(/^(.+)-(\d+)-/) ?? [];
      const count = prefix && this.form.elements[`${prefix}-TOTAL_FORMS`];
      if (!count) return;
      for (let next = Number(count.value); next <= Number(number); next += 1) {
        const last = this.form.querySelector(`[name^="${prefix}-${next - 1}-"]`)?.closest("[data-line]");
        if (!last) return;
        const line = last.cloneNode(true);
        for (const node of line.querySelectorAll("[name], [id], [for]")) {
          for (const part of ["name", "id", "for"]) if (node.hasAttribute(part)) node.setAttribute(part, node.getAttribute(part).replace(`${prefix}-${next - 1}-`, `${prefix}-${next}-`));
        }
        last.after(line);
        this.rows.push(line);
        count.value = next + 1;
      }
    }

    drop() {
      this.clear();
      this.form.dispatchEvent(new Event("restored"));
    }

    // The form as the page came with it, and nothing kept of it.
    clear() {
      clearTimeout(this.keeping);
      this.keeping = 0;
      for (const line of this.rows.splice(0).reverse()) {
        const name = line.querySelector("[name]").name;
        this.form.elements[name.replace(/-\d+-.*/, "-TOTAL_FORMS")].value -= 1;
        line.remove();
      }
      this.form.reset();
      for (const [field, value] of this.before) field.value = value;
      this.note?.remove();
      this.lost = [];
      this.isTyped = false;
      return this.forget().catch(() => {});
    }

    say(text, choices) {
      const buttons = choices.map(([label, choice, click]) => element("button", { class: "button", type: "button", "data-draft-choice": choice, click }, label));
      const note = element("div", { class: "notice-line warning", role: "status" }, element("p", {}, text), element("p", { class: "actions" }, ...buttons));
      const folded = this.form.closest("details");
      if (folded) folded.open = true;
      // In a grid it would take the form's place.
      const around = this.form.parentElement;
      (getComputedStyle(around).display === "grid" ? around : this.form).before(note);
      return note;
    }

    // The portal is asked first whether it is there: a browser's page about the network would take the form's place.
    async send(event) {
      if (event.defaultPrevented || this.isReached) return;
      event.preventDefault();
      if (this.isAsking) return;
      this.isAsking = true;
      const button = portal.buttonOf(event);
      this.warn("", button);
      // The form goes to the portal whether the device could keep it or not.
      await portal.soon(this.keep());
      const slow = setTimeout(() => this.warn("draftSlow", button), SLOW);
      if (isStep(button) && portal.arrived && navigator.onLine) await portal.soon(portal.arrived(), PATIENCE);
      let fault = await faultOfWay();
      clearTimeout(slow);
      if (fault === "draftOffline" && (await this.waitForNetwork())) fault = "draftLater";
      this.isReached = fault === "";
      this.warn(fault, button);
      if (this.isReached) {
        await portal.soon(device.renew());
        // The copy on the device has the token of the day on which it was made.
        if (device.storedAt && portal.token()) this.form.elements.csrfmiddlewaretoken.value = portal.token();
        portal.submit(this.form, button);
        this.isOnWay = true;
      }
      this.isReached = this.isAsking = false;
    }

    // Whether the form now waits on this device to be sent.
    async waitForNetwork() {
      if (!("later" in this.form.dataset)) return false;
      this.goesLater = true;
      await portal.soon(this.keep());
      const kept = await portal.soon(store.within(["known"], "readonly", (known) => known.get(this.key)));
      return Boolean(kept?.later);
    }

    warn(name, button) {
      this.warning?.remove();
      if (!name) return;
      this.warning = element("p", { class: "notice-line warning", role: "alert", "data-unreached": name }, word(name));
      if (name === "draftLater" && isStep(button)) this.warning.append(" ", word("draftLaterStep"));
      (button?.closest(".actions, .standing-actions, p") ?? button ?? this.form.lastElementChild).before(this.warning);
    }
  }

  // Signing and handing in are decided when the portal is there: by itself a form is only saved.
  const isStep = (button) => button?.name === "action" && button.value !== "save";

  // The word for what keeps the form from the portal, blank where nothing does.
  async function faultOfWay() {
    if (!navigator.onLine) return "draftOffline";
    const limit = portal.timeLimit(PATIENCE);
    try {
      const answer = await fetch(words.healthUrl, { cache: "no-store", redirect: "manual", signal: limit });
      return answer.status < 502 || answer.status > 504 ? "" : "draftBusy";
    } catch {
      return limit.aborted ? "draftBusy" : "draftOffline";
    }
  }

  // The portal names the draft whose form it took; a page that says what went wrong leaves it.
  async function settle() {
    const saved = document.cookie.match(/(?:^|; )saved_draft=([^;]+)/)?.[1];
    if (!saved) return;
    document.cookie = "saved_draft=; path=/; max-age=0; samesite=lax";
    if (document.querySelector(".message.error")) return;
    await store.within(["known"], "readwrite", async (known) => {
      for (const each of await store.asked(known.getAll(store.draftsOf(user)))) if (each.id === saved) known.delete([each.user, each.pk, each.code]);
    });
  }

  // On a copy that lies on the device, those alone that can go later.
  const isKeeping = (form) => !device.storedAt || "later" in form.dataset;
  const drafts = user ? [...document.querySelectorAll("form[data-draft]")].filter(isKeeping).map((form) => new Draft(form)) : [];
  // Signing out asks about what was typed just now too.
  const flush = () => Promise.all(drafts.filter((draft) => draft.keeping).map((draft) => draft.keep()));
  addEventListener("pagehide", () => { if (!portal.leaving) flush().catch(() => {}); });
  device.ready.then(async (here) => {
    if (!here) return;
    if (!device.storedAt) await settle();
    else if (drafts.length) drafts[0].say(word("noteStored", { time: moment(new Date(Number(device.storedAt))) }), []);
    const sent = portal.later.start(user);
    // What goes now need not be put into the form before.
    if (drafts.length) await portal.soon(sent, SLOW);
    for (const draft of drafts) await draft.begin();
  }).catch(() => {});
  const typedAt = (path) => Math.max(0, ...drafts.filter((draft) => draft.key[2] === path).map((draft) => draft.typedAt));
  const clear = (form) => Promise.all(drafts.filter((draft) => draft.form === form).map((draft) => draft.clear()));
  const agree = (field) => drafts.filter((draft) => draft.form === field.form).forEach((draft) => draft.agree(field));
  return { flush, typedAt, clear, agree, isUnsaved: (form) => drafts.some((draft) => draft.form === form && draft.isUnsaved) };
})();
