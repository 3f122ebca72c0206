// The page of what waits on this device: for whom, what, and why; send, save to a file, take in, delete.
"use strict";
(() => {
  const { store, queue, word, words, write, element, moment, transfer } = portal;
  const find = (name) => document.querySelector(`[data-${name}]`);
  const RESTS = { network: "noteNetwork", signIn: "noteSignIn", other: "noteOther", busy: "busy", noRoom: "noteNoRoom", store: "noteStore" };
  let person = null;

  async function begin() {
    person = (await store.fact("person")) ?? null;
    if (!person) {
      find("of-person").textContent = "";
      return rest(word("nobody"), words.signInUrl);
    }
    find("of-person").textContent = word("ofPerson", { name: person.name });
    find("queue").hidden = find("import").hidden = false;
    queue.listen(draw);
    queue.start(person.id);
    portal.later.start(person.id).then(draw);
    await draw();
  }

  function rest(text, address = "") {
    const box = find("rests");
    box.hidden = !text;
    if (box.dataset.text === text) return;
    box.dataset.text = text;
    const next = `?next=${encodeURIComponent(location.pathname)}`;
    box.replaceChildren(text, " ", address ? element("a", { href: address + next }, word("linkSignIn")) : "");
  }

  async function draw() {
    const entries = await store.entries(person.id);
    const letters = await portal.later.letters(person.id);
    const photos = entries.filter((entry) => entry.kind === "photo").length;
    const pieces = entries.filter((entry) => entry.kind === "piece").length;
    const counts = [word("answersCount", { count: entries.length - photos - pieces }), word("photosCount", { count: photos })];
    if (pieces) counts.push(word("piecesCount", { count: pieces }));
    const said = entries.length ? counts.join(" · ") : word("nothing");
    write(find("counts"), letters.length && !entries.length ? "" : said);
    // Read out once sending is over, not after each answer.
    if (!queue.status.sending) write(find("spoken"), find("counts").textContent);
    find("queue-actions").hidden = entries.length + letters.length === 0;
    find("queue-list").replaceChildren(...entries.map(line), ...letters.map(letterLine));
    const why = entries.map(queue.whyNot).find(Boolean);
    rest(why ? word(RESTS[why]) : "", why === "signIn" ? queue.status.signIn || words.signInUrl : "");
    await drawPages();
  }

  function line(entry) {
    const said = entry.code === "inspected_on" ? entry.values.inspected_on : entry.kind === "photo" ? entry.fileName : answer(entry);
    const title = entry.kind === "piece" ? element("a", { href: entry.url }, entry.title) : entry.title;
    const state = [word(entry.kind !== "answer" && entry.state === "refused" ? "notTaken" : entry.state), entry.message].filter(Boolean).join(": ");
    return element("li", {},
      element("span", {}, element("b", {}, title), element("br"), entry.label, element("br"), element("small", { class: "soft" }, said)),
      element("small", { class: entry.state }, entry.state === "waiting" ? onTheWay(entry) : state, element("br"), moment(new Date(entry.made_at))));
  }

  function onTheWay(entry) {
    const { sending, photo } = queue.status;
    if (photo && photo.n === entry.n) return `${word("saving")} ${photo.percent}%`;
    if (queue.whyNot(entry) === "noRoom") return word("noRoom");
    return word(sending ? "saving" : "waiting");
  }

  function letterLine({ later, at }) {
    const state = later.isRefused ? "refused" : "waiting";
    return element("li", {}, element("a", { href: later.url }, later.title), element("small", { class: state }, word(state), element("br"), moment(new Date(at))));
  }

  function answer({ values, given }) {
    const note = values.note ? `${word("noteWord")}: ${values.note}` : "";
    if (given) return [given, note].filter(Boolean).join(" · ");
    return [portal.outcomeWord(values.outcome), values.number, values.text, note].filter(Boolean).join(" · ");
  }

  async function drawPages() {
    const pages = ((await store.fact("pages")) ?? []).filter((page) => page.user === person.id && Date.now() < page.until);
    find("pages").hidden = pages.length === 0;
    const item = ({ address, title, round, until }) => element("li", {}, element("span", {}, element("a", { href: address }, title), element("br"), element("small", { class: "soft" }, round)), element("small", { class: "soft" }, word("until", { time: moment(new Date(until)) })));
    find("pages-list").replaceChildren(...pages.map(item));
  }

  find("send").addEventListener("click", () => {
    queue.retry(person.id);
    portal.later.send().then(draw);
  });
  find("export").addEventListener("click", async () => {
    fault("");
    try {
      const lost = await transfer.save(person);
      if (lost.length) fault(word("exportPart", { names: lost.join(", ") }));
    } catch {
      fault(word("exportFailed"));
    }
  });
  find("delete").addEventListener("click", async () => {
    if (!confirm(word("confirmDelete"))) return;
    for (const entry of await store.entries(person.id)) await queue.remove(entry.n);
    const letters = await portal.later.letters(person.id);
    await store.within(["known"], "readwrite", (known) => { for (const each of letters) known.delete([each.user, each.pk, each.code]); });
    await draw();
  });
  function fault(text) {
    find("fault").textContent = text;
    find("fault").hidden = !text;
  }

  document.querySelector("#import-file").addEventListener("change", async ({ target }) => {
    fault("");
    find("imported").textContent = "";
    try {
      const taken = await transfer.take(await target.files[0].text(), person);
      if (taken.other) fault(word("importOther", { name: taken.other }));
      else find("imported").textContent = word("imported", taken);
      queue.kick(true);
      await draw();
    } catch {
      fault(word("importWrong"));
    }
    target.value = "";
  });
  begin().catch(() => rest(word("noteStore")));
})();
