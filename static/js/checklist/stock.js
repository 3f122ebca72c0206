// Stock sentences for the note of a criterion: fetched once, kept on the device for the time without a network.
"use strict";
(() => {
  const { form, places, placeOf } = portal.answers ?? {};
  if (!form || !form.dataset.stock) return;
  const { store, word, element } = portal;
  const key = [Number(form.dataset.user), Number(form.dataset.pk)];
  let loading = null;

  async function load() {
    try {
      const response = await fetch(form.dataset.stock, { cache: "no-store", redirect: "error", headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const sentences = await response.json();
      await store.within(["sentences"], "readwrite", (drawer) => { drawer.put({ user: key[0], pk: key[1], sentences }); }).catch(() => {});
      return sentences;
    } catch {
      return (await store.within(["sentences"], "readonly", (drawer) => drawer.get(key)).catch(() => null))?.sentences ?? {};
    }
  }

  function offer(details, sentences) {
    const name = word("sentences");
    const select = element("select", { class: "sentences", "aria-label": name }, element("option", { value: "" }, name));
    for (const sentence of sentences) select.append(element("option", { value: sentence }, sentence));
    const note = details.querySelector("textarea");
    select.addEventListener("change", (event) => {
      event.stopPropagation(); // the note is the answer, not the choice
      if (!select.value) return;
      note.value = [note.value.trimEnd(), select.value].filter(Boolean).join("\n");
      select.value = "";
      note.dispatchEvent(new Event("input", { bubbles: true }));
      note.dispatchEvent(new Event("change", { bubbles: true }));
      note.focus();
    });
    details.append(select);
  }

  async function open(details) {
    if (details.querySelector(".sentences")) return;
    loading = loading ?? load();
    const sentences = (await loading)[placeOf(details).code] ?? [];
    if (sentences.length && !details.querySelector(".sentences")) offer(details, sentences);
  }

  for (const { node } of places.values()) {
    const details = node.querySelector("details.note");
    if (!details) continue;
    details.addEventListener("toggle", () => { if (details.open) open(details); });
    if (details.open) open(details);
  }
})();
