// The self-assessment: the score moves while one answers, and leaving with unsaved answers is asked about. What was typed
// stays on this device until it is saved: draft.js.
"use strict";
(() => {
  const form = document.querySelector("form[data-self]");
  const { of, total, shown, draw } = portal.kinds;
  let isLeaving = false;

  const chosen = (criterion) => of(criterion).code;

  function update() {
    const sum = total();
    form.querySelector("[data-met]").textContent = shown(sum.score);
    form.querySelector("[data-maximum]").textContent = shown(sum.maximum);
    const left = form.querySelector("[data-left]");
    left.textContent = left.textContent.replace(/\d+/, sum.open);
    left.hidden = sum.open === 0;
    form.querySelector("[data-complete]").hidden = sum.open !== 0;
    draw();
  }

  // A note that is asked for, or was put back, does not stay folded.
  function unfold() {
    for (const details of form.querySelectorAll("details.note:not([open])")) {
      const isAsked = details.querySelector(".asks-note") && portal.isFailure(chosen(details.closest("[data-criterion]")));
      if (isAsked || details.querySelector("textarea").value) details.open = true;
    }
  }

  form.addEventListener("input", update);
  form.addEventListener("change", unfold);
  form.addEventListener("restored", () => { update(); unfold(); });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isLeaving = true;
    // Where the portal was not reached, the page stays and asks again.
    setTimeout(() => { isLeaving = false; }, 10000);
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  addEventListener("beforeunload", (event) => { if (!isLeaving && !portal.leaving && portal.drafts.isUnsaved(form)) event.preventDefault(); });
  update();
})();
