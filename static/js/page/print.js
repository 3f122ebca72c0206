// The foot of every printed page: what it shows, when and for whom, and its number. Papers with a form of their own
// (narrow pages) have none of it; browsers that know no margins of pages print the foot once, at the end.
"use strict";

// Folded parts that belong on paper: for browsers whose styles cannot unfold them.
(() => {
  if (CSS.supports("selector(::details-content)")) return;
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.prints:not([open])")) {
      part.open = true;
      opened.push(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of opened.splice(0)) part.open = false;
  });
})();

(() => {
  const stamp = document.querySelector(".foot .print-only");
  if (!stamp || document.querySelector(".page.narrow")) return;
  const quoted = (text) => `"${text.trim().replace(/["\\\n\r\f]/g, (sign) => `\\${sign.codePointAt(0).toString(16)} `)}"`;
  const end = document.title.lastIndexOf(" – ");
  const title = end > 0 ? document.title.slice(0, end) : document.title;
  const look = "font: 8.5pt 'Times New Roman', Tinos, 'Liberation Serif', serif; vertical-align: top; padding-top: 2mm; border-top: 1px solid #888;";
  // Safari before 16.4 and Firefox before 101 take no such sheet; they know no margins of pages either.
  if (!("adoptedStyleSheets" in document)) return;
  const sheet = new CSSStyleSheet({ media: "print" });
  sheet.replaceSync(`@page {
    @bottom-left { content: ${quoted(`${title} · ${stamp.textContent}`)}; width: 88%; text-align: left; ${look} }
    @bottom-right { content: counter(page) "/" counter(pages); text-align: right; ${look} }
  }`);
  if (!sheet.cssRules[0]?.cssText.includes("bottom-left")) return;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  document.documentElement.classList.add("foot-on-every-page");
})();

// A button that prints the page, where nothing but printing is left to do.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
