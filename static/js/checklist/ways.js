// What the short markup of a criterion leaves out: a place for the keyboard, the way to a recommendation as soon as "not
// met" is chosen, and in a long set the ways to guidance and evidence.
"use strict";
(() => {
  const form = document.querySelector("form[data-checklist]");
  if (!form) return;
  const { finding, findingWord, guidancePage, guidanceWord, evidence, evidenceWord } = form.dataset;
  const { element } = portal;

  function offer(criterion) {
    if (!finding || criterion.querySelector(".finding-write, .finding-of-line")) return;
    const way = document.createElement("a");
    way.href = finding.replace("CODE", encodeURIComponent(criterion.id));
    way.textContent = findingWord;
    const line = document.createElement("p");
    line.className = "finding-write";
    line.append(way);
    (criterion.querySelector("[data-state]") ?? criterion.lastElementChild).before(line);
  }

  function addWays(criterion) {
    const code = encodeURIComponent(criterion.id);
    if ("help" in criterion.dataset) criterion.querySelector("legend + p").append(" · ", element("a", { href: `${guidancePage}#${code}` }, guidanceWord));
    criterion.querySelector("[data-evidence-list]")?.after(element("a", { href: `${evidence}them/${code}/` }, evidenceWord));
  }

  for (const criterion of form.querySelectorAll("[data-criterion]")) {
    criterion.tabIndex = -1;
    if (evidenceWord) addWays(criterion);
  }
  form.addEventListener("change", (event) => {
    const criterion = event.target.closest("[data-criterion]");
    if (criterion && portal.isFailure(portal.kinds.of(criterion).code)) offer(criterion);
  });
})();
