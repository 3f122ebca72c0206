// What every script of the device shares: its words (translated by the page), identifiers, the token, dates, and ways back
// for the oldest browsers that are served (docs/browsers.md).
"use strict";
window.portal = (() => {
  const words = document.querySelector("[data-words]");

  // "saved {time}" with its parts filled in. The words are data attributes, because nothing inline may run.
  function word(name, parts = {}) {
    // In one pass and by a function: a value may hold "{text}" or "$&" itself.
    return (words?.dataset[name] ?? name).replace(/\{(\w+)\}/g, (whole, part) => parts[part] ?? whole);
  }

  // The kinds of answers by code, as the page has them from criteria/outcomes.py; the blank one is an open criterion.
  // What is usual stands in no page: an answer counts in the maximum and gives no points.
  const outcomes = JSON.parse(document.querySelector("[data-outcomes]")?.dataset.outcomes ?? "{}");
  const kind = (code) => ({ applies: true, earns: false, typed: [], ...outcomes[code] });

  function isFailure(code) {
    return code !== "" && kind(code).applies && !kind(code).earns;
  }

  // The word of a code with an underscore stands in an attribute with a hyphen.
  function outcomeWord(code) {
    const name = code in outcomes && code !== "" ? code : "open";
    return word(name.replace(/_(.)/g, (_match, letter) => letter.toUpperCase()));
  }

  // crypto.randomUUID is missing where the portal is tried out over plain http on another machine.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // Read anew for every request: signing in changes the token.
  function token() {
    return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  }

  const two = (number) => String(number).padStart(2, "0");
  function moment(when) {
    return `${two(when.getHours())}:${two(when.getMinutes())} ${two(when.getDate())}/${two(when.getMonth() + 1)}/${when.getFullYear()}`;
  }

  // Only what is different is written: a screen reader reads a live line out each time that it is written.
  function write(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  // A button or a line of a list, with text that is never read as markup.
  function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "click") node.addEventListener("click", value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value != null) node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  }

  // Gives up a request after so many milliseconds; `AbortSignal.timeout` is too young.
  function timeLimit(milliseconds) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), milliseconds);
    return controller.signal;
  }

  // What `work` gives, or undefined if it takes longer or fails: for what can go on without the device's store.
  function soon(work, milliseconds = 2000) {
    return Promise.race([work.catch(() => {}), new Promise((resolve) => { setTimeout(resolve, milliseconds); })]);
  }

  // Safari before 15.4 does not tell which button sent a form.
  let pressed = null;
  addEventListener("click", ({ target }) => { pressed = target.closest ? target.closest("button, [type=submit]") : null; }, true);
  function buttonOf(event) {
    if ("submitter" in event) return event.submitter;
    return pressed && pressed.form === event.target ? pressed : null;
  }

  // As if `button` were pressed, or none: what listens to the sending of forms hears it. Safari before 16 has no `requestSubmit`.
  function submit(form, button = null) {
    if (form.requestSubmit) {
      form.requestSubmit(button || undefined);
    } else if (button) {
      button.click();
    } else {
      const made = element("button", { hidden: true });
      form.append(made);
      made.click();
      made.remove();
    }
  }

  // Safari before 15.4 and Firefox before 98 know no dialogs: there it is a box above the page (static/css/parts.css).
  function openDialog(dialog) {
    if (dialog.showModal) {
      dialog.showModal();
      return;
    }
    dialog.setAttribute("open", "");
    dialog.querySelector("button, textarea").focus();
  }

  function closeDialog(dialog) {
    if (dialog.close) dialog.close();
    else dialog.removeAttribute("open");
  }

  return {
    word, words: words?.dataset ?? {}, uuid, token, moment, write, element, outcomes, kind, isFailure, outcomeWord,
    timeLimit, soon, buttonOf, submit, openDialog, closeDialog,
  };
})();
