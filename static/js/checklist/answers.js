// The places of the checklist: each criterion, and the day of the inspection. What is typed there, and what is known.
"use strict";
portal.answers = (() => {
  const form = document.querySelector("form[data-checklist]");
  if (!form) return null;
  const DAY = "inspected_on";
  const PARTS = ["outcome", "number", "text", "note"];
  //: what an answer has beside these, by the kind of its criterion
  const MORE = { choice: ["option"], ratio: ["of_number"], date: ["day"] };
  const places = new Map();
  const isKey = (value) => /^\d+$/.test(value);

  class Place {
    constructor(node, code) {
      this.node = node;
      this.code = code;
      this.isDay = code === DAY;
      this.kind = node.dataset.kind ?? "";
      this.seen = this.isDay ? form.elements.shown_on : form.elements[`${code}-seen`];
      this.base = this.isDay ? 0 : Number(this.seen.value.split(":")[0]) || 0;
      // What the portal has, as far as this device knows; undo and the queue compare with it. The attributes of the
      // page are read, because a browser that restores a page fills in what was typed, not what was saved.
      this.known = this.isDay ? { [DAY]: form.elements[DAY].defaultValue } : this.read(true);
      // What the fields said when they last agreed with the queue or the portal: what differs was changed in this tab.
      this.agreed = { ...this.known };
      this.state = "";
      // The id of what waits for this place in the queue.
      this.waits = "";
      // Who answered last and when, in the words of the page; shown until there is something newer.
      this.served = node.querySelector("[data-state]")?.textContent ?? "";
    }

    get label() {
      if (this.isDay) return this.node.querySelector("label")?.textContent.trim() ?? "";
      return this.node.querySelector("legend").textContent.replace(/\s+/g, " ").trim();
    }

    get number() {
      return this.node.querySelector("legend b")?.textContent.trim() ?? "";
    }

    inputs(part) {
      if (this.isDay) return part === DAY ? [form.elements[DAY]] : [];
      // Options and "not applicable" exclude each other: they are buttons of one group.
      if (part === "option") return this.inputs("outcome").filter((input) => isKey(input.value));
      return [...this.node.querySelectorAll(`[name="${CSS.escape(`${this.code}-${part}`)}"]`)];
    }

    get parts() {
      return this.isDay ? [DAY] : [...PARTS, ...(MORE[this.kind] ?? [])];
    }

    read(asServed = false) {
      const values = {};
      for (const part of this.parts) {
        const inputs = this.inputs(part);
        const chosen = () => inputs.find((input) => (asServed ? input.defaultChecked : input.checked))?.value ?? "";
        if (part === "outcome") values[part] = isKey(chosen()) ? "" : chosen();
        else if (part === "option") values[part] = chosen();
        else values[part] = (asServed ? inputs[0]?.defaultValue : inputs[0]?.value) ?? "";
      }
      return values;
    }

    // Puts values into the fields, whatever they have.
    write(values) {
      for (const part of this.parts) if (values[part] !== undefined) this.put(part, values[part]);
      form.dispatchEvent(new CustomEvent("answers"));
    }

    put(part, value) {
      if (part === "option" && value === "") {
        // Whatever took the place of an option is chosen already.
        if (this.read().option) this.put("outcome", "");
        return;
      }
      for (const input of this.inputs(part)) {
        if (input.type === "radio") input.checked = input.value === value;
        else if (input.value !== value) input.value = value;
      }
      const note = part === "note" && value ? this.node.querySelector("details.note") : null;
      if (note) note.open = true;
    }

    // The parts that were changed in this tab since it last agreed.
    get changes() {
      const values = this.read();
      return Object.fromEntries(this.parts.filter((part) => values[part] !== (this.agreed[part] ?? "")).map((part) => [part, values[part]]));
    }

    // Agrees with what the queue or the portal has: parts that were not changed here follow, never under the typing hand.
    follow(values) {
      const { changes } = this;
      for (const part of this.parts) {
        const value = values[part];
        if (value === undefined) continue;
        const differs = this.read()[part] !== value;
        if (differs && !(part in changes)) {
          if (this.inputs(part).some((input) => input === document.activeElement && input.type !== "radio")) continue;
          this.put(part, value);
          if (this.settled) this.settled = { ...this.settled, [part]: value };
        }
        this.agreed[part] = value;
      }
      form.dispatchEvent(new CustomEvent("answers"));
    }

    // A part of the place by its attribute; made where the page has none, above the state.
    box(selector) {
      let box = this.node.querySelector(`[${selector}]`);
      if (!box) {
        box = portal.element(selector === "data-state" ? "p" : "div", { [selector]: true, class: selector.replace("data-", "") });
        this.node.insertBefore(box, this.node.querySelector(":scope > [data-state]"));
      }
      return box;
    }
  }

  for (const node of form.querySelectorAll("[data-criterion]")) places.set(node.id, new Place(node, node.id));
  const day = form.elements[DAY]?.closest(".inspected-on") ?? form.elements[DAY]?.parentElement;
  if (day) places.set(DAY, new Place(day, DAY));

  function placeOf(node) {
    const criterion = node.closest("[data-criterion]");
    if (criterion) return places.get(criterion.id);
    return day?.contains(node) ? places.get(DAY) : undefined;
  }

  const same = (one, other) => Object.keys(one).every((part) => one[part] === (other[part] ?? ""));
  const isTyping = (node) => node.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  return { form, places, placeOf, same, isTyping, DAY };
})();
