// The tables of a run log: cells between tabs, commas, bars or blanks, below a line of names. The twin of
// arbook.runs.tables.
import { isNumber, quantityOf } from "./cells.js";
import { nameIn, strip } from "./text.js";
import { statusOf } from "./words.js";

const MOST_CELLS = 1000;
const HEADER_WITHIN = 100;
const SEPARATORS = ["\t", ",", ";"];
const CLOSES_CELL = Object.fromEntries(SEPARATORS.map((c) => [c, new RegExp(`"(?=${c}|$)`)]));

// Where the mark stands that closes the cell in quotation marks which begins at `start`, or -1. Marks in it are
// doubled; so a search that goes far passes nothing but pairs, and one that begins at a pair goes no further.
function closingMark(line, start, separator) {
  let mark = line.indexOf('"', start + 1);
  while (mark >= 0 && line[mark + 1] === '"') {
    mark += 2;
    if (line[mark] !== '"') mark = line.indexOf('"', mark);
  }
  return mark + 1 === line.length || line[mark + 1] === separator ? mark : -1;
}

/**
 * The cells of a line, and whether a quoted cell is still open at its end. A quotation mark counts only where it
 * opens a cell and another one closes it.
 * @type {(line: string, separator: string) => { cells: string[], isOpen: boolean }}
 */
export function splitCells(line, separator) {
  const cells = [];
  let position = 0, isOpen = false;
  while (cells.length < MOST_CELLS) {
    const marked = line[position] === '"', closing = marked ? closingMark(line, position, separator) : -1;
    if (closing >= 0) {
      cells.push(line.slice(position + 1, closing).split('""').join('"'));
      position = closing + 1;
    } else {
      const found = line.indexOf(separator, position), end = found < 0 ? line.length : found;
      cells.push(line.slice(position, end));
      isOpen ||= marked;
      position = end;
    }
    if (position >= line.length) return { cells, isOpen };
    position++;
  }
  return { cells: [...cells, line.slice(position)], isOpen };
}

const decides = (cell) => ["keep", "discard", "crash"].includes(statusOf(cell));
const trimmed = (line) => line.replace(/^[ \t]+/, "").replace(/([^ \t])[ \t]+$/, "$1");

/**
 * How the lines of a table are made: what stands between cells ("|" for bars, "  " for two blanks or more, " " for
 * any, of which the last cell may hold some), and how many cells there are.
 */
export class Shape {
  width = 0;
  /** Column of the decisions, if blanks stand between cells. */
  decisions = -1;
  /** @param {string} between @param {number} [width] */
  constructor(between, width = 0) {
    this.between = between;
    this.width = width;
  }
  /** The cells of a line, and whether a quoted cell is still open at its end. @param {string} line */
  split(line) {
    const { between, width } = this;
    if (SEPARATORS.includes(between)) {
      const plain = splitCells(line, between), { cells } = plain;
      if (cells.length < width && between === "\t") {
        if (line.includes("\\t")) return splitCells(tabbed(line), "\t");
        if (cells.length === 1 && line.includes(" ")) {
          const words = byBlanks(line, width);
          if (words.length > 2 && words.slice(1).filter(decides).length === 1) return { cells: words, isOpen: false };
        }
      }
      return plain;
    }
    if (between === "|") return { cells: byBars(line), isOpen: false };
    if (line.split("\t").length - 1 >= Math.max(2, width - 2)) {
      return { cells: splitCells(line, "\t").cells, isOpen: false }; // no quoted cell goes on between blanks
    }
    if (between === "  ") return { cells: trimmed(line).split(/[ \t]{2,}|\t/).slice(0, MOST_CELLS), isOpen: false };
    return { cells: this.withGaps(byBlanks(line, width)), isOpen: false };
  }
  /** Words with empty cells before the decision, where some are lacking. @param {string[]} words */
  withGaps(words) {
    const at = words.findIndex((word, i) => i > 0 && decides(word)), lacking = this.decisions - at;
    if (at < 1 || lacking < 1) return words;
    const rest = [...words.slice(0, at), ...Array.from({ length: lacking }, () => ""), ...words.slice(at)];
    return [...rest.slice(0, this.width - 1), rest.slice(this.width - 1).join(" ")];
  }
}

/** A line in which the two characters \t are tabs. @param {string} line */
const tabbed = (line) => line.replace(/\\n *$/, "").replaceAll("\\t", "\t");

function byBlanks(line, width) {
  let words = trimmed(line).split(/[ \t]+/);
  if (width > 0 && words.length > width) words = [...words.slice(0, width - 1), words.slice(width - 1).join(" ")];
  return words.slice(0, MOST_CELLS);
}

function byBars(line) {
  let bare = strip(line).replace(/^\|/, "");
  if (bare.endsWith("|") && !bare.endsWith("\\|")) bare = bare.slice(0, -1);
  const parts = bare.replaceAll("\\|", "\0").split("|");
  const cells = parts.length > MOST_CELLS + 1
    ? [...parts.slice(0, MOST_CELLS), parts.slice(MOST_CELLS).join("|")] : parts;
  return cells.map((cell) => strip(cell.replaceAll("\0", "|")));
}

const RULE = /^[|:+= \t-]*-[|:+= \t-]*$/;
/** Whether a line is only drawn, such as the one below a Markdown table's names. @param {string} line */
export const isRule = (line) => line.length < 2000 && RULE.test(line);

/**
 * [first line, line after the last, cells] of each row. A row takes several lines when a quoted cell is open at the
 * end of its line and a later line closes it, with no row in between.
 * @type {(lines: string[], start: number, shape: Shape, isRow: (cells: string[]) => boolean) =>
 *   Generator<[number, number, string[]]>}
 */
export function* rowsOf(lines, start, shape, isRow) {
  let searched = start, closing = -1; // no line is searched twice
  for (let i = start, stop; i < lines.length; i = stop) {
    stop = i + 1;
    let { cells, isOpen } = shape.split(lines[i]);
    if (isOpen) {
      if (searched <= i) {
        for (searched = i + 1, closing = -1; searched < lines.length; searched++) {
          if (isRow(shape.split(lines[searched]).cells)) break;
          if (CLOSES_CELL[shape.between].test(lines[searched])) { closing = searched; break; }
        }
      }
      if (closing > i) {
        stop = closing + 1;
        ({ cells } = splitCells(lines.slice(i, stop).join("\n"), shape.between));
      }
    }
    yield [i, stop, cells];
  }
}

/** A line of names: the cells as they stand, the table's shape, and its line, from 0. */
export class Header {
  /** @param {string[]} cells @param {Shape} shape @param {number} top */
  constructor(cells, shape, top) {
    this.cells = cells.map(strip);
    this.shape = shape;
    this.top = top;
    shape.width = cells.length;
  }
}

const areNames = (cells) => cells.length > 1 && !cells.some(isNumber);

/**
 * The lines that may be a header, the likeliest first.
 * @type {(lines: string[], isStatus: (name: string) => boolean) => Generator<Header>}
 */
export function* namedHeaders(lines, isStatus) {
  const near = lines.slice(0, HEADER_WITHIN), hasStatus = (cells) => cells.some((cell) => isStatus(nameIn(cell)));
  const split = near.flatMap((line, i) => [...SEPARATORS, "|"].map((between) => {
    return { i, between, cells: splitLine(line, between) };
  }));
  for (const { i, between, cells } of split) {
    if (areNames(cells) && hasStatus(cells)) yield new Header(cells, new Shape(between), i);
  }
  for (const [i, line] of near.entries()) {
    const cells = tabbed(line).split("\t").slice(0, MOST_CELLS);
    if (line.includes("\\t") && areNames(cells) && hasStatus(cells)) yield new Header(cells, new Shape("\t"), i);
  }
  for (const { i, between, cells } of split) {
    if (areNames(cells) && cells.every((cell) => cell) && hasNumbersBelow(lines, i, between, cells.length)) {
      yield new Header(cells, new Shape(between), i);
    }
  }
  for (const [i, line] of near.entries()) {
    if (line.length < 1000 && /[^ \t]+[ \t]+[^ \t]+[ \t]+[^ \t]/.test(line)) {
      const header = betweenBlanks(lines, i, isStatus);
      if (header) yield header;
    }
  }
}

/** The cells of a line of names. @type {(line: string, between: string) => string[]} */
export function splitLine(line, between) {
  if (between === "|") return line.includes("|") ? byBars(line) : [line];
  return splitCells(line, between).cells;
}

// Whether most lines below have as many cells, and one of them a number.
function hasNumbersBelow(lines, top, between, width) {
  const below = lines.slice(top + 1, top + 21).filter((line) => strip(line) && !isRule(line));
  const split = below.map((line) => splitLine(line, between)), fitting = split.filter((row) => row.length === width);
  return 2 * fitting.length > split.length && fitting.some((row) => row.some((cell) => quantityOf(cell) !== null));
}

// What a line is as one of names between blanks: the way that fits the rows below.
function betweenBlanks(lines, top, isStatus) {
  const below = lines.slice(top + 1, top + 21).filter((line) => strip(line) && !isRule(line));
  /** @type {Header | null} */
  let best = null;
  let most = -1, decisions = -1;
  for (const between of [" ", "  "]) {
    const { cells } = new Shape(between).split(lines[top]);
    const at = cells.findIndex((cell) => isStatus(nameIn(cell)));
    if (cells.length < 3 || at < 0 || !areNames(cells)) continue;
    const header = new Header(cells, new Shape(between), top);
    const rows = below.map((line) => header.shape.split(line).cells);
    const isWhole = (row) => between !== "  " || row.length === cells.length; // else it is the other way
    const fit = rows.filter((row) => isWhole(row) && row.length > at && statusOf(row[at]) !== "other").length;
    if (2 * fit >= Math.max(1, below.length) && fit > most) { best = header; most = fit; decisions = at; }
  }
  if (best) best.shape.decisions = decisions;
  return best;
}

/**
 * Made-up names for a table that has none, or null if there is no table.
 * @type {(lines: string[]) => Header | null}
 */
export function headlessTable(lines) {
  for (const between of [...SEPARATORS, "|"]) {
    let first = -1, width = 0, matching = 0;
    for (const [i, line] of lines.slice(0, HEADER_WITHIN).entries()) {
      const cells = splitLine(line, between);
      if (cells.length < 3 || !cells.some(isNumber) || !cells.some(decides)) continue;
      if (first < 0) { first = i; width = cells.length; }
      matching += Number(cells.length === width);
    }
    if (matching > 1) {
      return new Header(Array.from({ length: width }, (_, k) => `column ${k + 1}`), new Shape(between), first - 1);
    }
  }
  return null;
}
