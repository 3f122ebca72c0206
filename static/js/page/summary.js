// The wide table: the column under the pointer is shaded, and arrow keys walk from cell to cell.
"use strict";

for (const hint of document.querySelectorAll("[data-scroll-hint]")) {
  const wrap = hint.nextElementSibling;
  const tell = () => { hint.hidden = wrap.scrollWidth <= wrap.clientWidth; };
  tell();
  addEventListener("resize", tell);
}

for (const table of document.querySelectorAll("table[data-columns]")) {
  const columns = table.querySelectorAll("col");
  let lit = null;
  const light = (column) => {
    if (column === lit) return;
    lit?.classList.remove("lit");
    column?.classList.add("lit");
    lit = column;
  };
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("tbody td, tfoot td");
    light(cell && cell.cellIndex > 2 ? columns[cell.cellIndex] : null);
  });
  table.addEventListener("pointerleave", () => light(null));

  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  table.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const cell = event.target.closest("tbody td, tbody th");
    if (!step || !cell) return;
    const row = step[0] < 0 ? cell.parentElement.previousElementSibling : step[0] ? cell.parentElement.nextElementSibling : cell.parentElement;
    const link = row?.cells[cell.cellIndex + step[1]]?.querySelector("a");
    if (!link) return;
    event.preventDefault();
    link.focus();
  });
}
