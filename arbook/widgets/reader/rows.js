// The rows of a log, and what its reader wants of them. The twin of arbook.runs.rows.
import { memoryIn } from "./columns.js";
import { quoted, shortened } from "./text.js";
import { statusOf } from "./words.js";

const SAMPLE = 2000; // rows that the columns are told by, spread over the log
const SAMPLE_CELLS = 60_000; // of them: of a wide table fewer rows are looked at

/** How far apart the rows of the sample stand. @type {(rows: number, width: number) => number} */
export const strideOf = (rows, width) =>
  1 + Math.floor(rows / Math.max(1, Math.min(SAMPLE, Math.floor(SAMPLE_CELLS / width))));

/**
 * What the reader of a log wants read, and how.
 * @typedef {{ source?: string, metric?: string | null, direction?: string | null, statusColumn?: string | null,
 *   status?: Record<string, string>, decisions?: string | null, by?: string | null,
 *   where?: Record<string, string> }} Wishes
 * @typedef {{ sheet: import("./columns.js").Sheet, columns: import("./columns.js").Columns,
 *   found: import("./decisions.js").Row[], name: string, unit: string, direction: string | null }} Table
 */

/** @type {(cells: string[], column: number | null) => string} */
export const cellOf = (cells, column) => (column === null ? "" : cells[column] ?? "");

export const wordsOf = (wishes) => Object.keys(wishes.status ?? {}).map((word) => word.toLowerCase());
const AGENT_NAMES = ["agent", "agent_id", "worker", "researcher", "machine", "gpu", "host", "model"];

/** The column that names who experimented, where there are several, or null. */
export function agentColumn(sheet) {
  const column = sheet.first(AGENT_NAMES);
  if (column === null) return null;
  return new Set(sheet.column(column).filter((cell) => cell)).size < 2 ? null : column;
}

/** The row that cells are. */
export function rowOf(sheet, columns, line, cells, agent, wishes, say) {
  const word = cellOf(cells, columns.status), isBest = wishes.decisions === "best";
  const meanings = new Map(Object.entries(wishes.status ?? {}).map(([key, kind]) => [key.toLowerCase(), kind]));
  let status = meanings.get(word.toLowerCase()) ?? columns.statusIn(cells);
  const state = columns.state === null ? "other" : statusOf(cellOf(cells, columns.state));
  const isFailed = status === "other" && statusOf(cellOf(cells, columns.metric)) === "crash";
  if (state === "crash" || isFailed) status = "crash";
  else if (state === "discard" && columns.status === null) status = isBest ? "out" : "discard";
  else if (status === "other" && columns.status !== null && !isBest) {
    say(line, `the status ${quoted(shortened(word))} is not known; taken as 'other' (status= maps it)`);
  }
  if (isBest && status !== "crash" && status !== "out") status = "other";
  return {
    line, cells, word, status,
    metric: cellOf(cells, columns.metric),
    description: [cellOf(cells, columns.description)],
    commit: cellOf(cells, columns.commit),
    agent: cellOf(cells, agent),
    memory: columns.memory === null ? NaN : memoryIn(cellOf(cells, columns.memory), sheet.names[columns.memory]),
    value: NaN, noise: NaN, starts: false,
  };
}
