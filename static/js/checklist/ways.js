// What the short markup of a criterion leaves out: a place for the keyboard, and the way to a recommendation as soon
// as "not met" is chosen.
"use strict";
(() => {
  const form = document.querySelector("form[data-checklist]");
  if (!form) return;
  const { finding, findingWord } = form.dataset;

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

  for (const criterion of form.querySelectorAll("[data-criterion]")) criterion.tabIndex = -1;
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio" && portal.isFailure(event.target.value)) offer(event.target.closest("[data-criterion]"));
  });
})();
