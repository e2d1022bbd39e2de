// The table of a log in lines of text: its header, its rows, and what is neither. The twin of arbook.runs.text_logs.
import { quantityOf } from "./cells.js";
import { chooseMetric, chooseStatus, isEmpty, isStatusName, Sheet } from "./columns.js";
import { isBaseline } from "./decisions.js";
import { isOfFields, MOST_TABLES, markdownTables } from "./markdown.js";
import { agentColumn, cellOf, rowOf, strideOf, wordsOf } from "./rows.js";
import { Header, headlessTable, isRule, namedHeaders, rowsOf, Shape } from "./tables.js";
import { LogError, quoted, shortened, strip } from "./text.js";
import { directionSaid } from "./words.js";

const TRIED = 6;
const CELLS_A_TABLE = 3000; // by which a Markdown table is told from the others
const ROWS_A_STEP = 500;

/**
 * @typedef {import("./rows.js").Wishes} Wishes
 * @typedef {import("./rows.js").Table} Table
 * @typedef {import("./decisions.js").Say} Say
 */

/**
 * The table in the lines of a text; tables of fields and their values are none.
 * @type {(lines: string[], wishes: Wishes, say: Say) => Generator<number, Table>}
 */
export function* tableOfText(lines, wishes, say) {
  const left = [...lines], fields = [];
  for (const { names, places } of markdownTables(lines)) {
    for (const [start, end] of isOfFields(names) ? places : []) {
      for (let i = start; i < end; i++) {
        left[i] = "";
        if (!strip(lines[i])) continue;
        fields.push(i);
        say(i + 1, "in a table of fields and their values; not used");
      }
    }
  }
  try { return yield* tableOf(left, wishes, say); } catch (error) {
    if (!(error instanceof LogError) || !fields.length) throw error;
    throw new LogError(`line ${fields[0] + 1}: expected a table with a row for each experiment, got one with `
      + "a row for each field");
  }
}

/** @type {(lines: string[], wishes: Wishes, say: Say) => Generator<number, Table>} */
function* tableOf(lines, wishes, say) {
  const one = oneOfSeveral(lines, wishes, say);
  if (one) return yield* tableBelow(one.header, chosenSheet(one.header, one.left, wishes), one.left, wishes, say);
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
    + `separated by tabs; got ${first < 0 ? "nothing" : quoted(shortened(lines[first]))}`
    + (lines.some((line) => line.startsWith("## "))
      ? " (of a page in Markdown tables are read, with a row for each experiment)" : ""));
}

// The header of the log among Markdown tables, and the lines without the other tables. The log has the most decisions
// near its top, or else the most rows; null if there are no two kinds of tables.
function oneOfSeveral(lines, wishes, say) {
  const tables = markdownTables(lines);
  if (tables.length < 2) return null;
  /** @type {(typeof tables)[number] | null} */
  let best = null;
  let decisions = -1, rows = -1;
  for (const table of tables.slice(0, MOST_TABLES)) {
    const below = table.places.flatMap(([start, end]) => lines.slice(start + 2, end));
    const some = below.slice(0, Math.floor(CELLS_A_TABLE / table.names.length));
    let chosen;
    try { chosen = chosenSheet(new Header(table.names, new Shape("|"), -1), some, wishes); } catch (error) {
      if (!(error instanceof LogError)) throw error;
      continue; // no metric, or none of the columns that were asked for
    }
    const { sheet, columns } = chosen;
    const size = sheet.sample.filter((row) => ["keep", "discard"].includes(columns.statusIn(row))).length;
    if (size > decisions || (size === decisions && below.length > rows)) {
      best = table;
      [decisions, rows] = [size, below.length];
    }
  }
  if (!best) return null;
  const left = [...lines];
  for (const table of tables) {
    for (const [start, end] of table === best ? [] : table.places) {
      for (let i = start; i < end; i++) {
        left[i] = "";
        if (strip(lines[i])) say(i + 1, "in another table; not used");
      }
    }
  }
  const [[top]] = best.places, first = best.names.slice(0, 3).map((name) => quoted(shortened(name)));
  const said = `${first.join(", ")}${best.names.length > 3 ? " ..." : ""}`;
  say(top + 1, `of ${tables.length} kinds of tables the one with ${said} was read `
    + "(metric= or status_column= names a column of another one)");
  return { header: new Header(best.names, new Shape("|"), top), left };
}

// The names below which a table stands, and which column is which.
function chosenSheet(header, lines, wishes) {
  const { top, shape } = header, sample = [];
  const stride = strideOf(lines.length - top - 1, header.cells.length);
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

// Whether a row has the first one's name, or its number in the first cell.
function countsAnew(row, first) {
  const [cell] = row.cells;
  return (cell === first.cells[0] && /^[0-9]{1,3}$/.test(cell))
    || (row.commit === first.commit && !isEmpty(row.commit));
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
  let step = 0, isAgain = false;
  for (const [i, stop, raw] of rowsOf(lines, header.top + 1, header.shape, isRow)) {
    if (++step % ROWS_A_STEP === 0) yield i / lines.length;
    const line = lines[i], cells = raw.map(strip);
    if (!cells.some((cell) => cell) || (isDrawn && isRule(line))) continue;
    if (sameCells(cells, header.cells)) {
      say(i + 1, "the header again; not used");
      isAgain = found.length > 0;
    } else if (/^(#|\/\/)/.test(line) && !isRow(raw)) {
      say(i + 1, "a comment; not used");
      comments.push({ line: i + 1, text: line });
    } else if (between === "|" && cells.length < 2) say(i + 1, "no row of the table; not used");
    else if (cells.length > enough || isRow(cells)) {
      const fit = fittedCells(header, columns, i + 1, raw, cells, say);
      const row = rowOf(sheet, columns, i + 1, fit, agent, wishes, say);
      if (isAgain && (isBaseline(row) || countsAnew(row, found[0]))) {
        row.starts = true;
        say(i + 1, "begins below the header again as a log does: a new sequence starts here");
      }
      isAgain = false;
      found.push(row);
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
