// What a reader can choose of their own log where it leaves a choice: which column, which way, whose decisions.
import { CHOOSERS } from "./log_parts.js";

const MOST_WORDS = 4; // unknown words of decisions that are asked for
const MOST_VALUES = 12; // of a column that splits a log

/**
 * One chooser: its words, [value, text] of its choices, the one that holds, and what choosing one asks of the reader.
 * @typedef {{ words: string, choices: string[][], chosen: string,
 *   wish: (value: string) => import("./reader/rows.js").Wishes }} Chooser
 */

/** A choice for each column. @type {(names: string[]) => string[][]} */
export const named = (names) => names.map((name) => [name, name.slice(0, 40) || "(no name)"]);

/** The choosers of a log. @type {(log: any, wishes: import("./reader/rows.js").Wishes) => Chooser[]} */
export function choosersOf(log, wishes) {
  /** @type {Chooser[]} */
  const choosers = [
    {
      words: CHOOSERS.metric, choices: named(log.columns), chosen: log.metricColumn,
      wish: (metric) => ({ metric, direction: null }),
    },
    {
      words: CHOOSERS.direction, choices: [["min", "lower"], ["max", "higher"]], chosen: log.direction,
      wish: (direction) => ({ direction }),
    },
    {
      words: CHOOSERS.decisions, choices: [["logged", "as logged"], ["best", "the best so far"]],
      chosen: log.decisions === "best" ? "best" : "logged", wish: (decisions) => ({ decisions }),
    },
  ];
  const none = ["", "-"];
  if (log.decisions !== "best") {
    choosers.push({
      words: CHOOSERS.status_column, choices: [...(log.statusColumn ? [] : [none]), ...named(log.columns)],
      chosen: log.statusColumn, wish: (statusColumn) => ({ statusColumn }),
    });
  }
  const meanings = wishes.status ?? {};
  for (const word of [...new Set([...Object.keys(meanings), ...unknownWords(log)])].slice(0, MOST_WORDS)) {
    choosers.push({
      words: `“${word.slice(0, 20)}” ${CHOOSERS.status}`, chosen: meanings[word] ?? "other",
      choices: ["keep", "discard", "crash", "other"].map((kind) => [kind, kind]),
      wish: (kind) => ({ status: { ...meanings, [word]: kind } }),
    });
  }
  const splitting = log.columns.filter((name) => name !== log.metricColumn && name !== log.statusColumn
    && (name === wishes.by || valuesOf(log, name).length > 1));
  if (!splitting.length && !Object.keys(wishes.where ?? {}).length) return choosers;
  choosers.push({
    words: CHOOSERS.by, choices: [none, ...named(splitting)], chosen: wishes.by ?? "",
    wish: (by) => ({ by: by || null }),
  });
  const [only] = Object.entries(wishes.where ?? {}), rows = splitting.flatMap((name) => {
    return valuesOf(log, name).map((value) => [JSON.stringify([name, value]), `${name}: ${value}`.slice(0, 40)]);
  });
  const held = only ? JSON.stringify(only) : "";
  const all = only ? [none, [held, `${only[0]}: ${only[1]}`.slice(0, 40)]] : [none, ...rows];
  choosers.push({
    words: CHOOSERS.where, choices: all, chosen: held,
    wish: (value) => ({ where: value ? Object.fromEntries([JSON.parse(value)]) : {} }),
  });
  return choosers;
}

// Words of decisions that the reader does not know, in lower case.
function unknownWords(log) {
  const column = log.columns.indexOf(log.statusColumn), other = log.cells.filter((_, i) => log.status[i] === "other");
  if (column < 0) return [];
  return [...new Set(other.map((cells) => (cells[column] ?? "").toLowerCase()))].filter((word) => word);
}

// The values of a column, if they are so few that rows share them.
function valuesOf(log, name) {
  const column = log.columns.indexOf(name), found = new Set();
  for (const cells of log.cells) {
    if (cells[column]) found.add(cells[column]);
    if (found.size > MOST_VALUES) return [];
  }
  return 2 * found.size <= log.cells.length ? [...found] : [];
}
