// Keeps score, band and what is still open true while one types. The server computes them again on saving.
"use strict";
(() => {
  const form = document.querySelector("[data-checklist]");
  const decimal = document.documentElement.lang === "en" ? "." : ",";

  function show(node, visible) {
    if (node) node.hidden = !visible;
  }

  function chosen(criterion) {
    const input = criterion.querySelector("input[type=radio]:checked");
    return input ? input.value : "";
  }

  // Points as the page writes numbers; sums of cents come out of binary fractions with a tail.
  function shown(points) {
    return String(Math.round(points * 100) / 100).replace(".", decimal);
  }

  // The same sums as criteria/scoring.py: points of what is met, of what applies; open is never "not met".
  function total(criteria) {
    const sum = { points: 0, maximum: 0, met: 0, open: 0 };
    for (const criterion of criteria) {
      if (!criterion.dataset.points) continue;
      const answer = chosen(criterion);
      const kind = portal.kind(answer);
      if (!kind.applies) continue;
      const points = Number(criterion.dataset.points);
      sum.maximum += points;
      if (kind.earns) {
        sum.points += points;
        sum.met += 1;
      } else if (answer === "") {
        sum.open += 1;
      }
    }
    return sum;
  }

  // The rules of archiveportal/percent.py. A page that an earlier release stored names no rule: it
  // shows whole percents.
  function share(sum, rule) {
    const decimals = rule === "truncated" || rule === "exact" ? 2 : 0;
    const scale = decimals ? 10000 : 100;
    const half = rule === "truncated" ? 0 : sum.maximum;
    const rounded = Math.floor((sum.points * scale * 2 + half) / (sum.maximum * 2));
    return `${(rounded * 100 / scale).toFixed(decimals).replace(".", decimal)}%`;
  }

  function update() {
    const sum = total(form.querySelectorAll("[data-criterion]"));
    const complete = sum.open === 0 && sum.maximum > 0;
    form.querySelector("[data-met]").textContent = shown(sum.points);
    form.querySelector("[data-maximum]").textContent = shown(sum.maximum);
    const left = form.querySelector("[data-left]");
    left.textContent = left.textContent.replace(/\d+/, sum.open);
    show(left, !complete);
    const next = form.querySelector("[data-next-open]");
    if (next) next.disabled = sum.open === 0;
    const percent = form.querySelector("[data-percent]");
    percent.textContent = share(sum, percent.dataset.percent);
    show(percent, complete);
    for (const band of form.querySelectorAll("[data-band]")) {
      const above = sum.points * 100 >= Number(band.dataset.lower) * sum.maximum;
      const below = !band.dataset.upper || sum.points * 100 < Number(band.dataset.upper) * sum.maximum;
      show(band, complete && above && below);
    }
    for (const section of form.querySelectorAll(".section")) {
      const asked = [...section.querySelectorAll("[data-criterion][data-points]")];
      const met = asked.filter((criterion) => portal.kind(chosen(criterion)).earns).length;
      section.querySelector("[data-section-count]").textContent = asked.length ? `${form.dataset.metWord} ${met}/${asked.length}` : "";
    }
    compare();
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
    const typed = input.value.trim();
    const grouped = /^\d{1,3}(\.\d{3})+(,\d+)?$/.test(typed);
    const value = parseFloat((grouped ? typed.replace(/\./g, "") : typed).replace(",", "."));
    const low = typed !== "" && value < Number(input.dataset.minimum);
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
