// Reads the log of a run: the twin of arbook.logs.read_log. What stands in reader/ are the twins of the modules of
// arbook.runs, and tests/widgets/test_reader_parity.py holds the two together. What a log says is data: nothing here
// touches the page. Time grows with the bytes and no faster, whatever they are: a regular expression that could try
// again is given no more than a few hundred characters.
import { quantityOf } from "./reader/cells.js";
import { chooseMetric, chooseStatus, isStatusName, memoryIn, Sheet } from "./reader/columns.js";
import {
  boundsOf, checkDirection, checkFirstRow, checkKeeps, directionOfRows, dropContradicted, mergeBaselines, readNumbers,
  restartsOf, settleBest,
} from "./reader/decisions.js";
import { DIRECTION_NAMES, isJson, METRIC_NAMES, readJson, settingOf, UNIT_NAMES } from "./reader/records.js";
import { RunLog } from "./reader/run.js";
import { headlessTable, isRule, namedHeaders, rowsOf } from "./reader/tables.js";
import { decode, LogError, nameOf, quoted, shortened, splitLines, strip } from "./reader/text.js";
import { directionOf, directionSaid, statusOf } from "./reader/words.js";

const SAMPLE = 2000;
const TRIED = 6;
const ROWS_A_STEP = 500;

/**
 * What the reader of a log wants read, and how.
 * @typedef {{ source?: string, metric?: string | null, direction?: string | null, statusColumn?: string | null,
 *   status?: Record<string, string>, decisions?: string | null, by?: string | null,
 *   where?: Record<string, string> }} Wishes
 * @typedef {{ sheet: Sheet, columns: import("./reader/columns.js").Columns,
 *   found: import("./reader/decisions.js").Row[], name: string, unit: string, direction: string | null }} Table
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

/** @type {(cells: string[], column: number | null) => string} */
const cellOf = (cells, column) => (column === null ? "" : cells[column] ?? "");

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

// ---------------------------------------------------------------- JSON

/** @type {(lines: string[], wishes: Wishes, say: Say) => Table} */
function tableOfJson(lines, wishes, say) {
  const records = readJson(lines);
  for (const [line, reason] of records.issues) say(line, reason);
  const { kept, config } = ofOneMetric(records, wishes, say);
  const names = records.columns.length ? records.columns : ["metric", "status"];
  const rows = kept.map(({ line, values }) => ({ line, cells: names.map((name) => strip(values.get(name) ?? "")) }));
  const line = config ? config.line : rows.length ? rows[0].line : 1, stride = 1 + Math.floor(rows.length / SAMPLE);
  const sample = rows.filter((_, i) => i % stride === 0).map(({ cells }) => cells);
  const sheet = new Sheet(names, sample, line);
  const columns = chooseStatus(sheet, wishes.statusColumn ?? null, wordsOf(wishes));
  const settings = config ? config.settings : new Map(), named = settingOf(settings, METRIC_NAMES);
  let wanted = wishes.metric ?? null, name = wanted;
  if (wanted === null || nameOf(wanted) === nameOf(named)) {
    if (sheet.names.includes("metric") && named) {
      wanted = names[sheet.names.indexOf("metric")];
      name = named;
    } else if (named && names.some((c, i) => nameOf(named) === sheet.names[i] || nameOf(named) === nameOf(c))) {
      wanted = name = named;
    }
  }
  chooseMetric(sheet, columns, wanted);
  if (name === null) name = sheet.cells[columns.metric];
  const isPrimary = Boolean(named) && nameOf(name) === nameOf(named);
  const said = isPrimary ? settingOf(settings, DIRECTION_NAMES).toLowerCase() : "";
  columns.direction = directionOf(name);
  const agent = agentColumn(sheet), found = [];
  for (const [i, { line: at, cells }] of rows.entries()) {
    const isSilent = !cellOf(cells, columns.status) && statusOf(cellOf(cells, columns.state)) === "other";
    if (columns.statusIn(cells) === "other" && !cells[columns.metric] && isSilent) {
      say(at, "neither a metric nor a decision; not used");
      continue;
    }
    const row = rowOf(sheet, columns, at, cells, agent, wishes, say);
    row.starts = kept[i].starts && found.length > 0;
    found.push(row);
  }
  const up = ["higher", "max", "maximize", "maximise", "up"], down = ["lower", "min", "minimize", "minimise", "down"];
  return {
    sheet, columns, found, name, unit: isPrimary ? settingOf(settings, UNIT_NAMES) : "",
    direction: up.includes(said) ? "max" : down.includes(said) ? "min" : null,
  };
}

// The rows of the metric that is wanted, or that most have, with their settings.
function ofOneMetric({ rows, configs }, wishes, say) {
  const parts = [], edges = [0, ...configs.map(({ at }) => at), rows.length], before = rows.slice(0, edges[1]);
  if (before.length || !configs.length) {
    parts.push({ line: before.length ? before[0].line : 1, settings: new Map(), part: before });
  }
  parts.push(...configs.map(({ at, line, settings }, k) => ({ line, settings, part: rows.slice(at, edges[k + 2]) })));
  const names = parts.map(({ settings }) => settingOf(settings, METRIC_NAMES));
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const [k, name] of names.entries()) sizes.set(name, (sizes.get(name) ?? 0) + parts[k].part.length);
  let chosen = "", most = -1;
  for (const [name, size] of sizes) if (size >= most) { chosen = name; most = size; }
  if (wishes.metric) chosen = [...sizes.keys()].find((n) => n && nameOf(n) === nameOf(wishes.metric ?? "")) ?? chosen;
  const kept = [];
  /** @type {{ line: number, settings: Map<string, string> } | null} */
  let config = null;
  for (const [k, { line, settings, part }] of parts.entries()) {
    const name = names[k];
    if (name === chosen || !name) {
      if (settings.size) config ??= { line, settings };
      let segment = null;
      part.forEach(({ line: at, values }, i) => {
        const own = values.get("segment") ?? "";
        const starts = configs.length ? i === 0 : segment !== null && own !== segment;
        segment = own;
        kept.push({ line: at, values, starts });
      });
    } else if (part.length) {
      say(line, `another metric, ${quoted(name)}, from here on: its ${part.length} rows were left out `
        + "(metric= names it)");
    }
  }
  return { kept, config };
}

// ---------------------------------------------------------------- tables

const wordsOf = (wishes) => Object.keys(wishes.status ?? {}).map((word) => word.toLowerCase());
const AGENT_NAMES = ["agent", "agent_id", "worker", "researcher", "machine", "gpu", "host", "model"];

// The column that names who experimented, where there are several, or null.
function agentColumn(sheet) {
  const column = sheet.first(AGENT_NAMES);
  if (column === null) return null;
  return new Set(sheet.column(column).filter((cell) => cell)).size < 2 ? null : column;
}

// The row that cells are.
function rowOf(sheet, columns, line, cells, agent, wishes, say) {
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

/** @type {(lines: string[], wishes: Wishes, say: Say) => Generator<number, Table>} */
function* tableOfText(lines, wishes, say) {
  /** @type {LogError | undefined} */
  let refused;
  const tried = new Set();
  for (const header of namedHeaders(lines, isStatusName)) {
    const key = `${header.top} ${header.shape.between}`;
    if (tried.has(key)) continue;
    tried.add(key);
    let sheet;
    try { sheet = chosenSheet(header, lines, wishes); } catch (error) {
      if (!(error instanceof LogError)) throw error;
      refused ??= error;
    }
    if (sheet) return yield* tableBelow(header, sheet, lines, wishes, say);
    if (tried.size === TRIED) break;
  }
  const headless = refused ? null : headlessTable(lines);
  if (headless) {
    const table = yield* tableBelow(headless, chosenSheet(headless, lines, wishes), lines, wishes, say);
    const name = quoted(table.sheet.cells[table.columns.metric]);
    say(headless.top + 2, `no line of names; ${name} was taken as the metric (metric= names another one)`);
    return table;
  }
  if (refused) throw refused;
  const first = lines.findIndex((line) => strip(line));
  throw new LogError(`line ${Math.max(first, 0) + 1}: expected a header with the columns commit, val_bpb, ..., status, `
    + `separated by tabs; got ${first < 0 ? "nothing" : quoted(shortened(lines[first]))}`);
}

// The names below which a table stands, and which column is which.
function chosenSheet(header, lines, wishes) {
  const { top, shape } = header, stride = 1 + Math.floor((lines.length - top - 1) / SAMPLE), sample = [];
  for (let i = top + 1; i < lines.length; i += stride) {
    if (!strip(lines[i])) continue;
    const cells = shape.split(lines[i]).cells.map(strip);
    if (cells.length > 1 && !sameCells(cells, header.cells) && !/^(#|\/\/|---)/.test(cells[0])) sample.push(cells);
  }
  const sheet = new Sheet(header.cells, sample, Math.max(top, 0) + 1);
  const columns = chooseStatus(sheet, wishes.statusColumn ?? null, wordsOf(wishes));
  chooseMetric(sheet, columns, wishes.metric ?? null);
  return { sheet, columns };
}

const sameCells = (a, b) => a.length === b.length && a.every((cell, i) => cell === b[i]);

// The table below a header.
function* tableBelow(header, { sheet, columns }, lines, wishes, say) {
  const before = lines.slice(0, Math.max(header.top, 0)).map((text, i) => ({ line: i + 1, text }));
  const notes = before.filter(({ text }) => strip(text));
  const states = ({ text }) => !wishes.direction && directionSaid(text) !== null;
  let note = notes.find(states);
  for (const { line } of notes) if (line !== note?.line) say(line, "stands before the header; not used");
  const name = header.cells[columns.metric], comments = [];
  const found = yield* readRows(header, sheet, columns, lines, wishes, say, comments);
  note ??= comments.find(states);
  const said = note ? directionSaid(note.text) : null;
  if (note) {
    const better = said === "min" ? "lower" : "higher";
    say(note.line, `a comment says that ${better} is better; so it was taken (see direction=)`);
  }
  return { sheet, columns, found, name, unit: "", direction: said ?? directionSaid(name) };
}

// The rows; yields the part of the lines that is read.
function* readRows(header, sheet, columns, lines, wishes, say, comments) {
  const found = [], agent = agentColumn(sheet), { between } = header.shape;
  const isDrawn = ["|", " ", "  "].includes(between), enough = columns.status ?? columns.metric;
  const isRow = (cells) => {
    if (columns.status !== null && columns.statusIn(cells.map(strip)) !== "other") return true;
    return cells.length > 1 && quantityOf(strip(cellOf(cells, columns.metric))) !== null;
  };
  let step = 0;
  for (const [i, stop, raw] of rowsOf(lines, header.top + 1, header.shape, isRow)) {
    if (++step % ROWS_A_STEP === 0) yield i / lines.length;
    const line = lines[i], cells = raw.map(strip);
    if (!cells.some((cell) => cell) || (isDrawn && isRule(line))) continue;
    if (sameCells(cells, header.cells)) say(i + 1, "the header again; not used");
    else if (/^(#|\/\/)/.test(line) && !isRow(raw)) {
      say(i + 1, "a comment; not used");
      comments.push({ line: i + 1, text: line });
    } else if (between === "|" && cells.length < 2) say(i + 1, "no row of the table; not used");
    else if (cells.length > enough || isRow(cells)) {
      const fit = fittedCells(header, columns, i + 1, raw, cells, say);
      found.push(rowOf(sheet, columns, i + 1, fit, agent, wishes, say));
    } else {
      const last = found[found.length - 1];
      if (last) last.description.push(...lines.slice(i, stop));
      const taken = last ? `taken as more of the description of line ${last.line}` : "not used";
      say(i + 1, `no row, for it ends before the status; ${taken}`);
    }
  }
  return found;
}

// As many cells as there are names; `raw` are the same with the blanks around them.
function fittedCells(header, columns, line, raw, cells, say) {
  const width = header.cells.length, { between } = header.shape;
  while (cells.length > width && !cells[cells.length - 1]) cells.pop();
  if (cells.length <= width) return cells;
  let reason = `${cells.length} cells, where the header has ${width}; `;
  if (columns.description === width - 1 && between !== "|") {
    cells[width - 1] = raw.slice(width - 1, cells.length).join(between);
    reason += "the rest was taken as description";
  } else reason += "the rest was not used";
  say(line, reason);
  return cells;
}
