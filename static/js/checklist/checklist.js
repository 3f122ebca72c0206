// Keeps score, band and what is still open true while one types. The server computes them again on saving.
"use strict";
(() => {
  const form = document.querySelector("[data-checklist]");
  const { of, total, shown, draw, read } = portal.kinds;
  const decimal = document.documentElement.lang === "en" ? "." : ",";

  function show(node, visible) {
    if (node) node.hidden = !visible;
  }

  const chosen = (criterion) => of(criterion).code;

  // The rules of archiveportal/percent.py. A page that an earlier release stored names no rule: it
  // shows whole percents.
  function share(sum, rule) {
    const decimals = rule === "truncated" || rule === "exact" ? 2 : 0;
    const scale = decimals ? 10000 : 100;
    const half = rule === "truncated" ? 0 : sum.maximum;
    const rounded = Math.floor((sum.score * scale * 2 + half) / (sum.maximum * 2));
    return `${(rounded * 100 / scale).toFixed(decimals).replace(".", decimal)}%`;
  }

  function update() {
    const sum = total();
    const complete = sum.open === 0 && sum.maximum > 0;
    form.querySelector("[data-met]").textContent = shown(sum.score);
    form.querySelector("[data-maximum]").textContent = shown(sum.maximum);
    const left = form.querySelector("[data-left]");
    left.textContent = left.textContent.replace(/\d+/, sum.open);
    show(left, !complete);
    const next = form.querySelector("[data-next-open]");
    if (next) next.disabled = sum.open === 0;
    const percent = form.querySelector("[data-percent]");
    percent.textContent = share(sum, percent.dataset.percent);
    show(percent, complete);
    showBand(sum, complete);
    for (const section of form.querySelectorAll(".section")) section.querySelector("[data-section-count]").textContent = countOf(section);
    draw();
    compare();
  }

  // What a section has reached: points where those of the set differ, else criteria.
  function countOf(section) {
    const asked = [...section.querySelectorAll("[data-criterion][data-points]")];
    if (!asked.length) return "";
    const sum = total(asked);
    if (asked[0].dataset.sign) return shown(sum.deducted || sum.bonus);
    if ("inPoints" in form.dataset) return portal.word("pointsOf", { points: shown(sum.points), maximum: shown(sum.maximum) });
    return `${form.dataset.metWord} ${sum.met}/${asked.length}`;
  }

  // Bands by points or by percent. A criterion that bars the best bands lowers the band, never raises it.
  function showBand(sum, complete) {
    const bands = [...form.querySelectorAll("[data-band]")];
    const isByPoints = form.dataset.bandsBy === "points";
    const reached = isByPoints ? sum.score : sum.score * 100;
    const bound = (percent) => Number(percent) * (isByPoints ? 1 : sum.maximum);
    const found = bands.find(({ dataset }) => reached >= bound(dataset.lower) && (!dataset.upper || reached < bound(dataset.upper)));
    const barred = bars().map((key) => bands.find(({ dataset }) => dataset.band === key)).filter(Boolean);
    const lower = (one, other) => (other && Number(other.dataset.lower) < Number(one.dataset.lower) ? other : one);
    const standing = found && barred.reduce(lower, found);
    for (const band of bands) show(band, complete && band === standing);
    show(form.querySelector("[data-barred]"), complete && Boolean(found) && standing !== found);
  }

  // The highest bands that the answers still allow: all conditions of a row hold.
  function bars() {
    const holds = ([code, answer]) => {
      const node = document.getElementById(code);
      return (node.querySelector("input[type=radio]:checked")?.value ?? "") === answer || of(node).code === answer;
    };
    return JSON.parse(form.dataset.bars ?? "[]").filter(([, conditions]) => conditions.every(holds)).map(([band]) => String(band));
  }

  // What failed the last time and fails again, and what differs from what the unit says of itself.
  function compare() {
    for (const mark of form.querySelectorAll(".last strong, .last em")) show(mark, portal.isFailure(chosen(mark.closest("[data-criterion]"))));
    for (const mark of form.querySelectorAll("[data-own]")) {
      const answer = chosen(mark.closest("[data-criterion]"));
      show(mark, answer !== "" && answer !== mark.dataset.own);
    }
  }

  // A fact below its minimum warns; it decides nothing.
  function warn(input) {
    const value = read(input.value);
    const low = value !== null && value < Number(input.dataset.minimum);
    show(input.closest(".fact").querySelector("[data-warning]"), low);
  }

  form.addEventListener("input", (event) => {
    if (event.target.dataset.minimum) warn(event.target);
    update();
  });
  // Answers that did not come from the keyboard: from the device, from undo, from a pasted column.
  form.addEventListener("answers", () => {
    for (const input of form.querySelectorAll("[data-minimum]")) warn(input);
    update();
  });

  // After an answer the next open criterion comes into view, unless the finger or the pointer is still down.
  let pressed = false;
  // Safari before 15.4 knows no :focus-visible.
  let isByKeys = false;
  const knowsFocus = CSS.supports("selector(:focus-visible)");
  addEventListener("pointerdown", () => { pressed = true; isByKeys = false; });
  addEventListener("keydown", () => { isByKeys = true; });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; });

  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio" || event.target.value === "") return;
    if (knowsFocus ? event.target.matches(":focus-visible") : isByKeys) return;
    const criteria = [...form.querySelectorAll("[data-criterion][data-points]")];
    const here = criteria.indexOf(event.target.closest("[data-criterion]"));
    const next = criteria.slice(here + 1).find((criterion) => chosen(criterion) === "");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    setTimeout(() => {
      if (next && !pressed) next.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }, 200);
  });

  update();
})();
