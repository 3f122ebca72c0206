// Takes back the last answers that were given on this page. It gives the old answer anew; nothing is erased.
"use strict";
(() => {
  const { form, places, isTyping } = portal.answers ?? {};
  if (!form) return;
  const steps = [];
  const button = document.querySelector("[data-undo]");

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
    portal.autosave.say(portal.word("undone", { number: number || label }));
  }

  form.addEventListener("step", (event) => add(event.detail));
  button?.addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z" || isTyping(event.target)) return;
    event.preventDefault();
    undo();
  });
})();
