// The checklist by keyboard: up and down between criteria, 1 met, 0 not met, x not assessed, n note; where there are
// options, their places from 1. And the way to the next open criterion, for keyboard and thumb.
"use strict";
(() => {
  const { form, placeOf, isTyping } = portal.answers ?? {};
  if (!form) return;
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const codes = new Map(Object.entries(portal.outcomes).map(([code, { key }]) => [key, code]));
  let current = null;

  const isOpen = (criterion) => criterion.dataset.points && portal.kinds.of(criterion).code === "";

  function go(criterion) {
    if (!criterion) return;
    current = criterion;
    criterion.closest(".taken-over")?.setAttribute("open", "");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    criterion.focus({ preventScroll: true });
    criterion.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  // The next one below what has the focus or is in the middle of the screen, then again from the top.
  function nextOpen() {
    const open = criteria.filter(isOpen);
    const here = whereabouts();
    return open.find((criterion) => criteria.indexOf(criterion) > here) ?? open[0];
  }

  function whereabouts() {
    const focused = document.activeElement?.closest?.("[data-criterion]") ?? current;
    if (focused) return criteria.indexOf(focused);
    return criteria.filter((criterion) => criterion.getBoundingClientRect().top < innerHeight / 2).length - 1;
  }

  const next = document.querySelector("[data-next-open]");
  next?.addEventListener("click", () => {
    const criterion = nextOpen();
    if (criterion) go(criterion);
    else portal.autosave.say(portal.word("nextNone"));
  });

  function choose(criterion, value) {
    const input = [...criterion.querySelectorAll("input[type=radio]")].find((radio) => radio.value === value);
    if (!input || input.checked) return;
    input.checked = true;
    // As if it had been pressed: score, saving and undo listen to these.
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The value of the button that a key presses; undefined for none.
  function valueOf(criterion, key) {
    if (criterion.dataset.kind !== "choice" || !/^[0-9]$/.test(key)) return codes.get(key);
    const option = portal.kinds.steps(criterion)[Number(key) - 1];
    return option && String(option[0]);
  }

  function note(criterion) {
    const details = criterion.querySelector("details.note");
    details.open = true;
    details.querySelector("textarea").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const criterion = event.target.closest("[data-criterion]") ?? null;
    if (isTyping(event.target)) {
      if (event.key === "Escape" && criterion) go(criterion);
      return;
    }
    const at = criterion ? criteria.indexOf(criterion) : current ? criteria.indexOf(current) : -1;
    const key = event.key.toLowerCase();
    // Elsewhere on the page the arrows scroll, as everywhere.
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (criterion || event.target === document.body)) {
      event.preventDefault();
      go(criteria[event.key === "ArrowDown" ? Math.min(at + 1, criteria.length - 1) : Math.max(at - 1, 0)]);
    } else if (criterion && valueOf(criterion, key) !== undefined) {
      event.preventDefault();
      choose(criterion, valueOf(criterion, key));
      if (valueOf(criterion, key) !== "") go(nextOpen());
    } else if (criterion && key === "n") {
      event.preventDefault();
      note(criterion);
    } else if (event.key === "?") {
      const help = document.querySelector("[data-keys]");
      if (help) help.open = !help.open;
    }
  });
  form.addEventListener("focusin", (event) => { current = placeOf(event.target)?.node ?? current; });
})();
