// A column copied from Excel: what it would change is shown first, and nothing is changed before "apply".
"use strict";
(() => {
  const { form, places } = portal.answers ?? {};
  const dialog = document.querySelector("[data-paste]");
  if (!form || !dialog) return;
  const { word, element } = portal;
  const field = dialog.querySelector("textarea");
  const apply = dialog.querySelector("[data-paste-apply]");
  const summary = dialog.querySelector("[data-paste-summary]");
  const table = dialog.querySelector("tbody");
  // Letters as archiveportal/letters.py takes them, as far as an answer has any; marks, case and signs at the ends do not matter.
  const LOOK_ALIKES = { а: "a", с: "c", е: "e", о: "o", р: "p", х: "x", у: "y", к: "k", т: "t", ο: "o", κ: "k", ð: "d", đ: "d", ɖ: "d", "×": "x" };
  const UNSEEN = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f|\p{Variation_Selector}/gu;
  const seen = (text) => text.replace(UNSEEN, "").replace(/\s+/g, " ").trim().normalize("NFC");
  function plain(text) {
    const letters = seen(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^ -~]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
    const bare = letters.replace(/\s+/g, " ").replace(/^["'“”‘’(\s]+|["'“”‘’.,;:!)\s]+$/g, "").replace(/^[\u2010-\u2015\u2212]$/, "-");
    return bare ? bare.replace(/^\+?0*([01])(?:[.,]0*)?(?: ?d(?:iem)?)?$/, "$1") : letters;
  }

  // What people type for an answer: its word, a mark of the summary table, an abbreviation, a tick.
  const codes = new Map([["✓", "met"], ["✔", "met"], ["☑", "met"], ["✅", "met"], ["√", "met"]]);
  for (const code of Object.keys(portal.outcomes)) {
    const { word: written, typed } = portal.kind(code);
    for (const text of [written, ...typed]) codes.set(plain(text), code);
  }
  // Signs that offices use for yes, for no and for neither: what they mean here is asked, once for each sign.
  const UNCLEAR = ["x", "v", "✗", "✘", "✕", "✖", "❌", "☒", "+", "●", "○", "/"];
  let meanings = {};
  let empties = false;
  const questions = element("div", { class: "paste-questions" });
  summary.before(questions);
  let answers = [];

  // Excel puts a cell with a line break or a quotation mark between quotation marks and doubles those inside.
  function cells(text) {
    const rows = [[""]];
    let quoted = false;
    const source = text.replace(/\r\n?/g, "\n");
    for (let at = 0; at < source.length; at += 1) {
      const letter = source[at];
      const row = rows[rows.length - 1];
      if (quoted && letter === '"' && source[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
      else if (quoted && letter === '"') quoted = false;
      else if (!quoted && letter === '"' && row[row.length - 1] === "") quoted = true;
      else if (!quoted && letter === "\t") row.push("");
      else if (!quoted && letter === "\n") rows.push([""]);
      else row[row.length - 1] += letter;
    }
    return rows;
  }

  const isBlank = (row) => row.every((cell) => cell.trim() === "");

  // The rows, one for each criterion. Excel ends what it copies with a line break; a row copied across is turned.
  function column(text) {
    let rows = cells(text);
    if (isBlank(rows[rows.length - 1])) rows.pop();
    if (rows.length === 1 && rows[0].length >= asked().length) rows = rows[0].map((cell) => [cell]);
    while (rows.length > everything().length && isBlank(rows[rows.length - 1])) rows.pop();
    return rows;
  }

  const everything = () => [...places.values()].filter((place) => !place.isDay);
  const asked = () => everything().filter((place) => place.kind || place.inputs("outcome").length);

  const isUnclear = (key) => UNCLEAR.includes(key) && !codes.has(key);

  // The code of what is typed for an answer; undefined for no answer, null for a sign whose meaning is asked.
  function codeOf(key, choices) {
    const code = isUnclear(key) ? meanings[key] ?? null : codes.get(key);
    return code === null || choices.includes(code) ? code : undefined;
  }

  // Options by the position of what is typed among them: their words, or their points where no two have the same.
  function optionOf(place, first) {
    const options = place.inputs("option").map((input) => ({ value: input.value, text: plain(portal.kinds.textOf(input)) }));
    const byWords = options.filter(({ text }) => text === plain(first));
    const points = portal.kinds.read(first);
    const byPoints = portal.kinds.steps(place.node).filter(([, each]) => each === points);
    if (byWords.length === 1) return byWords[0].value;
    return byPoints.length === 1 ? String(byPoints[0][0]) : null;
  }

  // What is typed for a criterion that is more than met or not: the parts of its answer, or null.
  const PARTS_OF = {
    choice: (place, first) => { const option = optionOf(place, first); return option && { option }; },
    part: (_place, first) => portal.kinds.read(first) !== null && { number: first },
    measure: (_place, first) => portal.kinds.read(first) !== null && { number: first },
    ratio(_place, first) {
      const [number, whole, more] = first.split("/").map((each) => each.trim());
      return more === undefined && portal.kinds.read(number) !== null && portal.kinds.read(whole ?? "") && { number, of_number: whole };
    },
    date: (_place, first) => { const day = portal.days.written(first); return day && { day }; },
  };

  // Puts what is typed into the values; false where it is no answer. "1" is a number or points here, not "met".
  function fill({ place, values }, first, choices) {
    const none = place.kind === "choice" ? { outcome: "", option: "" } : { outcome: "" };
    const given = first && PARTS_OF[place.kind](place, first);
    if (given) Object.assign(values, none, given);
    if (given) return true;
    const code = codes.get(plain(first));
    if (code && choices.includes(code)) Object.assign(values, none, { outcome: code });
    return code === "" || choices.includes(code);
  }

  const nameOf = (kind) => `paste${kind[0].toUpperCase()}${kind.slice(1)}`;

  function read(text) {
    if (text.trim() === "") return { found: [] };
    const rows = column(text);
    const fitting = [everything(), asked()].find((each) => each.length === rows.length);
    if (!fitting) return { fault: word("pasteRows", { rows: rows.length, criteria: asked().length }) };
    const found = [];
    for (const [index, place] of fitting.entries()) {
      const [first, second = ""] = rows[index].map(seen);
      const choices = place.inputs("outcome").map((input) => input.value);
      const values = place.read();
      const answer = { place, values, first, second };
      if (place.kind) {
        if (!fill(answer, first, choices)) return { fault: word(nameOf(place.kind), { row: index + 1, text: first.slice(0, 40) }) };
      } else if (choices.length) {
        const key = plain(first);
        const code = codeOf(key, choices);
        if (code === undefined) return { fault: word("pasteUnknown", { row: index + 1, text: first.slice(0, 40) }) };
        answer.sign = isUnclear(key) ? key : "";
        answer.isAsked = code === null;
        answer.isEmptied = code === "" && values.outcome !== "";
        // A paste empties no answer unasked.
        if (code !== null && (!answer.isEmptied || empties)) values.outcome = code;
      } else if (first) {
        values[place.inputs("number").length ? "number" : "text"] = first;
      }
      if (second) values.note = second;
      found.push(answer);
    }
    return { found };
  }

  // What has to be said before the column can be applied, with buttons and a box that say it.
  function ask(found) {
    const counts = {};
    for (const { sign } of found) if (sign) counts[sign] = (counts[sign] ?? 0) + 1;
    const lines = Object.entries(counts).map(([sign, count]) => {
      const choices = found.find((answer) => answer.sign === sign).place.inputs("outcome").map((input) => input.value);
      const buttons = choices.map((code) => element("button", {
        class: "button", type: "button", "aria-pressed": String(meanings[sign] === code),
        click: () => { meanings[sign] = code; preview(); questions.querySelector("[aria-pressed=true]")?.focus(); },
      }, portal.outcomeWord(code)));
      return element("p", { class: "paste-question" }, word("pasteAsked", { text: sign, count }), " ", ...buttons);
    });
    const emptied = found.filter(({ isEmptied }) => isEmptied).length;
    if (emptied) {
      const box = element("input", { type: "checkbox", checked: empties });
      box.addEventListener("change", () => { empties = box.checked; preview(); questions.querySelector("input")?.focus(); });
      lines.push(element("p", { class: "paste-question" }, element("label", {}, box, " ", word("pasteEmptied", { count: emptied }))));
    }
    questions.replaceChildren(...lines);
  }

  function preview() {
    const { fault, found } = read(field.value);
    answers = (found ?? []).filter(({ place, values }) => !portal.answers.same(values, place.read()));
    ask(found ?? []);
    apply.disabled = answers.length === 0 || found.some(({ isAsked }) => isAsked);
    table.replaceChildren();
    table.parentElement.hidden = !found?.length;
    summary.classList.toggle("error", Boolean(fault));
    if (fault || !found.length) {
      summary.textContent = fault ?? "";
      return;
    }
    const counted = (outcome) => found.filter(({ place, values }) => place.inputs("outcome").length && values.outcome === outcome).length;
    const answered = Object.keys(portal.outcomes).filter((code) => code !== "");
    const sum = (kinds) => kinds.reduce((total, code) => total + counted(code), 0);
    const given = found.filter(({ place, values }) => values.outcome || (place.kind && (values.option || values.number || values.day)));
    summary.textContent = "inPoints" in form.dataset ? word("pasteGiven", {
      count: given.length, left: asked().length - given.length, notes: found.filter(({ second }) => second).length, changed: answers.length,
    }) : word("pasteFound", {
      count: sum(answered), met: sum(answered.filter((code) => portal.kind(code).earns)), notMet: sum(answered.filter(portal.isFailure)),
      open: counted(""), notes: found.filter(({ second }) => second).length, changed: answers.length,
    });
    for (const { place, values, first, second, sign, isAsked } of found) {
      const outcome = place.kind ? first || portal.outcomeWord(values.outcome) : place.inputs("outcome").length ? (isAsked && sign) || portal.outcomeWord(values.outcome) : values.number || values.text;
      const row = element("tr", {}, element("td", {}, place.number), element("td", {}, outcome), element("td", {}, second));
      row.classList.toggle("changes", answers.some((answer) => answer.place === place));
      table.append(row);
    }
  }

  document.querySelector("[data-paste-open]").addEventListener("click", () => {
    field.value = "";
    meanings = {};
    empties = false;
    preview();
    portal.openDialog(dialog);
    field.focus();
  });
  field.addEventListener("input", preview);
  apply.addEventListener("click", () => {
    const before = portal.autosave.give(answers.map(({ place, values }) => [place.code, values]));
    form.dispatchEvent(new CustomEvent("step", { detail: before }));
    portal.closeDialog(dialog);
  });
  dialog.querySelector("[data-paste-close]").addEventListener("click", () => portal.closeDialog(dialog));
})();
