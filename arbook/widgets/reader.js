// Reads the log of a run: the twin of arbook.logs.read_log, under the same names, and of the
// measures of arbook.RunLog. tests/test_reader_parity.py holds the two together. What a log says
// is data: nothing here touches the page. Time grows with the bytes and no faster, whatever they are: a regular
// expression that could try again is given no more than a few hundred characters.

const MOST_LINES = 50_000;
const MOST_BYTES = 100_000_000;
const MOST_CELLS = 1000;
const LARGEST_METRIC = 1e100;
const HEADER_WITHIN = 100;

/** A log cannot be read; the message names the line and what was expected there. */
export class LogError extends Error {}

// ---------------------------------------------------------------- text

// Python's idea of white space, which is not quite JavaScript's.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NOT_BLANK = new RegExp(`[^${BLANK}]`);
/** A text without the white space around it. @param {string} text */
function strip(text) {
  const start = text.search(NOT_BLANK);
  if (start < 0) return "";
  let end = text.length;
  while (!NOT_BLANK.test(text[end - 1])) end--;
  return text.slice(start, end);
}
// The first n characters; a character beyond 16 bits counts once.
const head = (text, n) => (text.length <= n ? text : [...text.slice(0, 2 * n)].slice(0, n).join(""));
const shortened = (text) => {
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

const MARKS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: "utf-8", name: "utf-8-sig" },
  { mark: [0xff, 0xfe], encoding: "utf-16le", name: "utf-16" },
  { mark: [0xfe, 0xff], encoding: "utf-16be", name: "utf-16" },
];

// The text of a file, and the first line that is not UTF-8 (0 if none).
function decode(bytes) {
  if (bytes.length > MOST_BYTES) {
    throw new LogError(`line 1: expected a log of at most ${MOST_BYTES} bytes, got ${bytes.length}`);
  }
  const starts = (...mark) => mark.every((byte, i) => bytes[i] === byte);
  const strict = (encoding, part = bytes) => new TextDecoder(encoding, { fatal: true }).decode(part);
  for (const { mark, encoding, name } of MARKS) {
    if (!starts(...mark)) continue;
    try { return { text: strict(encoding), oddLine: 0 }; } catch {
      throw new LogError(`line 1: expected ${name} text, as its mark says`);
    }
  }
  const newlinesBefore = (end) => {
    let count = 0;
    for (let i = bytes.indexOf(10); i >= 0 && i < end; i = bytes.indexOf(10, i + 1)) count++;
    return count;
  };
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw new LogError(`line ${newlinesBefore(zero) + 1}: expected text, got a zero byte: is this a binary file?`);
  }
  try { return { text: strict("utf-8"), oddLine: 0 }; } catch { /* Latin-1, then: every byte is a character */ }
  let text = "", line = 1;
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  for (let i = 0; i < bytes.length && line <= MOST_LINES; line++) { // no character spans a line break
    const end = bytes.indexOf(10, i), stop = end < 0 ? bytes.length : end + 1;
    try { strict("utf-8", bytes.subarray(i, stop)); } catch { break; }
    i = stop;
  }
  return { text, oddLine: line };
}

// The lines of a text, whatever ends them.
function splitLines(text) {
  text = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  if (!text.includes("\n")) text = text.replaceAll("\r", "\n");
  const lines = text.split("\n");
  if (lines.length - 1 > MOST_LINES) throw new LogError(`line ${MOST_LINES + 1}: expected at most ${MOST_LINES} lines`);
  return lines;
}

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

// The cells of a line, and whether a quoted cell is still open at its end. A quotation mark counts
// only where it opens a cell and another one closes it.
function splitCells(line, separator) {
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

// [first line, line after the last, cells] of each row. A row takes several lines when a quoted cell
// is open at the end of its line and a later line closes it, with no row in between.
function* rowsOf(lines, start, separator, isRow) {
  let searched = start, closing = -1; // no line is searched twice
  for (let i = start, stop; i < lines.length; i = stop) {
    stop = i + 1;
    let { cells, isOpen } = splitCells(lines[i], separator);
    if (isOpen) {
      if (searched <= i) {
        for (searched = i + 1, closing = -1; searched < lines.length; searched++) {
          if (isRow(splitCells(lines[searched], separator).cells)) break;
          if (CLOSES_CELL[separator].test(lines[searched])) { closing = searched; break; }
        }
      }
      if (closing > i) {
        stop = closing + 1;
        ({ cells } = splitCells(lines.slice(i, stop).join("\n"), separator));
      }
    }
    yield [i, stop, cells];
  }
}

// ---------------------------------------------------------------- words and numbers

const STATUS_WORDS = new Map(Object.entries({
  keep: "keep kept keeps best baseline accept accepted improve improved improvement success successful new_best "
    + "merged yes true",
  discard: "discard discarded discards revert reverted reject rejected rollback rolled_back worse no_improvement "
    + "drop dropped regress regressed regression not_kept no false",
  crash: "crash crashed crashes error errored fail failed failure oom timeout timed_out nan abort aborted killed "
    + "diverged",
}).flatMap(([status, words]) => words.split(" ").map((word) => [word, status])));

// keep, discard, crash or other for the word in a status cell.
function statusOf(cell) {
  const words = head(cell, 200).toLowerCase().match(/[a-z]+/g) || [];
  for (const key of [cell, words.join("_"), words.slice(0, 2).join("_"), words[0]]) {
    if (STATUS_WORDS.has(key)) return STATUS_WORDS.get(key);
  }
  return "other";
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

// The plain finite number in a cell, or null.
function numberOf(cell) {
  const plain = strip(cell);
  if (plain.length > 100 || !NUMBER.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= LARGEST_METRIC ? value : null;
}
const isNumber = (cell) => numberOf(cell) !== null;

// A column's name in lower case with underscores: "Val BPB " is "val_bpb".
function nameOf(cell) {
  return strip(head(cell, 200)).toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}

// Whether one of the words is a part of a name.
const hasWord = (/** @type {string[]} */ ...words) => new RegExp(`(^|_)(${words.join("|")})(_|$)`);

const LOWER_IS_BETTER = hasWord(
  "bpb|bpc|loss|losses|rmse|mse|msle|mae|mape|error(?!_free)|err|perplexity|ppl|nll|wer|cer|fid|latency|runtime",
  "time|cost|regret|drop|gap",
);
const HIGHER_IS_BETTER = hasWord(
  "acc|accuracy|score|performance|f1|auc|auroc|r2|reward|return|throughput|speed|precision|recall|bleu|rouge|map",
  "iou|dice|sharpe|win|wins|hit|hits|ndcg|psnr|ssim|pass|mfu|per_sec|per_second|error_free",
);

// "min" or "max" where a word of a metric's name says which is better, else null.
function directionOf(metric) {
  const name = nameOf(metric);
  if (LOWER_IS_BETTER.test(name)) return /^neg(ative)?_/.test(name) ? "max" : "min";
  return HIGHER_IS_BETTER.test(name) ? "max" : null;
}

// Before "baseline": it is only compared with, or another clause has begun.
const NO_LETTER = "[\\p{L}\\p{N}_]";
const COMPARES = new RegExp(`[(,;.]|(?<!${NO_LETTER})(over|than|vs|versus|to|from|beats?|below|above|on|against|at|as)`
  + `(?!${NO_LETTER})`, "u");

// Whether a row calls itself a baseline.
function namesBaseline(commit, description) {
  if (commit.toLowerCase().includes("baseline")) return true;
  const words = head(description, 200).toLowerCase(), at = words.indexOf("baseline");
  return at >= 0 && !COMPARES.test(words.slice(0, at));
}

const AGAIN = "re-?run|repeat(ed)?|re-?measured?";
const ONLY_BASELINE = new RegExp(`^[ *:.-]*((the|a|new|second|third|original|${AGAIN}) +(of +)?)*baseline`
  + `([ ,]+(again|${AGAIN}))?[ *:.-]*([(][^\\n]*)?$`);

// Whether a row says of itself that it is a baseline, and nothing else.
const isOnlyBaseline = (description) => ONLY_BASELINE.test(head(description, 200).toLowerCase());

// ---------------------------------------------------------------- the header

const STATUS_COLUMNS = ["status", "decision", "result", "outcome", "verdict", "kept"];
const COMMIT_COLUMNS = ["commit", "hash", "sha", "commit_hash", "id", "exp", "experiment", "run"];
const DESCRIPTION_COLUMNS = ["description", "desc", "notes", "note", "comment", "change", "summary"];
// Names of rows, places and settings: never the metric.
const NOT_A_METRIC = new RegExp(`^(${[
  "commit|hash|sha|id|exp|experiment|run|iter|iteration|step|steps|num_steps|round|trial|index|date|timestamp",
  "datetime|branch|parent|agent|gpu|seed|lr|depth|status|delta|diff|diff_lines|reject_reason|reason|baseline|n|no",
  "num|model",
].join("|")})$`);
// What is written down beside a metric: the metric itself only where nothing else can be.
const MEMORY = /(^|_)[a-z]*(mem|memory|vram)([gm]i?b)?(_|$)/;
const BESIDE_A_METRIC = new RegExp(`^(time|duration|elapsed|batch|(micro|global)_batch)$|${hasWord(
  "before|old|new|changed|seconds|secs|minutes|hours|ms|n?params|n?tokens|mfu|batch_size|gap",
).source}`);
// Where several columns could be the metric, what was held out goes first.
const HELD_OUT = /(^|_)(test|val|valid|validation|eval|dev|holdout)(_|$)/;
const TRAINING = /(^|_)(train|training)(_|$)/;
const PLAIN_NAMES = ["val_bpb", "metric", "metric_after"];
const METRIC_FIRST = [/^val_bpb$/, /^(best_)?val(id|idation)?_.*$/, /^metric_after$/, /^metric$/, /^.*bpb.*$/];

const firstColumn = (names, wanted) => {
  const found = wanted.find((name) => names.includes(name));
  return found === undefined ? null : names.indexOf(found);
};
const cellOf = (cells, column) => (column !== null && column < cells.length ? strip(cells[column]) : "");

/**
 * The columns of a log; a column is its number, or null.
 * @typedef {{ cells: string[], names: string[], separator: string, status: number, commit: number | null,
 *   description: number | null, memory: number | null }} Header
 */

// What the columns of a log are, or null if the line is no header: it has a status column, and no
// cell is a number.
/** @type {(line: string) => Header | null} */
function headerOf(line) {
  for (const separator of SEPARATORS) {
    const { cells } = splitCells(line, separator), names = cells.map(nameOf);
    const status = firstColumn(names, STATUS_COLUMNS);
    if (status === null || cells.length < 2 || cells.some(isNumber)) continue;
    const memory = names.findIndex((name) => MEMORY.test(name));
    return {
      cells: cells.map(strip), names, separator, status,
      commit: firstColumn(names, COMMIT_COLUMNS),
      description: firstColumn(names, DESCRIPTION_COLUMNS),
      memory: memory < 0 ? null : memory,
    };
  }
  return null;
}

// A row's memory in GB; NaN where there is none, and for 0.
function memoryOf(header, cells) {
  const number = numberOf(cellOf(cells, header.memory));
  if (!number) return NaN;
  return /mi?b$/.test(header.names[header.memory]) ? number / 1024 : number;
}

// The column that holds the metric, or null, and others that could; they hold the metric itself,
// first, if its name is that of something else, and no better column was found.
/** @type {(header: Header, sample: string[][]) => { found: number | null, others: number[] }} */
function likelyMetric(header, sample) {
  const { names } = header, taken = [header.status, header.commit, header.description];
  const likely = names.map((_, i) => i).filter((i) => !taken.includes(i) && !NOT_A_METRIC.test(names[i]));
  const isBeside = (i) => MEMORY.test(names[i]) || BESIDE_A_METRIC.test(names[i]);
  const order = (i) => (TRAINING.test(names[i]) ? 2 : HELD_OUT.test(names[i]) ? 0 : 1);
  const columns = likely.filter((i) => !isBeside(i)).sort((a, b) => order(a) - order(b) || a - b);
  const isMostlyNumbers = (i) => {
    const cells = sample.filter((row) => row.length > i).map((row) => strip(row[i]).replace(/%$/, ""));
    return cells.length > 0 && cells.filter(isNumber).length * 2 >= cells.length;
  };
  const named = columns.filter((i) => directionOf(names[i])), numeric = columns.filter(isMostlyNumbers);
  const both = named.filter((i) => numeric.includes(i));
  for (const pattern of METRIC_FIRST) {
    const found = columns.find((i) => pattern.test(names[i]));
    if (found === undefined) continue;
    return { found, others: PLAIN_NAMES.includes(names[found]) ? [] : both.filter((i) => i !== found) };
  }
  if (numeric.length) {
    const [found, ...others] = both.length ? both : numeric;
    return { found, others };
  }
  const beside = likely.filter((i) => isBeside(i) && isMostlyNumbers(i));
  beside.sort((a, b) => Number(!directionOf(names[a])) - Number(!directionOf(names[b])) || a - b);
  return beside.length ? { found: beside[0], others: beside } : { found: named[0] ?? null, others: [] };
}

function findHeader(lines, issues) {
  /** @type {number | null} */
  let first = null;
  for (let i = 0; i < Math.min(lines.length, HEADER_WITHIN); i++) {
    if (!strip(lines[i])) continue;
    const header = headerOf(lines[i]);
    if (header) return { header, top: i };
    first ??= i;
    issues.push({ line: i + 1, reason: "stands before the header; not used" });
  }
  const here = first ?? 0, kind = kindOf(lines.slice(here, HEADER_WITHIN));
  const got = first === null ? "nothing" : quoted(shortened(lines[first])) + kind;
  throw new LogError(`line ${here + 1}: expected a header with the columns commit, val_bpb, ..., status, `
    + `separated by tabs; got ${got}`);
}

function kindOf(lines) {
  const [first] = lines;
  if (/^[{[]/.test(strip(first))) return " (JSON? write one line a row, the cells separated by tabs)";
  if (lines.some((line) => strip(line).startsWith("|"))) {
    return " (a table in Markdown? separate the cells by tabs, without | at the ends)";
  }
  const words = first.toLowerCase().split(" "); // a tab is no blank between names
  const named = words.slice(1).some((word) => STATUS_COLUMNS.includes(word));
  if (words.length > 2 && named) return " (names between blanks? separate all cells by tabs)";
  return "";
}

function metricColumn(header, top, lines, metric, issues) {
  const names = header.cells.map(shortened).join(", ");
  if (metric !== null) {
    const found = header.cells.findIndex((cell, i) => cell === metric || header.names[i] === nameOf(metric));
    if (found >= 0) return found;
    throw new LogError(`line ${top + 1}: expected a column ${quoted(metric)}, got the columns ${names}`);
  }
  const sample = lines.slice(top + 1, top + 51).map((line) => splitCells(line, header.separator).cells);
  const { found, others } = likelyMetric(header, sample);
  if (found === null) {
    throw new LogError(`line ${top + 1}: expected a column that holds the metric, such as val_bpb `
      + `(metric= names another one), got the columns ${names}`);
  }
  if (others.length) {
    const name = (i) => quoted(shortened(header.cells[i])), rest = others.filter((i) => i !== found).map(name);
    let reason = `${name(found)} was taken as the metric`;
    if (others[0] === found) reason += ", for no other column looks like one";
    else if (rest.length) {
      reason += `; ${rest.slice(0, 3).join(", ")}${rest.length > 3 ? " ..." : ""} could be it as well`;
    }
    issues.push({ line: top + 1, reason: `${reason} (metric= names another one)` });
  }
  return found;
}

// ---------------------------------------------------------------- the rows

const ROWS_A_STEP = 500;

// The rows; yields the part of the lines that is read.
function* readRows(header, column, lines, top, issues) {
  const found = [];
  const isRow = (cells) => statusOf(cellOf(cells, header.status)) !== "other"
    || (cells.length > 1 && isNumber(cellOf(cells, column)));
  let step = 0;
  for (const [i, stop, cells] of rowsOf(lines, top + 1, header.separator, isRow)) {
    if (++step % ROWS_A_STEP === 0) yield i / lines.length;
    const plain = cells.map(strip);
    if (!plain.some((cell) => cell)) continue;
    if (plain.length === header.cells.length && plain.every((cell, k) => cell === header.cells[k])) {
      issues.push({ line: i + 1, reason: "the header again; not used" });
    } else if (cells.length > header.status || isRow(cells)) {
      found.push(readRow(header, column, i + 1, cells, issues));
    } else {
      const last = found[found.length - 1];
      if (last) last.description.push(...lines.slice(i, stop));
      const taken = last ? `taken as more of the description of line ${last.line}` : "not used";
      issues.push({ line: i + 1, reason: `no row, for it ends before the status; ${taken}` });
    }
  }
  return found;
}

function readRow(header, column, line, cells, issues) {
  const width = header.cells.length;
  while (cells.length > width && !strip(cells[cells.length - 1])) cells.pop();
  if (cells.length > width) {
    let reason = `${cells.length} cells, where the header has ${width}; `;
    if (header.description === width - 1) {
      cells = [...cells.slice(0, width - 1), cells.slice(width - 1).join(header.separator)];
      reason += "the rest was taken as description";
    } else reason += "the rest was not used";
    issues.push({ line, reason });
  }
  const word = cellOf(cells, header.status), status = statusOf(word);
  if (status === "other") {
    issues.push({ line, reason: `the status ${quoted(shortened(word))} is not known; taken as 'other'` });
  }
  return {
    line, word, status,
    metric: cellOf(cells, column),
    description: [cellOf(cells, header.description)],
    commit: cellOf(cells, header.commit),
    memory: memoryOf(header, cells),
    value: NaN,
  };
}

// The metrics of all rows but crashes.
function readNumbers(found, issues) {
  const measured = [];
  for (const row of found) {
    const number = numberOf(row.metric.replace(/%$/, ""));
    if (row.status === "crash") {
      if (number) {
        issues.push({ line: row.line, reason: `a crash has no metric; ${quoted(shortened(row.metric))} was not used` });
      }
    } else if (number !== null) {
      row.value = number;
      measured.push(row);
    } else {
      const hint = isNumber(row.metric.replace(",", ".")) ? " (write a point, not a comma)" : "";
      const reason = `the metric ${quoted(shortened(row.metric))} is not a number${hint}`;
      issues.push({ line: row.line, reason: `${reason}; the experiment counts, without a metric` });
    }
  }
  // 68.6% among numbers such as 0.686, or the other way round: the fewer are not used.
  const percent = measured.filter((row) => row.metric.endsWith("%"));
  const plain = measured.filter((row) => !row.metric.endsWith("%"));
  for (const row of percent.length <= plain.length ? percent : plain) {
    const reason = `the metric ${quoted(row.metric)}: some rows are in per cent and others not; not used`;
    issues.push({ line: row.line, reason });
    row.value = NaN;
  }
}

// The direction in which most kept values go, or null.
function directionOfKeeps(found) {
  const kept = found.filter((row) => row.status === "keep" && !Number.isNaN(row.value)).map((row) => row.value);
  let ups = 0, downs = 0;
  for (let i = 1; i < kept.length; i++) {
    ups += Number(kept[i] > kept[i - 1]);
    downs += Number(kept[i] < kept[i - 1]);
  }
  return ups === downs ? null : downs > ups ? "min" : "max";
}

// Turn numbers into NaN that were written down but cannot have been measured: a loss of 0 that was
// discarded, or that positive keeps follow; -999 and 9999.
function dropContradicted(found, sign, issues) {
  const keeps = found.filter((row) => row.status === "keep" && !Number.isNaN(row.value));
  if (!keeps.length) return;
  const lastPositive = keeps.reduce((last, row) => (row.value > 0 ? row.line : last), 0);
  const allPositive = keeps.every((row) => row.value > 0);
  const far = 10 * keeps.reduce((most, row) => Math.max(most, Math.abs(row.value)), 10);
  for (const row of found) {
    const { value } = row;
    if (Number.isNaN(value)) continue;
    let impossible;
    if (row.status === "keep") impossible = sign > 0 && value <= 0 && row.line < lastPositive;
    else {
      const nines = /^9+$/.test(row.metric.replace(/^[+-]+|[+-]+$/g, "").split(".")[0]);
      impossible = (allPositive && (sign > 0 ? value <= 0 : value < 0)) || (nines && Math.abs(value) > far);
    }
    if (!impossible) continue;
    const reason = `the metric ${quoted(row.metric)} cannot have been measured beside the other rows; taken as none`;
    issues.push({ line: row.line, reason });
    row.value = NaN;
  }
}

// The rows at which a baseline was measured again.
function restartsOf(found, sign, issues) {
  const restarts = [];
  let best = Infinity;
  found.forEach((row, i) => {
    const value = sign * row.value;
    if (row.status !== "keep" || Number.isNaN(value)) return;
    // What is kept without being better is a baseline, if it says so; what is better may be a
    // change to one.
    const isNamed = namesBaseline(row.commit, row.description[0]);
    const again = nameOf(row.word) === "baseline" || isOnlyBaseline(row.description[0]);
    if (best < Infinity && (again || (isNamed && value >= best))) {
      restarts.push(i);
      issues.push({ line: row.line, reason: "a baseline again: a new sequence starts here" });
      best = value;
    } else if (best < Infinity && isNamed) {
      const reason = "is called a baseline, and is better than all before it; counted as a gain";
      issues.push({ line: row.line, reason });
    }
    best = Math.min(best, value);
  });
  return restarts;
}

// Say so if most kept values go the wrong way.
function checkDirection(found, restarts, direction, line, issues) {
  const edges = [0, ...restarts, found.length];
  const ways = edges.slice(1).map((end, i) => directionOfKeeps(found.slice(edges[i], end)));
  const count = (way) => ways.filter((other) => other === way).length, isMin = direction === "min";
  if (count(isMin ? "max" : "min") <= count(direction)) return;
  const [taken, go] = isMin ? ["lower", "rise"] : ["higher", "fall"];
  issues.push({ line, reason: `${taken} was taken as better, but most kept values ${go} (see direction=)` });
}

// Say so if the first row is no baseline.
function checkFirstRow(found, issues) {
  const kept = found.findIndex((row) => row.status === "keep" && !Number.isNaN(row.value));
  if (!found.length || kept === 0) return;
  let reason = "no baseline, and no later row was kept with a metric: there is no frontier";
  if (kept > 0) {
    const before = kept === 1 ? "the row before that counts as an experiment"
      : `the ${kept} rows before that count as experiments`;
    reason = `no baseline; the first row kept with a metric is line ${found[kept].line}, and ${before}`;
  }
  issues.push({ line: found[0].line, reason });
}

/** A run: row 0 the baseline, NaN where there is no metric. The fields and measures of arbook.RunLog. */
export class RunLog {
  /** @type {number[]} */
  value = [];
  /** @type {string[]} */
  status = [];
  /** @type {string[]} */
  description = [];
  /** @type {string[]} */
  commit = [];
  /** @type {number[]} */
  line = [];
  /** @type {number[]} */
  memory = [];
  /** @type {number[]} */
  restarts = [];
  /** @type {{ line: number, reason: string }[]} */
  issues = [];
  /** @type {string[]} */
  columns = [];
  metric = "";
  direction = "";

  constructor(fields) {
    Object.assign(this, fields);
    this.sign = this.direction === "min" ? 1 : -1;
    const best = this.value.map(() => NaN);
    let now = NaN;
    this.value.forEach((value, i) => {
      const isBetter = !(this.sign * value >= this.sign * now);
      if (this.status[i] === "keep" && !Number.isNaN(value) && isBetter) now = value;
      best[i] = now;
    });
    this.frontier = best;
  }
  get nExperiments() { return Math.max(this.value.length - 1, 0); }
  /** Changes against the incumbent; negative is better, whatever the direction. */
  get delta() { return this.value.slice(1).map((value, t) => this.sign * (value - this.frontier[t])); }
  /** The first metric that was kept. */
  get f0() { return this.value.find((value, i) => this.status[i] === "keep" && !Number.isNaN(value)) ?? NaN; }
  /** Row of the baseline: the first that was kept with a metric; else 0 if that was kept; else null. */
  get baseline() {
    const row = this.value.findIndex((value, i) => this.status[i] === "keep" && !Number.isNaN(value));
    return row >= 0 ? row : this.status[0] === "keep" ? 0 : null;
  }
  /** Status of each experiment: of every row but the baseline's. */
  get outcomes() {
    const { baseline, status } = this;
    if (baseline === null) return status;
    const before = status.slice(0, baseline).map((word) => (word === "keep" ? "other" : word));
    return [...before, ...status.slice(baseline + 1)];
  }
  get keeps() { return this.outcomes.filter((status) => status === "keep").length; }
  get keepRate() { return this.outcomes.length ? this.keeps / this.outcomes.length : NaN; }
  get crashes() { return this.status.filter((status) => status === "crash").length; }
  get gainArea() {
    const { f0 } = this;
    if (Number.isNaN(f0)) return NaN;
    return this.frontier.slice(1).reduce((sum, best) => sum + (Number.isNaN(best) ? 0 : this.sign * (f0 - best)), 0);
  }
  /** Steps of the frontier, { experiment, size }, the largest first. */
  get steps() {
    const steps = this.frontier.map((best, i) => {
      return { experiment: i, size: i ? Math.abs(best - this.frontier[i - 1]) : 0 };
    });
    return steps.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size || a.experiment - b.experiment);
  }
  get gain() { return Math.abs(this.f0 - (this.frontier.at(-1) ?? NaN)); }
  get averageGain() { return this.nExperiments ? this.gainArea / this.nExperiments : NaN; }
  get shareOfThreeLargest() {
    const { steps } = this, sum = (some) => some.reduce((total, { size }) => total + size, 0);
    return steps.length ? sum(steps.slice(0, 3)) / sum(steps) : NaN;
  }
  /** The first row of each piece of the run that has a baseline of its own, and the row after the last. */
  get edges() { return [0, ...this.restarts, this.value.length]; }
  /** One of these pieces. */
  segment(i) { return this.restarts.length ? this.rows(this.edges[i], this.edges[i + 1]) : this; }
  /** The baseline and the first n experiments. */
  first(n) { return this.rows(0, n + 1); }
  rows(start, end) {
    const names = ["value", "status", "description", "commit", "line", "memory"];
    const cut = Object.fromEntries(names.map((name) => [name, this[name].slice(start, end)]));
    return new RunLog({ ...this, ...cut, restarts: [] });
  }
}

/**
 * The run in a log's bytes. `metric` names a column, `direction` is "min" or "max"; without them
 * both are found. Throws LogError where the bytes are no log.
 */
export function readLog(bytes, wishes = {}) {
  const steps = stepsOfReading(bytes, wishes);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The same in steps, of which each yields the part that is read; the last one returns the run. */
export function* stepsOfReading(bytes, { source = "", metric = null, direction = null } = {}) {
  const { text, oddLine } = decode(bytes);
  const issues = oddLine ? [{ line: oddLine, reason: "not UTF-8; the file was read as Latin-1" }] : [];
  const lines = splitLines(text), { header, top } = findHeader(lines, issues);
  const column = metricColumn(header, top, lines, metric, issues);
  const name = header.cells[column], found = yield* readRows(header, column, lines, top, issues);
  readNumbers(found, issues);
  let better = direction || directionOf(name) || directionOfKeeps(found);
  if (!better) {
    better = "min";
    const reason = `nothing says which way ${quoted(name)} is better; lower was taken (see direction=)`;
    issues.push({ line: top + 1, reason });
  }
  const sign = better === "min" ? 1 : -1;
  dropContradicted(found, sign, issues);
  const restarts = restartsOf(found, sign, issues);
  checkDirection(found, restarts, better, top + 1, issues);
  checkFirstRow(found, issues);
  return new RunLog({
    value: found.map((row) => row.value),
    status: found.map((row) => row.status),
    description: found.map((row) => row.description.join("\n")),
    commit: found.map((row) => row.commit),
    memory: found.map((row) => row.memory),
    line: found.map((row) => row.line),
    issues: issues.sort((a, b) => a.line - b.line),
    metric: name, direction: better, source, restarts, columns: header.cells,
  });
}
