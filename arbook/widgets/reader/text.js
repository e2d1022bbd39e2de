// The text of a run log: its characters, its lines, and what is said where there is none. The twin of arbook.runs.text.

export const MOST_LINES = 50_000;
const MOST_BYTES = 100_000_000;

/** A log cannot be read; the message names the line and what was expected there. */
export class LogError extends Error {
  /** @param {string} message @param {string[]} [columns] of which one may be the metric */
  constructor(message, columns = []) {
    super(message);
    this.columns = columns;
  }
}

// Python's idea of white space, which is not quite JavaScript's.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NOT_BLANK = new RegExp(`[^${BLANK}]`);

/** A text without the white space around it. @param {string} text */
export function strip(text) {
  const start = text.search(NOT_BLANK);
  if (start < 0) return "";
  let end = text.length;
  while (!NOT_BLANK.test(text[end - 1])) end--;
  return text.slice(start, end);
}

/** The first n characters; a character beyond 16 bits counts once. @type {(text: string, n: number) => string} */
export const head = (text, n) => (text.length <= n ? text : [...text.slice(0, 2 * n)].slice(0, n).join(""));

/** A text for a message: its blanks stripped, and its first 40 characters at most. @param {string} text */
export const shortened = (text) => {
  const stripped = strip(text);
  return head(stripped, 40) === stripped ? stripped : `${head(stripped, 37)}...`;
};

/** A text in quotation marks, with what cannot be seen written out. */
export function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = (c) => {
    if (c === "\\" || c === mark) return `\\${c}`;
    const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[c];
    if (known) return known;
    const code = c.codePointAt(0), hex = (digits) => code.toString(16).padStart(digits, "0");
    return code < 256 ? `\\x${hex(2)}` : code < 65536 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
  };
  const plain = (c) => c === " " || ((c === "'" || c === '"') && c !== mark);
  return mark + text.replace(/[\\'"]|[\p{C}\p{Z}]/gu, (c) => (plain(c) ? c : escaped(c))) + mark;
}

/** A column's name in lower case with underscores: "Val BPB " is "val_bpb". @param {string} cell */
export function nameOf(cell) {
  return strip(head(cell, 200)).toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}

const MEASURED = /^(metrics?|results?|summary|scores?|measurements?|outcome)[./]/i;

/** A column's name as it is compared: without "metrics.", in whatever script. @param {string} cell */
export function nameIn(cell) {
  const bare = strip(head(cell, 200));
  return nameOf(bare.replace(MEASURED, "")) || bare.toLowerCase();
}

const MARKS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: "utf-8", name: "utf-8-sig" },
  { mark: [0xff, 0xfe], encoding: "utf-16le", name: "utf-16" },
  { mark: [0xfe, 0xff], encoding: "utf-16be", name: "utf-16" },
];
const DATABASE = "SQLite format 3\0";
// How other programs' files begin, and what to make of them.
const OTHER_FILES = [
  ["PK\x03\x04", "a workbook or an archive: export the table as CSV"],
  ["PAR1", "a Parquet file: write it as CSV, with pandas.read_parquet(FILE).to_csv(...)"],
  ["\x1f\x8b", "a file packed by gzip: unpack it first, with gunzip"],
];

/**
 * The text of a file, and lines at which it is none, with what was made of it.
 * @type {(bytes: Uint8Array) => { text: string, odd: [number, string][] }}
 */
export function decode(bytes) {
  if (bytes.length > MOST_BYTES) {
    throw new LogError(`line 1: expected a log of at most ${MOST_BYTES} bytes, got ${bytes.length}`);
  }
  const starts = (...mark) => mark.every((byte, i) => bytes[i] === byte);
  const begins = (text) => starts(...[...text].map((c) => c.charCodeAt(0)));
  if (begins(DATABASE)) throw new LogError(`line 1: expected text, got a SQLite database: ${exportOf(bytes)}`);
  const other = OTHER_FILES.find(([mark]) => begins(mark));
  if (other) throw new LogError(`line 1: expected text, got ${other[1]}`);
  const strict = (encoding, part = bytes) => new TextDecoder(encoding, { fatal: true }).decode(part);
  for (const { mark, encoding, name } of MARKS) {
    if (!starts(...mark)) continue;
    try { return { text: strict(encoding).replaceAll("\0", ""), odd: [] }; } catch {
      throw new LogError(`line 1: expected ${name} text, as its mark says`);
    }
  }
  const newlinesBefore = (end) => {
    let count = 0;
    for (let i = bytes.indexOf(10); i >= 0 && i < end; i = bytes.indexOf(10, i + 1)) count++;
    return count;
  };
  /** @type {[number, string][]} */
  const odd = [];
  const zero = bytes.indexOf(0);
  if (zero >= 0) { // a machine that lost its power leaves some
    const full = bytes.filter((byte) => byte !== 0);
    odd.push([newlinesBefore(zero) + 1, `${bytes.length - full.length} zero bytes from here on; read without them`]);
    bytes = full;
  }
  try { return { text: strict("utf-8", bytes), odd }; } catch { /* Latin-1, then: every byte is a character */ }
  let line = 1;
  for (let i = 0; i < bytes.length && line <= MOST_LINES; line++) { // no character spans a line break
    const end = bytes.indexOf(10, i), stop = end < 0 ? bytes.length : end + 1;
    try { strict("utf-8", bytes.subarray(i, stop)); } catch { break; }
    i = stop;
  }
  odd.push([line, "not UTF-8; the file was read as Latin-1"]);
  return { text: latin1(bytes), odd };
}

function latin1(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

// How to write the table of a database as text.
function exportOf(bytes) {
  const found = latin1(bytes.subarray(0, 500_000)).matchAll(/CREATE TABLE (?:IF NOT EXISTS )?["'`[]?(\w{1,60})/gi);
  const names = [...new Set([...found].map((match) => match[1]))].filter((name) => !/^sqlite_/i.test(name));
  if (names.includes("trial_values")) {
    return "write Optuna's trials as CSV, with study.trials_dataframe().to_csv('trials.csv')";
  }
  if (names.includes("latest_metrics")) {
    return "write MLflow's runs as CSV, with mlflow experiments csv -x ID -o runs.csv";
  }
  const words = `write its table as CSV, with sqlite3 -csv -header FILE 'select * from ${names[0] ?? "TABLE"}'`;
  return words + (names.length > 1 ? ` (its tables: ${names.slice(0, 5).join(", ")})` : "");
}

/** The lines of a text, whatever ends them. @param {string} text */
export function splitLines(text) {
  text = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  if (!text.includes("\n")) text = text.replaceAll("\r", "\n");
  const lines = text.split("\n");
  if (lines.length - 1 > MOST_LINES) throw new LogError(`line ${MOST_LINES + 1}: expected at most ${MOST_LINES} lines`);
  return lines;
}
