// Fields for days: what is typed is written out as dd/mm/yyyy when the field is left, by the rule of
// archiveportal/days.py; a button opens the browser's own calendar, another one puts the present day in.
"use strict";
portal.days = (() => {
  const { word, element } = portal;
  const BETWEEN = "(?: ?[/.,-] ?| )";
  const YEAR = "(\\d{4}|\\d{2})";
  const DAY_FIRST = [
    `(\\d{1,2})${BETWEEN}(\\d{1,2})${BETWEEN}${YEAR}`,
    `(\\d{2})(\\d{2})${YEAR}`,
    `(\\d{1,2})[ -]?(?:tháng|thg\\.?|th\\.?) ?(\\d{1,2})(?: năm |, ?| |-|/)${YEAR}`,
  ].map((pattern) => new RegExp(`^${pattern}$`));
  const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
  const AROUND = /^(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật),? ?)?(?:ngày )?|[.,;]$/g;
  const two = (number) => String(number).padStart(2, "0");
  const four = (number) => String(number).padStart(4, "0");

  function parts(text) {
    for (const pattern of DAY_FIRST) {
      const [match, day, month, year] = pattern.exec(text) || [];
      if (match) return { day, month, year };
    }
    const [match, year, , month, day] = YEAR_FIRST.exec(text) || [];
    return match ? { day, month, year } : null;
  }

  // "dd/mm/yyyy", blank for what is no day or leaves the century open: the portal says then what is wrong.
  function written(text) {
    const plain = text.normalize("NFKC").replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "").replace(/[\u2010-\u2015\u2212]/g, "-")
      .replace(/[\\\u2044\u2215]/g, "/").toLowerCase().replace(/\s+/g, " ").trim().replace(AROUND, "");
    const found = parts(plain);
    if (!found) return "";
    const isShort = found.year.length === 2;
    const [day, month, year] = [Number(found.day), Number(found.month), Number(found.year) + (isShort ? 2000 : 0)];
    const date = new Date(2000, 0, 1);
    date.setFullYear(year, month - 1, day);
    if (year < 1 || date.getMonth() !== month - 1 || date.getDate() !== day) return "";
    if (isShort && year > new Date().getFullYear() + 1) return "";
    return `${two(day)}/${two(month)}/${four(year)}`;
  }

  const isDay = (node) => node instanceof HTMLInputElement && "day" in node.dataset;

  // Before the scripts that save what the field has.
  document.addEventListener("change", ({ target }) => {
    if (isDay(target)) target.value = written(target.value) || target.value;
  }, true);

  // As if it had been typed and left: drafts and answers are kept on these.
  function put(field, text) {
    field.value = text;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function today() {
    const now = new Date();
    return `${two(now.getDate())}/${two(now.getMonth() + 1)}/${now.getFullYear()}`;
  }

  // The browser's field for days lies over the button and is not seen: older browsers open their calendar by no other way.
  function calendar(field) {
    const picker = element("input", { type: "date", "aria-label": `${word("pickDay")}: ${labelOf(field)}` });
    const show = () => {
      const [day, month, year] = written(field.value).split("/");
      picker.value = year ? `${year}-${month}-${day}` : "";
    };
    picker.addEventListener("focus", show);
    picker.addEventListener("click", () => {
      show();
      try { picker.showPicker?.(); } catch { /* It is open already. */ }
    });
    for (const type of ["input", "change"]) picker.addEventListener(type, (event) => event.stopPropagation());
    picker.addEventListener("change", () => { if (picker.value) put(field, written(picker.value)); });
    return element("span", { class: "button day-pick" }, picker);
  }

  const labelOf = (field) => field.labels?.[0]?.firstChild?.textContent.trim() ?? "";

  function help(field) {
    if (field.disabled || field.readOnly) return;
    const box = element("span", { class: "day" });
    field.before(box);
    const now = element("button", { type: "button", class: "button", click: () => put(field, today()) }, word("today"));
    now.setAttribute("aria-label", `${word("today")}: ${labelOf(field)}`);
    box.append(field, calendar(field), now);
  }

  for (const field of document.querySelectorAll("input[data-day]")) help(field);
  return { written };
})();
