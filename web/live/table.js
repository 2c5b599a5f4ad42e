// A table whose columns are sorted by their heads and whose rows are filtered by what is typed.

import { element, statusLine } from "./ui.js";

const NUMBER = /^[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?/;
const MANY = 10; // rows, from which on they are filtered
const ORDERS = ["none", "ascending", "descending"];

/** What a cell is sorted by: its first number, infinity, or nothing where it has none. @param {string} text */
function value(text) {
  if (text.startsWith("∞")) return Infinity;
  const found = NUMBER.exec(text);
  return found ? Number(found[0].replaceAll("−", "-")) : undefined;
}

/** @param {HTMLTableRowElement} row @param {number} column */
const cell = (row, column) => (row.cells[column]?.textContent ?? "").trim();

/** @param {HTMLTableElement} table */
function enhance(table) {
  const [body] = table.tBodies;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const rows = [...body.rows]; // in the order in which they came
  const said = statusLine();
  const typed = element("input", { type: "search", spellcheck: "false", autocapitalize: "off" });

  /** @param {number} column @param {string} order */
  function sorted(column, order) {
    if (order === "none") return rows;
    const sign = order === "ascending" ? 1 : -1;
    const numbers = rows.some((row) => value(cell(row, column)) !== undefined);
    const keyed = rows.map((row) => ({ row, text: cell(row, column), number: value(cell(row, column)) }));
    keyed.sort((a, b) => {
      if (!numbers) return sign * a.text.localeCompare(b.text);
      if (a.number === undefined || b.number === undefined) return Number(a.number === undefined) - Number(b.number === undefined);
      return a.number === b.number ? 0 : sign * (a.number < b.number ? -1 : 1);
    });
    return keyed.map(({ row }) => row);
  }

  heads.forEach((head, column) => {
    const name = head.textContent ?? "";
    const press = element("button", { type: "button", class: "table-sort" }, name);
    press.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort") ?? "none";
      const next = ORDERS[(ORDERS.indexOf(now) + 1) % ORDERS.length];
      for (const each of heads) each.removeAttribute("aria-sort");
      if (next !== "none") head.setAttribute("aria-sort", next);
      body.append(...sorted(column, next));
      said.textContent = next === "none" ? "In the order of the page." : `Sorted by ${name}, ${next}.`;
    });
    head.replaceChildren(press);
  });

  typed.addEventListener("input", () => {
    const words = typed.value.toLowerCase().split(/\s+/);
    let left = 0;
    for (const row of rows) {
      const text = [...row.cells].map((each) => each.textContent).join(" ").toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      left += Number(!row.hidden);
    }
    said.textContent = `${left} of ${rows.length} rows.`;
  });

  const label = element("label", { class: "table-filter" }, "Rows with ", typed);
  const tools = element("div", { class: "live table-tools" }, ...(rows.length > MANY ? [label] : []), said);
  (table.parentElement ?? table).before(tools);
}

for (const table of document.querySelectorAll("table.sortable")) enhance(/** @type {HTMLTableElement} */ (table));
