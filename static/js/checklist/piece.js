// The form for one piece of evidence of a self-assessment: a document by its number, a file, a newer version. What is typed
// goes the way of photographs, through the queue on the device; what the portal does not take comes back into the form. On
// the page of the self-assessment the form is a dialog. Without a store on the device it is an ordinary form.
"use strict";
(() => {
  const form = document.querySelector("form[data-piece]");
  if (!form) return;
  const { queue, store, device, element, word, words, write } = portal;
  const dialog = form.closest("dialog");
  const whole = document.querySelector("form[data-self]");
  const said = { title: document.querySelector("h1").textContent.trim(), ...whole?.dataset, ...form.dataset };
  const pk = Number(said.pk);
  const former = said.former ? Number(said.former) : undefined;
  const TYPED = ["caption", "number", "issued_on", "issuer"];
  const RESTS = { network: said.onDevice, signIn: word("noteSignIn"), busy: word("busy"), noRoom: word("noteNoRoom"), other: word("noteOther"), store: word("noteStore") };
  const field = (name) => form.elements[name];
  const buttons = [...form.querySelectorAll("button:not([type=button])")];
  //: which entry the form corrects, and which one the page waits for
  let corrected = null;
  let awaited = null;

  const nameOf = ({ values, fileName }) => values.caption || values.number || fileName || "";
  // In the words of the page of what waits, which knows no fields.
  const inWords = (values, file) => [values.number, values.issued_on, values.issuer, values.caption, file?.name].filter(Boolean).join(" · ");

  function place() {
    const code = field("criterion").value;
    const node = whole ? document.getElementById(code) : null;
    const label = node ? node.querySelector("legend").textContent.replace(/\s+/g, " ").trim() : said.label;
    return { code, label, url: `${said.evidence}${code}/${former ? `?thay=${former}` : ""}` };
  }

  // What the portal would refuse anyway is said at once: without a network its word comes late.
  function faults() {
    const found = {};
    const [file] = field("file").files;
    const number = field("number").value.trim();
    if (file && file.size > Number(said.largest) * 1024 * 1024) found.file = said.large.replace("{size}", said.largest);
    else if (!file && !number) found.file = said.nothing;
    if (number && !field("issued_on").value.trim()) found.issued_on = said.noDay;
    if (number && !field("issuer").value.trim()) found.issuer = said.noIssuer;
    return found;
  }

  function show(errors) {
    for (const old of form.querySelectorAll(".errors, [data-fault]")) old.remove();
    for (const box of form.querySelectorAll(".has-error")) box.classList.remove("has-error");
    let first = null;
    for (const [name, text] of Object.entries(errors)) {
      const input = field(name);
      const box = input?.closest?.(".field");
      if (!box) {
        form.prepend(element("p", { class: "error", role: "alert", "data-fault": true }, text));
        continue;
      }
      box.classList.add("has-error");
      box.append(element("ul", { class: "errors", role: "alert" }, element("li", {}, text)));
      first = first ?? input;
    }
    first?.focus();
  }

  async function fileOf() {
    const [file] = field("file").files;
    // Its bytes, not the reference to the file: that would be gone once the browser is closed.
    return file ? { file: new Blob([await file.arrayBuffer()], { type: file.type }), fileName: file.name || "tep" } : {};
  }

  async function save() {
    const found = faults();
    show(found);
    if (Object.keys(found).length) return;
    const values = Object.fromEntries(TYPED.map((name) => [name, field(name).value.trim()]));
    const described = { values, given: inWords(values, field("file").files[0]), confirmed: corrected?.offered ?? field("confirmed").value };
    const owner = { user: device.user, pk, title: said.title, ...place() };
    for (const button of buttons) button.disabled = true;
    try {
      const entry = await queue.addPiece({ ...owner, ...described, ...(former ? { former } : {}), ...(await fileOf()) }, corrected?.n);
      if (!entry) {
        show({ "": said.gone });
        await release();
        return;
      }
      awaited = entry.id;
      corrected = null;
      if (dialog) await close();
    } catch (error) {
      show({ "": store.faultWord(error) });
      free();
    }
  }

  function free() {
    for (const button of buttons) button.disabled = false;
  }

  // What the form had lies in the queue: it is free for another piece.
  async function release() {
    free();
    awaited = corrected = null;
    const code = field("criterion").value;
    await portal.drafts.clear(form);
    field("criterion").value = code;
  }

  async function close() {
    await release();
    if (dialog) portal.closeDialog(dialog);
  }

  // What was typed comes back, with the file that the device kept.
  function fill(entry) {
    corrected = entry;
    awaited = null;
    free();
    field("criterion").value = entry.code;
    for (const name of TYPED) field(name).value = entry.values[name] ?? "";
    if (entry.file) {
      try {
        const files = new DataTransfer();
        files.items.add(new File([entry.file], entry.fileName, { type: entry.file.type }));
        field("file").files = files.files;
      } catch {
        // Without a way to put files into a field it is chosen again.
      }
    }
    const { errors, message } = entry;
    show(entry.state === "waiting" ? {} : Object.keys(errors).length ? errors : { "": message });
  }

  function open(code) {
    field("criterion").value = code;
    write(dialog.querySelector("[data-piece-label]"), place().label);
    portal.openDialog(dialog);
  }

  // What was typed for another criterion, or to correct what waits, does not go on here.
  async function begin(code) {
    if (corrected || field("criterion").value !== code) await release();
    show({});
    open(code);
  }

  function correct(entry) {
    if (dialog && entry.former) {
      location.assign(entry.url);
      return;
    }
    if (dialog) open(entry.code);
    fill(entry);
    if (!dialog) field("number").focus();
  }

  function stateOf(entry) {
    if (entry.state !== "waiting") return [word(entry.state === "refused" ? "notTaken" : entry.state), entry.message].filter(Boolean).join(": ");
    const { photo } = queue.status;
    if (photo && photo.n === entry.n) return `${word("saving")} ${photo.percent}%`;
    return RESTS[queue.whyNot(entry)] ?? word("saving");
  }

  function line(entry) {
    const isWaiting = entry.state === "waiting";
    const isOut = isWaiting && queue.status.paused === "signIn";
    const signIn = `${words.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
    const button = (text, click) => element("button", { type: "button", class: "button", click }, text);
    const remove = () => { if (confirm(said.sure)) queue.remove(entry.n).then(() => { if (corrected?.n === entry.n) release(); }); };
    return element("li", { class: "piece-waiting", "data-waiting-piece": entry.n },
      element("b", {}, nameOf(entry)), element("span", { class: isWaiting ? "soft" : "error", "data-why": true }, stateOf(entry)),
      element("span", { class: "piece-ways" },
        isOut ? element("a", { class: "button", href: signIn }, word("linkSignIn")) : null,
        isWaiting && entry.attempted ? null : button(said.correct, () => correct(entry)),
        isWaiting ? null : button(said.again, () => queue.retry(entry.user)),
        button(word("photoRemove"), remove)));
  }

  function listOf(code) {
    if (!whole) return document.querySelector("[data-pieces]");
    const node = document.getElementById(code);
    const present = node?.querySelector("[data-pieces]");
    if (present || !node) return present ?? null;
    const made = element("ul", { class: "pieces", "data-pieces": true });
    node.querySelector(".shown").after(made);
    return made;
  }

  const isMine = (entry) => entry.kind === "piece" && entry.pk === pk && (whole || entry.code === field("criterion").value);
  const mine = async () => (await store.entries(device.user)).filter(isMine);
  let drawn = "";

  async function draw() {
    const entries = await mine();
    const now = JSON.stringify([entries.map((entry) => [entry.n, entry.state, entry.message, entry.attempted, queue.whyNot(entry)]), queue.status.photo]);
    if (now !== drawn) {
      drawn = now;
      for (const list of document.querySelectorAll("[data-pieces]")) list.replaceChildren();
      for (const entry of entries) listOf(entry.code)?.append(line(entry));
      whole?.dispatchEvent(new CustomEvent("pieces"));
    }
    const here = entries.find((entry) => entry.id === awaited);
    if (here && here.state !== "waiting") fill(here);
    else if (here && queue.whyNot(here)) await release();
  }

  function arrived(news) {
    if (news.answer.state !== "saved") return;
    const at = whole && document.getElementById(news.code)?.querySelector(".shown");
    if (at) {
      const fresh = element("p");
      fresh.innerHTML = news.answer.html;
      const address = fresh.querySelector("a")?.getAttribute("href");
      if (news.former) at.querySelector(`a[href="minh-chung/${news.former}/"]`)?.remove();
      if (address && !at.querySelector(`a[href="${CSS.escape(address)}"]`)) at.prepend(...fresh.children);
      return;
    }
    if (news.id !== awaited) return;
    portal.drafts.clear(form).then(() => {
      portal.leaving = true;
      location.assign(said.back);
    });
  }

  // Before draft.js, which would send the form itself.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || !isThere) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    save();
  }, true);

  let isThere = false;
  device.ready.then(async (here) => {
    if (!here) return;
    isThere = true;
    queue.listen((news) => {
      if (news.type === "answer" && news.kind === "piece" && news.pk === pk && news.user === device.user) arrived(news);
      draw().catch(() => {});
    });
    if (whole) {
      whole.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='minh-chung/them/']");
        if (!link) return;
        event.preventDefault();
        begin(link.closest("[data-criterion]").id).catch(() => {});
      });
      form.querySelector("[data-piece-close]").addEventListener("click", () => portal.closeDialog(dialog));
      form.addEventListener("restored", () => { if (field("criterion").value) open(field("criterion").value); });
    }
    await draw();
    const refused = whole ? null : (await mine()).find((entry) => entry.state !== "waiting" && entry.former === former);
    if (refused && !TYPED.some((name) => field(name).value)) fill(refused);
  }).catch(() => {});
})();
