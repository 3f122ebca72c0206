// Small comforts. Every page works without them.
"use strict";

// One open menu at a time; a press elsewhere or Escape closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A choice in a filter applies at once; the button stays for typed text.
for (const form of document.querySelectorAll("form[data-apply]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) portal.submit(form);
  });
  // Empty parts make addresses long and say nothing.
  form.addEventListener("submit", () => {
    for (const part of form.elements) if (part.name && !part.value) part.disabled = true;
  });
}

// On a phone a filter would fill the screen above its list; one that could not be read stays open.
if (matchMedia("(max-width: 699px)").matches) {
  for (const fold of document.querySelectorAll(".filter-fold")) {
    if (!fold.querySelector(".error") && !fold.parentElement.closest("details")) fold.open = false;
  }
}

// The sentence for the report, into the clipboard. Without https, and in some browsers inside other programs, there is none:
// the text is selected then, to be copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const sentence = button.parentElement.querySelector("p");
    const label = button.querySelector("[data-done]");
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(sentence.textContent.trim());
    } catch {
      getSelection().selectAllChildren(sentence);
      isCopied = document.execCommand("copy");
    }
    label.textContent = isCopied ? label.dataset.done : label.dataset.failed;
  });
}

// On a telephone the tabs are a strip that moves sideways: the present one is in view.
for (const tabs of document.querySelectorAll(".tab-group")) {
  const here = tabs.querySelector("[aria-current]");
  if (here) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.clientWidth) / 2;
}

// A second press of the same button sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  // A send that was stopped on its way must not leave a dead button; the server takes the same form only once.
  setTimeout(() => { delete form.dataset.sent; }, 3000);
});
document.addEventListener("input", (event) => {
  if (event.target.form) delete event.target.form.dataset.sent;
});
window.addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  if (!event.persisted) return;
  // After Back a filter says what the list below it holds, not what was chosen before leaving.
  for (const form of document.querySelectorAll("form[data-apply]")) {
    form.reset();
    for (const part of form.elements) part.disabled = false;
  }
});
