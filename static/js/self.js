// The self-assessment: the score moves while one answers, leaving with unsaved answers is asked about, and what was typed
// stays on this device until it is saved. Signing out takes it away with everything else of the person.
"use strict";
(() => {
  const form = document.querySelector("form[data-self]");
  const { store, words, moment, device } = portal;
  const user = Number(words.user);
  const key = { user, pk: `self-${form.dataset.self}`, code: "draft" };
  const decimal = document.documentElement.lang === "en" ? "." : ",";
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const isTyped = "typed" in form.dataset;
  let isLeaving = false;
  let keeping = 0;

  const chosen = (criterion) => criterion.querySelector("input[type=radio]:checked")?.value ?? "";
  const shown = (points) => String(Math.round(points * 100) / 100).replace(".", decimal);

  // The same sums as criteria/scoring.py.
  function update() {
    const sum = { points: 0, maximum: 0, open: 0 };
    for (const criterion of criteria) {
      if (!criterion.dataset.points) continue;
      const answer = chosen(criterion);
      if (answer === "not_applicable") continue;
      const points = Number(criterion.dataset.points);
      sum.maximum += points;
      if (answer === "met") sum.points += points;
      else if (answer === "") sum.open += 1;
    }
    form.querySelector("[data-met]").textContent = shown(sum.points);
    form.querySelector("[data-maximum]").textContent = shown(sum.maximum);
    const left = form.querySelector("[data-left]");
    left.textContent = left.textContent.replace(/\d+/, sum.open);
    left.hidden = sum.open === 0;
    form.querySelector("[data-complete]").hidden = sum.open !== 0;
  }

  const inputs = (criterion) => [...criterion.querySelectorAll("input[name], textarea[name]")];
  const differs = (input) => (input.type === "radio" ? input.checked !== input.defaultChecked : input.value !== input.defaultValue);

  // What was typed and not saved, with the version of each answer that it was made on: the portal tells by it whether a
  // colleague changed the same answer meanwhile.
  function typed() {
    const values = {};
    for (const criterion of criteria) {
      if (!isTyped && !inputs(criterion).some(differs)) continue;
      for (const input of inputs(criterion)) if (input.type !== "radio" || input.checked) values[input.name] = input.value;
    }
    return values;
  }
  const isUnsaved = () => isTyped || Object.keys(typed()).length > 0;

  const forget = () => store.within(["known"], "readwrite", (known) => known.delete([key.user, key.pk, key.code]));
  function keep() {
    clearTimeout(keeping);
    const values = typed();
    const done = Object.keys(values).length ? store.within(["known"], "readwrite", (known) => { known.put({ ...key, at: Date.now(), values }); }) : forget();
    // Without room on the device the question on leaving remains.
    done.catch(() => {});
  }

  function restore(values) {
    for (const criterion of criteria) {
      for (const input of inputs(criterion)) {
        if (!(input.name in values)) continue;
        if (input.type === "radio") input.checked = input.value === values[input.name];
        else input.value = values[input.name];
      }
    }
    update();
    keep();
  }

  // Values that stand on the page already were saved; the version beside them is another one then. Saving takes blanks
  // away that say nothing.
  const plain = (text) => text.trim().replace(/\s+/g, " ");
  function isHere(values) {
    return Object.entries(values).every(([name, value]) => {
      if (name.endsWith("-seen")) return true;
      const found = form.elements[name];
      return !found || plain(found.value) === plain(value);
    });
  }

  async function offer() {
    if (isTyped || device.storedAt) return;
    const draft = await store.within(["known"], "readonly", (known) => known.get([key.user, key.pk, key.code]));
    if (!draft) return;
    if (isHere(draft.values)) return forget();
    const box = document.querySelector("[data-draft]");
    box.querySelector("[data-draft-time]").textContent = moment(new Date(draft.at));
    box.hidden = false;
    box.querySelector("[data-draft-take]").addEventListener("click", () => { box.hidden = true; restore(draft.values); });
    box.querySelector("[data-draft-drop]").addEventListener("click", () => { box.hidden = true; forget().catch(() => {}); });
  }

  form.addEventListener("input", () => {
    update();
    clearTimeout(keeping);
    keeping = setTimeout(keep, 400);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    keep();
    isLeaving = true;
    // Where the portal was not reached, the page stays and asks again.
    setTimeout(() => { isLeaving = false; }, 10_000);
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  addEventListener("pagehide", () => { if (isUnsaved() && !portal.leaving) keep(); });
  addEventListener("beforeunload", (event) => { if (!isLeaving && !portal.leaving && isUnsaved()) event.preventDefault(); });
  update();
  device.ready.then((here) => (here ? offer() : null)).catch(() => {});
})();
