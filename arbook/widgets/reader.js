// Reads the log of a run: the twin of arbook.logs.read_log. What stands in reader/ are the twins of the modules of
// arbook.runs, and tests/widgets/test_reader_parity.py holds the two together. What a log says is data: nothing here
// touches the page. Time grows with the bytes and no faster, whatever they are: a regular expression that could try
// again is given no more than a few hundred characters.
import { quantityOf } from "./reader/cells.js";
import {
  boundsOf, checkDirection, checkFirstRow, checkKeeps, directionOfRows, dropContradicted, mergeBaselines, readNumbers,
  restartsOf, settleBest,
} from "./reader/decisions.js";
import { tableOfJson } from "./reader/json_logs.js";
import { isJson } from "./reader/records.js";
import { cellOf } from "./reader/rows.js";
import { RunLog } from "./reader/run.js";
import { decode, LogError, quoted, shortened, splitLines } from "./reader/text.js";
import { tableOfText } from "./reader/text_logs.js";

/**
 * @typedef {import("./reader/rows.js").Wishes} Wishes
 * @typedef {import("./reader/rows.js").Table} Table
 * @typedef {import("./reader/decisions.js").Say} Say
 */

/**
 * The run in a log's bytes. Throws LogError where the bytes are no log.
 * @type {(bytes: Uint8Array, wishes?: Wishes) => RunLog}
 */
export function readLog(bytes, wishes = {}) {
  const steps = stepsOfReading(bytes, wishes);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/**
 * The same in steps, of which each yields the part that is read; the last one returns the run.
 * @type {(bytes: Uint8Array, wishes?: Wishes) => Generator<number, RunLog>}
 */
export function* stepsOfReading(bytes, wishes = {}) {
  const { text, odd } = decode(bytes), lines = splitLines(text);
  const issues = odd.map(([line, reason]) => ({ line, reason }));
  /** @type {Say} */
  const say = (line, reason) => { issues.push({ line, reason }); };
  let table;
  try { table = isJson(lines) ? tableOfJson(lines, wishes, say) : yield* tableOfText(lines, wishes, say); }
  catch (error) {
    if (!(error instanceof LogError) || !odd.some(([, reason]) => reason.includes("zero"))) throw error;
    throw new LogError(`${error.message} (with zero bytes: is this a binary file?)`);
  }
  return runOf(table, wishes, issues, say);
}

/** @type {(table: Table, wishes: Wishes, issues: { line: number, reason: string }[], say: Say) => RunLog} */
function runOf(table, wishes, issues, say) {
  const { sheet, columns, name } = table, top = sheet.line, isBest = wishes.decisions === "best";
  for (const said of columns.said) say(top, said);
  let found = selectedRows(table, wishes, say);
  const unit = readNumbers(found, sheet.names[columns.metric], say) || table.unit;
  if (isBackwards(found, sheet)) {
    found.reverse();
    say(top, "the newest row stands first; the rows were read from the last to the first");
  }
  const direction = wishes.direction || table.direction || directionOfRows(found, columns.direction, name, top, say);
  const sign = direction === "min" ? 1 : -1;
  if (!isBest) {
    dropContradicted(found, sign, name, say);
    found = wishes.by ? found : mergeBaselines(found, say);
  }
  const groups = groupsOf(found, sheet, wishes.by ?? null);
  if (isBest) for (const group of groups) settleBest(group, sign);
  const hasDecisions = isBest || columns.status !== null;
  if (!hasDecisions) say(top, noDecisions(sheet, columns));
  for (const group of groups.slice(1)) group[0].starts = true;
  found = groups.flat();
  const restarts = restartsOf(found, sign, say);
  if (hasDecisions) {
    checkDirection(found, restarts, direction, top, say);
    const taken = [columns.metric, columns.status, columns.commit, columns.description];
    checkKeeps(found, restarts, sign, sheet.cells, taken, say);
    checkFirstRow(found, say);
  }
  const value = found.map((row) => row.value), by = wishes.by ? sheet.find(wishes.by, "by") : null;
  return new RunLog({
    value, restarts, direction, unit, metric: name, source: wishes.source ?? "",
    status: found.map((row) => row.status),
    description: found.map((row) => row.description.join("\n")),
    commit: found.map((row) => row.commit),
    memory: found.map((row) => row.memory),
    noise: found.map((row) => row.noise),
    line: found.map((row) => row.line),
    issues: issues.sort((a, b) => a.line - b.line),
    bounds: boundsOf(name, value, unit, direction),
    decisions: isBest ? "best" : hasDecisions ? "logged" : "none",
    columns: sheet.cells,
    metricColumn: sheet.cells[columns.metric],
    statusColumn: columns.status === null ? "" : sheet.cells[columns.status],
    cells: found.map((row) => row.cells),
    group: by === null ? [] : found.map((row) => cellOf(row.cells, by)),
  });
}

function noDecisions(sheet, columns) {
  const states = columns.state === null ? ""
    : `: ${quoted(shortened(sheet.cells[columns.state]))} says only which experiments ran`;
  return `no column holds decisions${states}; decisions='best' takes a row as kept where it is the best so far, `
    + "status_column= names a column, status= says what its words mean";
}

// The rows that are wanted; says how many are not.
function selectedRows({ sheet, found }, wishes, say) {
  for (const [name, value] of Object.entries(wishes.where ?? {})) {
    const column = sheet.find(name, "where"), left = found.filter((row) => cellOf(row.cells, column) === value);
    if (!left.length && found.length) {
      const there = [...new Set(found.map((row) => quoted(shortened(cellOf(row.cells, column)))))];
      throw new LogError(`line ${sheet.line}: expected a row whose ${quoted(name)} is ${quoted(value)} (where=), got `
        + there.slice(0, 5).join(", "));
    }
    if (left.length < found.length) {
      say(sheet.line, `${found.length - left.length} rows whose ${quoted(name)} is not ${quoted(value)} were left out`);
    }
    found = left;
  }
  return found;
}

// The rows that have the same value in a column together, in the order of the first.
function groupsOf(found, sheet, by) {
  if (by === null) return found.length ? [found] : [];
  const column = sheet.find(by, "by"), groups = new Map();
  for (const row of found) {
    const key = cellOf(row.cells, column);
    if (groups.has(key)) groups.get(key).push(row); else groups.set(key, [row]);
  }
  return [...groups.values()];
}

const TIME_NAMES = ["created", "created_at", "start_time", "started_at", "datetime_start", "timestamp", "date",
  "datetime", "time"];
const COUNTER_NAMES = ["number", "trial", "iteration", "iter", "cycle", "round", "run", "experiment", "exp", "step",
  "id"];
const DATE = /^\d{4}-\d\d[0-9T:.,Z+/ -]{3,30}$/;

// Whether times, or numbers of rows, fall from row to row.
function isBackwards(found, sheet) {
  for (const names of [TIME_NAMES, COUNTER_NAMES]) {
    const isTime = names === TIME_NAMES;
    for (const name of names) {
      if (!sheet.names.includes(name)) continue;
      const cells = found.map((row) => cellOf(row.cells, sheet.names.indexOf(name)));
      if (cells.length < (isTime ? 2 : 3) || !cells.every((cell) => cell)) continue;
      const numbers = cells.map(quantityOf).filter((q) => q && !q.unit).map((q) => q?.value ?? NaN);
      const isDates = isTime && cells.every((cell) => DATE.test(cell) && cell.length === cells[0].length);
      if (numbers.length !== cells.length && !isDates) continue;
      const keys = numbers.length === cells.length ? numbers : cells;
      const falls = (i) => (isTime ? keys[i - 1] >= keys[i] : keys[i - 1] > keys[i]);
      return keys.every((_, i) => i === 0 || falls(i)) && cells[0] !== cells[cells.length - 1];
    }
  }
  return false;
}
