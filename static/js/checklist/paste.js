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
  // What people type for an answer, in small letters: its word, a mark of the summary table, an abbreviation.
  const codes = new Map();
  for (const code of Object.keys(portal.outcomes)) {
    const { word: written, typed } = portal.kind(code);
    for (const text of [written.toLowerCase(), ...typed]) codes.set(text, code);
  }
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
  const asked = () => everything().filter((place) => place.inputs("outcome").length);

  function read(text) {
    if (text.trim() === "") return { fault: word("pasteNone") };
    const rows = column(text);
    const fitting = [everything(), asked()].find((each) => each.length === rows.length);
    if (!fitting) return { fault: word("pasteRows", { rows: rows.length, criteria: asked().length }) };
    const found = [];
    for (const [index, place] of fitting.entries()) {
      const [first, second = ""] = rows[index].map((cell) => cell.trim().normalize("NFC"));
      const values = place.read();
      const choices = place.inputs("outcome").map((input) => input.value);
      if (choices.length) {
        const meaning = codes.get(first.toLowerCase());
        if (meaning === undefined || !choices.includes(meaning)) return { fault: word("pasteUnknown", { row: index + 1, text: first.slice(0, 40) }) };
        values.outcome = meaning;
      } else if (first) {
        values[place.inputs("number").length ? "number" : "text"] = first;
      }
      if (second) values.note = second;
      found.push({ place, values, second });
    }
    return { found };
  }

  function preview() {
    const { fault, found } = read(field.value);
    answers = (found ?? []).filter(({ place, values }) => !portal.answers.same(values, place.read()));
    apply.disabled = answers.length === 0;
    table.replaceChildren();
    table.parentElement.hidden = !found;
    summary.classList.toggle("error", Boolean(fault));
    if (fault) {
      summary.textContent = fault;
      return;
    }
    const counted = (outcome) => found.filter(({ place, values }) => place.inputs("outcome").length && values.outcome === outcome).length;
    const answered = Object.keys(portal.outcomes).filter((code) => code !== "");
    const sum = (kinds) => kinds.reduce((total, code) => total + counted(code), 0);
    summary.textContent = word("pasteFound", {
      count: sum(answered), met: sum(answered.filter((code) => portal.kind(code).earns)), notMet: sum(answered.filter(portal.isFailure)),
      open: counted(""), notes: found.filter(({ second }) => second).length, changed: answers.length,
    });
    for (const { place, values, second } of found) {
      const outcome = place.inputs("outcome").length ? portal.outcomeWord(values.outcome) : values.number || values.text;
      const row = element("tr", {}, element("td", {}, place.number), element("td", {}, outcome), element("td", {}, second));
      row.classList.toggle("changes", answers.some((answer) => answer.place === place));
      table.append(row);
    }
  }

  document.querySelector("[data-paste-open]").addEventListener("click", () => {
    field.value = "";
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
