// Ticks in long lists of units: all of a section, what is chosen so far, a search that narrows the list
// while one types. What is ticked stays ticked when a filter leaves it out. Every page works without.
"use strict";

// As archiveportal/vietnamese.py folds a text that is searched, as far as names of units need it: no marks, i for y.
const folded = (text) => text.replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[đð]/g, "d").replace(/y/g, "i").replace(/[^\p{L}\d]+/gu, " ").replace(/\b0+(?=\d)/g, "").trim();

// As wards/names.py spells kinds out: P3, Q10, TT.
const SHORT = { p: "phuong", f: "phuong", q: "quan", h: "huien", x: "xa", tt: "thi tran", tp: "thanh pho", dk: "dac khu" };
const spelledOut = (text) => folded(text).split(" ").filter(Boolean).flatMap((word) => {
  const [, kind, number = ""] = word.match(/^(\p{L}+?)0*(\d*)$/u) || [null, word];
  return [...(number || kind.length > 1 ? SHORT[kind] || kind : kind).split(" "), number].filter(Boolean);
});

// Each word begins a word of the name; a number is a whole word. As the server searches.
const matches = (name, typed) => typed.every((word) =>
  ` ${name} `.includes(/^\d+$/.test(word) ? ` ${word} ` : ` ${word}`));

for (const form of document.querySelectorAll("[data-ticks]")) {
  const rows = [...form.querySelectorAll("[data-tick-row]")].map((row) => ({
    row,
    box: row.querySelector("input[type=checkbox]"),
    name: row.querySelector("[lang=vi]").textContent.trim(),
    section: row.closest("details"),
  }));
  const sections = [...new Set(rows.map(({ section }) => section))].filter(Boolean);
  const all = form.querySelector("[data-tick-all]");
  const chosen = form.querySelector("[data-chosen]");
  const list = chosen.querySelector("ul");
  const place = `ticks:${location.pathname}`;
  const keyOf = (value) => value.split(":")[0];
  const byKey = new Map(rows.map((each) => [keyOf(each.box.value), each]));

  // Ticked units that this list lacks, by value.
  const elsewhere = new Map();
  for (const item of list.children) elsewhere.set(item.dataset.value, item.textContent.trim());
  try {
    for (const [value, name] of JSON.parse(sessionStorage.getItem(place) || "[]")) {
      const here = byKey.get(keyOf(value));
      if (here) here.box.checked = true;
      else elsewhere.set(value, name);
    }
  } catch { /* no storage: ticks last as long as the page */ }

  const tickedHere = () => rows.filter(({ box }) => box.checked);
  const keep = () => {
    const values = [...tickedHere().map(({ box, name }) => [box.value, name]), ...elsewhere];
    try {
      if (values.length) sessionStorage.setItem(place, JSON.stringify(values));
      else sessionStorage.removeItem(place);
    } catch { /* as above */ }
  };

  const item = (value, name, here) => {
    const line = document.createElement("li");
    const text = document.createElement("span");
    text.lang = "vi";
    text.textContent = name;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = list.dataset.remove;
    button.setAttribute("aria-label", `${list.dataset.remove}: ${name}`);
    button.addEventListener("click", () => {
      if (here) here.box.checked = false;
      else elsewhere.delete(value);
      show();
      (list.querySelector("button") || all.firstElementChild).focus();
    });
    line.append(text, " ", button);
    if (!here) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = "ward";
      input.value = value;
      line.append(input);
    }
    return line;
  };

  const state = (box, some) => {
    const ticked = some.filter((each) => each.box.checked).length;
    box.checked = some.length > 0 && ticked === some.length;
    box.indeterminate = ticked > 0 && ticked < some.length;
    return ticked;
  };
  const shown = (section) => rows.filter((each) => !each.row.hidden && (!section || each.section === section));

  function show() {
    const here = tickedHere();
    const total = here.length + elsewhere.size;
    const count = chosen.querySelector("[data-tick-count]");
    count.textContent = count.getAttribute("data-words").replace("#", total);
    chosen.hidden = !total;
    list.replaceChildren(
      ...here.map((each) => item(each.box.value, each.name, each)),
      ...[...elsewhere].map(([value, name]) => item(value, name, null)),
    );
    state(all.firstElementChild, shown());
    for (const section of sections) {
      state(section.querySelector("[data-tick-section] input"), shown(section));
      const ticked = rows.filter((each) => each.section === section && each.box.checked).length;
      const part = section.querySelector("[data-tick-part]");
      part.textContent = ticked ? part.dataset.tickPart.replace("#", ticked) : "";
    }
    keep();
  }

  const tick = (some, isTicked) => {
    for (const { box } of some) box.checked = isTicked;
    show();
  };
  all.hidden = false;
  all.firstElementChild.addEventListener("change", (event) => tick(shown(), event.target.checked));
  for (const section of sections) {
    const whole = section.querySelector("[data-tick-section]");
    whole.hidden = false;
    whole.querySelector("input").addEventListener("change", (event) => tick(shown(section), event.target.checked));
  }
  form.addEventListener("change", (event) => { if (event.target.closest("[data-tick-row]")) show(); });
  // Sent ticks are done; the button of a section sends none.
  form.addEventListener("submit", (event) => {
    const button = portal.buttonOf(event);
    if (button && button.name === "whole") return;
    try { sessionStorage.removeItem(place); } catch { /* as above */ }
  });

  // The name in the filter narrows the list at once, unless the server narrowed it by another one.
  const search = document.querySelector("form[data-apply] input[name=q]");
  if (search && !new URLSearchParams(location.search).get("q")) {
    const wereOpen = sections.filter((section) => section.open);
    search.addEventListener("input", () => {
      const typed = spelledOut(search.value);
      for (const each of rows) each.row.hidden = !matches(folded(each.name), typed);
      for (const section of sections) {
        const some = shown(section).length;
        section.hidden = !some;
        section.open = typed.length > 0 && some > 0 || !typed.length && wereOpen.includes(section);
      }
      const none = form.querySelector("[data-tick-none]");
      if (none) none.hidden = shown().length > 0;
      show();
    });
  }
  show();
}
