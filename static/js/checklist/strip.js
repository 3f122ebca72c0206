// Correcting is as quick as entering: a strip of numbers shows each criterion by shape and colour and leads to it; on a phone
// answered rows fold to one line, and what stands above the first criterion moves below the last. A finished checklist opens
// at what needs attention. For the checklist and the self-assessment.
"use strict";
(() => {
  const form = document.querySelector("form[data-checklist], form[data-self]");
  const bar = form?.querySelector(".standing");
  const { element, word } = portal;
  const criteria = [...(form?.querySelectorAll("[data-criterion]") ?? [])].filter((node) => node.dataset.kind || node.querySelector("input[type=radio]"));
  if (!bar || !criteria.length) return;
  const isPhone = matchMedia("(max-width: 699px)").matches;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const rows = new Map(criteria.map((node) => [node, { node, link: null, button: null, isKeptOpen: false }]));

  const answerOf = (node) => portal.kinds.of(node).code;
  const numberOf = (node) => node.querySelector("legend b").textContent.trim();
  const isBlank = (node) => !node.querySelector("textarea")?.value.trim();

  // What somebody still has to look at, though it is answered.
  function needsAttention(node) {
    if (node.matches(".has-error, .has-conflict, .has-refusal") || node.querySelector("[data-kept]")) return true;
    const answer = answerOf(node);
    if (answer === "") return false;
    if (portal.isFailure(answer)) {
      const lacksFinding = "finding" in form.dataset && !node.querySelector(".finding-of-line");
      return lacksFinding || (Boolean(node.querySelector(".asks-note")) && isBlank(node));
    }
    // What was met in the round that is followed up asks for no evidence anew.
    return Boolean(node.querySelector(".asks-evidence")) && !node.closest(".taken-over") && !node.querySelector("[data-evidence-list] li, .waiting-photo");
  }

  function unfold(row) {
    row.isKeptOpen = true;
    row.node.classList.remove("folded");
  }

  function go(row) {
    unfold(row);
    row.node.closest(".taken-over")?.setAttribute("open", "");
    row.node.focus({ preventScroll: true });
    row.node.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  }

  function build() {
    const strip = element("nav", { class: "strip no-print", "aria-label": word("strip") });
    for (const row of rows.values()) {
      row.node.tabIndex = -1;
      row.link = element("a", { href: `#${row.node.id}`, click: (event) => { event.preventDefault(); go(row); } }, numberOf(row.node));
      row.button = element("button", { type: "button", class: "unfold" });
      strip.append(row.link);
      row.node.append(row.button);
    }
    (bar.querySelector(".standing-actions") ?? bar.lastElementChild).before(strip);
    strip.classList.toggle("wide", criteria.some((node) => numberOf(node).length > 3));
    form.classList.add("has-strip");
  }

  // Of a hundred numbers the bar of a phone has room for sixteen: those around the one that was answered.
  function keepInView(link) {
    const strip = link?.parentElement;
    if (strip) strip.scrollTop = link.offsetTop - strip.offsetTop - (strip.clientHeight - link.offsetHeight) / 2;
  }

  function draw() {
    for (const { node, link, button } of rows.values()) {
      const answer = answerOf(node);
      const text = portal.kinds.words(node);
      if (link.dataset.answer !== answer || link.title !== text) {
        link.dataset.answer = answer;
        button.dataset.answer = answer;
        link.title = button.textContent = text;
        link.setAttribute("aria-label", `${numberOf(node)}: ${text}`);
        button.setAttribute("aria-label", `${numberOf(node)}: ${text}`);
      }
      link.classList.toggle("needs", needsAttention(node));
      if (answer === "" || needsAttention(node)) node.classList.remove("folded");
    }
  }

  // Rows that are answered and in nobody's hands; the page stays where it is. `here` was answered last.
  function fold(here = null) {
    if (!isPhone) return;
    const before = here?.getBoundingClientRect().top;
    for (const row of rows.values()) {
      const { node } = row;
      const isDone = answerOf(node) !== "" && !needsAttention(node);
      if (isDone && !row.isKeptOpen && node !== here && !node.contains(document.activeElement)) node.classList.add("folded");
    }
    if (here) scrollBy(0, here.getBoundingClientRect().top - before);
  }

  form.addEventListener("click", (event) => {
    const node = event.target.closest(".folded");
    if (!node) return;
    event.preventDefault();
    const row = rows.get(node);
    unfold(row);
    if (event.target === row.button) node.querySelector("input:checked")?.focus({ preventScroll: true });
  });
  form.addEventListener("change", (event) => {
    const node = event.target.closest("[data-criterion]");
    draw();
    if (!node || (event.target.type !== "radio" && !node.dataset.kind)) return;
    keepInView(rows.get(node)?.link);
    for (const row of rows.values()) row.isKeptOpen = row.isKeptOpen && row.node === node;
    fold(node);
  });
  for (const name of ["input", "answers", "drawn", "restored"]) form.addEventListener(name, draw);

  // Nothing but the name of the unit stands above the first criterion; what is to be corrected there stays.
  function clear() {
    const end = form.querySelector(".criteria");
    const day = form.querySelector(".inspected-on");
    const about = [...document.querySelectorAll(".head-actions, main > .notice-line:not([role], .error, .warning), .criteria > .help")];
    if (day && !day.querySelector(".errors")) about.unshift(day);
    for (const node of about) end.append(node);
  }

  function openAtAttention() {
    const arrival = performance.getEntriesByType("navigation")[0]?.type ?? "navigate";
    if (location.hash || arrival !== "navigate" || scrollY > 100) return;
    if (criteria.some((node) => node.dataset.points && answerOf(node) === "")) return;
    criteria.find(needsAttention)?.scrollIntoView({ block: "center" });
  }

  build();
  draw();
  fold();
  if (isPhone) clear();
  Promise.resolve(portal.autosave?.ready).then(() => {
    draw();
    fold();
    openAtAttention();
  });
})();
