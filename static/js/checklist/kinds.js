// What the answer at a criterion is worth, for each kind of criterion, while one types: the rules of criteria/scoring.py,
// which decide again on saving. For the checklist and the self-assessment.
"use strict";
portal.kinds = (() => {
  const form = document.querySelector("form[data-checklist], form[data-self]");
  if (!form) return null;
  const { kind, word, outcomeWord, element } = portal;
  const sign = document.documentElement.lang === "en" ? "." : ",";
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const { deductionCap, bonusCap, notApplicable } = form.dataset;

  // Points as the page writes numbers; sums of cents come out of binary fractions with a tail.
  const shown = (points) => String(Math.round(points * 100) / 100).replace(".", sign);
  const cents = (number) => Math.round(number * 100);

  // Units that people type behind a number, as archiveportal/fields.py takes them off.
  const UNIT = /(?:m²|m2|mét vuông|người|đồng|vnđ|vnd)$/i;

  // A number as people type it, by the rules of archiveportal/vietnamese.py and fields.py; null for none.
  function read(text) {
    let typed = text.trim().replace(UNIT, "").replace(/\s/g, "");
    if (/^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/.test(typed)) typed = typed.replace(/\./g, "");
    else if (/^[1-9]\d{0,2}(,\d{3}){2,}$/.test(typed)) typed = typed.replace(/,/g, "");
    return /^\d+([.,]\d+)?$/.test(typed) ? Number(typed.replace(",", ".")) : null;
  }

  const field = (node, part) => node.querySelector(`[name="${CSS.escape(`${node.id}-${part}`)}"]`);
  const typed = (node, part) => read(field(node, part)?.value ?? "");
  // The words of an option, without its points.
  const textOf = (input) => input.nextSibling.textContent;
  const chosen = (node) => node.querySelector("input[type=radio]:checked")?.value ?? "";
  // "50:1,80:2": points from a percentage on; "12:3": points of an option.
  const steps = (node) => (node.dataset.steps ?? "").split(",").filter(Boolean).map((step) => step.split(":").map(Number));

  function percentOf(node) {
    const [part, whole] = [typed(node, "number"), typed(node, "of_number")];
    return part === null || !whole ? null : { part, whole };
  }

  function isWithin({ dataset }, number) {
    const [value, bound] = [cents(number), cents(Number(dataset.threshold))];
    return dataset.rule === "at_most" ? value <= bound : value >= bound;
  }

  // What was reached brings all points; of a deduction it takes none off.
  const allOrNone = (node, isReached, full) => (isReached === (node.dataset.sign !== "deduction") ? full : 0);

  // Points of what was given, of at most `full`; null while it is not complete.
  const EARNED = {
    choice: (node) => steps(node).find(([option]) => String(option) === chosen(node))?.[1] ?? null,
    part: (node) => typed(node, "number"),
    ratio(node) {
      const given = percentOf(node);
      if (!given) return null;
      const reached = steps(node).filter(([percent]) => cents(given.part) * 10000 >= cents(percent) * cents(given.whole));
      return Math.max(0, ...reached.map(([, points]) => points));
    },
    measure(node, full) {
      const number = typed(node, "number");
      if (number === null) return null;
      return allOrNone(node, isWithin(node, number), full);
    },
    date(node, full) {
      const [day, month, year] = portal.days.written(field(node, "day").value).split("/");
      if (!year) return null;
      return allOrNone(node, `${year}-${month}-${day}` <= node.dataset.deadline, full);
    },
  };

  // The code of the answer at a criterion, blank while it is open, and its points of so many.
  function of(node) {
    const points = Number(node.dataset.points ?? 0);
    const code = chosen(node);
    if (!node.dataset.kind || (code !== "" && !/^\d+$/.test(code))) return { code, points, earned: kind(code).earns ? points : 0 };
    const full = points || Math.max(1, ...steps(node).map(([, each]) => each));
    const earned = EARNED[node.dataset.kind](node, full);
    if (earned === null) return { code: "", points, earned: 0 };
    const given = Math.min(earned, full);
    // What a deduction comes to is what it takes off: none is "met".
    const kept = node.dataset.sign === "deduction" ? full - given : given;
    return { code: kept === full ? "met" : kept > 0 ? "partly" : "not_met", points, earned: kept };
  }

  const isExcused = (code) => notApplicable === "full" && !kind(code).applies;
  const capped = (points, cap) => (cap === undefined ? points : Math.min(points, Number(cap)));

  // The same sums as criteria/scoring.py: open is never "not met"; deductions and bonuses stand apart.
  function total(nodes = criteria) {
    const sum = { points: 0, maximum: 0, met: 0, open: 0, deducted: 0, bonus: 0 };
    for (const node of nodes) {
      if (!node.dataset.points) continue;
      const { code, points, earned } = of(node);
      if (code === "") sum.open += 1;
      if (node.dataset.sign) {
        if (node.dataset.sign === "bonus") sum.bonus += earned;
        else if (code !== "" && kind(code).applies) sum.deducted += points - earned;
        continue;
      }
      if (!kind(code).applies && !isExcused(code)) continue;
      sum.maximum += points;
      sum.points += isExcused(code) ? points : earned;
      if (code === "met") sum.met += 1;
    }
    sum.deducted = capped(sum.deducted, deductionCap);
    sum.bonus = capped(sum.bonus, bonusCap);
    sum.score = Math.max(0, Math.min(sum.maximum, sum.points - sum.deducted + sum.bonus));
    return sum;
  }

  const inPoints = (earned, points) => word("pointsOf", { points: shown(earned), maximum: shown(points) });

  // What an answered row says of itself in one line.
  function words(node) {
    const { code, points, earned } = of(node);
    const isGraded = node.dataset.kind && points && ["met", "partly", "not_met"].includes(code);
    return isGraded ? inPoints(earned, points) : outcomeWord(code);
  }

  // What was given in words, for the page of what waits on the device; blank for "met", "not applicable" and their like.
  function said(node) {
    const code = chosen(node);
    if (node.dataset.kind === "choice" && /^\d+$/.test(code)) return textOf(node.querySelector("input[type=radio]:checked"));
    if (code !== "" || !node.dataset.kind) return "";
    const parts = ["number", "of_number", "day"].map((part) => field(node, part)?.value.trim()).filter(Boolean);
    return parts.join("/");
  }

  // The result of what is typed, beside it; or what is wrong with it.
  function result(node) {
    const { code, points, earned } = of(node);
    const { kind: asked } = node.dataset;
    const number = typed(node, "number");
    if (asked === "part" && number > points) return word("tooMany", { maximum: shown(points) });
    if (asked === "ratio" && typed(node, "of_number") === 0) return word("overZero");
    if (asked === "ratio" && typed(node, "of_number") !== null && number > typed(node, "of_number")) return word("overAll");
    if (code === "" || chosen(node) !== "") return "";
    const given = asked === "ratio" ? percentOf(node) : null;
    const share = given ? `${shown((given.part * 100) / given.whole)}%` : "";
    const verdict = asked === "part" || asked === "ratio" ? "" : outcomeWord(code);
    return [share, verdict, points ? inPoints(earned, points) : ""].filter(Boolean).join(" · ");
  }

  function draw() {
    for (const node of criteria) if (node.dataset.kind && node.dataset.kind !== "choice") portal.write(worthOf(node), result(node));
    for (const parent of form.querySelectorAll("[data-parts]")) {
      const sum = total(criteria.filter((node) => node.dataset.parent === parent.id));
      portal.write(parent.querySelector("[data-sum]"), inPoints(sum.points, sum.maximum));
    }
    const apart = form.querySelector("[data-apart]");
    if (!apart) return;
    const sum = total();
    portal.write(apart.querySelector("[data-deducted]"), shown(sum.deducted));
    portal.write(apart.querySelector("[data-bonus]"), shown(sum.bonus));
  }

  function worthOf(node) {
    let output = node.querySelector(".worth");
    if (!output) {
      output = element("output", { class: "worth" });
      node.querySelector(".given").append(output);
    }
    return output;
  }

  // Answers beside the usual ones, which the page of a long set leaves out; one that is chosen stands there.
  function addOthers() {
    for (const node of criteria) {
      const usual = node.querySelector(".choices");
      if (!usual && !node.dataset.kind) continue;
      const isTyped = node.dataset.kind && !usual?.matches(".options");
      const codes = [...(isTyped ? [""] : []), ...form.dataset.others.split(" ")];
      const label = (code) => {
        const input = element("input", { type: "radio", name: `${node.id}-outcome`, value: code });
        return element("label", {}, input, code === "" ? word("asGiven") : outcomeWord(code));
      };
      let box = node.querySelector(".other");
      if (!box) {
        box = element("details", { class: "other" }, element("summary", {}, word("others")), element("div", { class: "choices" }));
        (node.querySelector(".given") ?? usual).after(box);
      }
      const made = codes.filter((code) => !node.querySelector(`[type=radio][value="${code}"]`)).map(label);
      box.querySelector(".choices").append(...made);
    }
  }
  if (form.dataset.others) addOthers();

  // What is typed replaces "not applicable" and its like.
  form.addEventListener("input", ({ target }) => {
    const node = target.closest?.("[data-kind]");
    if (!node || target.type === "radio" || !target.closest(".given") || !target.value) return;
    const open = node.querySelector("input[type=radio][value='']");
    if (open) open.checked = true;
  });

  return { of, total, words, shown, said, draw, read, steps, textOf };
})();
