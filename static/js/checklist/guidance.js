// The guidance of an answered criterion, which the page leaves out, opens in its place: fetched once, and kept on the device
// for the time without a network. Without this script the link leads to the page of the criteria.
"use strict";
(() => {
  const { form, placeOf } = portal.answers ?? {};
  if (!form || !form.dataset.guidance) return;
  const { store, element } = portal;
  const key = [Number(form.dataset.user), `guidance-${form.dataset.pk}`];
  let loading = null;

  async function load() {
    try {
      const response = await fetch(form.dataset.guidance, { cache: "no-store", redirect: "error", headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      return await response.json();
    } catch {
      loading = null;
      return (await store.within(["sentences"], "readonly", (drawer) => drawer.get(key)).catch(() => null))?.texts ?? {};
    }
  }

  form.addEventListener("click", async (event) => {
    const link = event.target.closest("legend + p > a[href*='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const line = link.parentElement;
    const shown = line.nextElementSibling;
    const isShown = shown?.matches(".guidance-text");
    if (isShown && shown.hasAttribute("data-missing")) shown.remove();
    else if (isShown) {
      shown.hidden = !shown.hidden;
      link.setAttribute("aria-expanded", String(!shown.hidden));
      return;
    }
    loading = loading ?? load();
    const text = (await loading)[placeOf(link).code];
    if (line.nextElementSibling?.matches(".guidance-text")) return;
    line.after(element("p", { class: "guidance-text", lang: "vi", role: "status", "data-missing": !text }, text ?? portal.word("waiting")));
    link.setAttribute("aria-expanded", "true");
  });
})();
