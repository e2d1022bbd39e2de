// Markdown tables: where each stands, for a page may hold several, of which one is the log. The twin of
// arbook.runs.markdown.
import { isNumber } from "./cells.js";
import { splitLine } from "./tables.js";
import { nameIn } from "./text.js";

/** Tables of so many kinds are looked at. */
export const MOST_TABLES = 20;

const FIELDS = ["field", "key", "property", "parameter", "param", "hyperparameter", "setting", "attribute", "metric",
  "measure", "quantity"];
const VALUES = ["value", "values", "setting", "result"];

/** Whether a table says one value of each field, so is no log. @param {string[]} names */
export function isOfFields(names) {
  return names.length === 2 && FIELDS.includes(nameIn(names[0])) && VALUES.includes(nameIn(names[1]));
}

/**
 * The names of each kind of table, with [first line, line after the last] of the tables that have them. A table is a
 * line of names, a drawn line of as many cells, and what has bars below them.
 * @type {(lines: string[]) => { names: string[], places: [number, number][] }[]}
 */
export function markdownTables(lines) {
  /** @type {Map<string, { names: string[], places: [number, number][] }>} */
  const found = new Map();
  for (let i = 0, end; i < lines.length; i = end) {
    const names = namesAt(lines, i);
    end = i + 1;
    if (!names) continue;
    end++;
    while (end < lines.length && lines[end].includes("|") && !namesAt(lines, end)) end++;
    const key = names.join("\0"), kind = found.get(key) ?? { names, places: [] };
    kind.places.push([i, end]);
    found.set(key, kind);
  }
  return [...found.values()];
}

// The cells of a line, if they are names above a drawn line.
function namesAt(lines, i) {
  const rule = lines[i + 1] ?? "";
  if (!lines[i].includes("|") || !rule.includes("|") || !rule.includes("-") || !/^[|: \t-]+$/.test(rule)) return null;
  const cells = splitLine(lines[i], "|");
  const isHeader = cells.length > 1 && cells.length === splitLine(rule, "|").length && !cells.some(isNumber);
  return isHeader ? cells : null;
}
