// Takes back the last answers that were given on this page. It gives the old answer anew; nothing is erased.
"use strict";
(() => {
  const { form, places } = portal.answers ?? {};
  if (!form) return;
  const steps = [];
  const button = document.querySelector("[data-undo]");
  const bar = form.querySelector("[data-saved-state]");

  function add(step) {
    steps.push(step);
    button.disabled = false;
  }

  function undo() {
    document.activeElement?.blur?.(); // what is being typed is a step too
    const step = steps.pop();
    if (!step) return;
    button.disabled = steps.length === 0;
    portal.autosave.give(step.map(({ code, values }) => [code, values]));
    const { node, number, label } = places.get(step[0].code);
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    bar.textContent = portal.word("undone", { number: number || label });
  }

  const isTyping = (node) => node.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  form.addEventListener("step", (event) => add(event.detail));
  button?.addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z" || isTyping(event.target)) return;
    event.preventDefault();
    undo();
  });
})();
