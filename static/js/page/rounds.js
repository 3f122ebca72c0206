// Rounds: the code that the year proposes, more rows for people. Every page works without.
"use strict";

// The code follows the year of the first day until somebody types one.
for (const form of document.querySelectorAll("[data-round-form]")) {
  const day = form.elements.starts_on;
  const code = form.querySelector("[data-code]");
  if (!code) continue;
  const taken = new Set(code.dataset.taken.split(" "));
  const proposed = () => {
    const year = day.value.match(/\d{4}/);
    if (!year) return "";
    let number = 1;
    while (taken.has(`kt-${year[0]}-${number}`)) number += 1;
    return `kt-${year[0]}-${number}`;
  };
  let follows = !code.value || code.value === proposed();
  code.addEventListener("input", () => { follows = !code.value; });
  for (const event of ["input", "change"]) {
    day.addEventListener(event, () => { if (follows) code.value = proposed(); });
  }
}

// Another empty row for a person.
for (const form of document.querySelectorAll("[data-team-form]")) {
  const button = form.querySelector("[data-add-row]");
  const MOST = 40;
  button.hidden = false;
  const add = () => {
    const rows = [...form.querySelectorAll("[data-member-row]")];
    if (rows.length >= MOST) return null;
    const last = rows[rows.length - 1];
    const row = last.cloneNode(true);
    const from = `m${rows.length - 1}-`;
    const to = `m${rows.length}-`;
    for (const part of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(from, to));
      }
      if (part.matches("input")) part.value = "";
      if (part.matches("select[name$=-person]")) part.value = "";
    }
    for (const error of row.querySelectorAll(".errors")) error.remove();
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+/, rows.length + 1);
    last.after(row);
    form.elements.rows.value = rows.length + 1;
    return row;
  };
  button.addEventListener("click", () => {
    add()?.querySelector("select").focus();
  });
  // What was typed and not saved comes back with its rows.
  form.addEventListener("lacks", ({ detail }) => {
    let isAdded = /^m\d+-/.test(detail);
    while (isAdded && !form.elements[detail]) isAdded = Boolean(add());
  });
}
