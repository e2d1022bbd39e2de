// Logs in JSON: an object a line, an array, or an array somewhere in a document. The twin of arbook.runs.jsonl.
import { numberOf } from "./cells.js";
import { LogError, quoted, shortened, strip } from "./text.js";

const DEEPEST = 40;
const MOST_COLUMNS = 1000;
const MOST_OBJECTS = 30_000; // those within others and braces of texts among them
const TOKEN = new RegExp(
  '"[^"\\\\]*(?:\\\\[^][^"\\\\]*)*(?:"|\\\\?$)([ \\t\\n\\r\\f\\v]*:)?|\\{[ \\t\\n\\r\\f\\v]*\\}|[[{}\\]\\n]'
  + "|-?(?:NaN|Infinity|\\d[\\d.eE+-]*)([ \\t\\n\\r\\f\\v]*:)?", "g",
);
const LINE_KEY = "\u0001"; // the member that holds an object's line

/** Whether lines are JSON rather than a table. @param {string[]} lines */
export function isJson(lines) {
  const near = lines.filter((line) => strip(line) && !/^(#|\/\/)/.test(line)).slice(0, 100).map(strip);
  const objects = near.filter((line) => line.startsWith("{")).length, starts = near[0] ?? "";
  return 2 * objects > near.length || starts === "[" || starts === "{" || /^(\[\{|\{")/.test(starts);
}

export const METRIC_NAMES = ["metricname", "primarymetric", "metric"];
export const DIRECTION_NAMES = ["bestdirection", "metricdirection", "direction", "optimizationdirection"];
export const UNIT_NAMES = ["metricunit", "unit"];

/** The first of some settings that is there, or "". @type {(values: Map<string, string>, names: string[]) => string} */
export function settingOf(values, names) {
  const plain = new Map([...values].map(([name, value]) => [name.toLowerCase().replaceAll("_", ""), value]));
  return names.map((name) => plain.get(name)).find((value) => value) ?? "";
}

/**
 * Rows of a log in JSON: the columns in the order in which they come, and what else is there.
 * @typedef {{ columns: string[], rows: { line: number, values: Map<string, string> }[],
 *   configs: { at: number, line: number, settings: Map<string, string> }[], issues: [number, string][] }} Records
 */

/** The records of a text in JSON. @type {(lines: string[]) => Records} */
export function readJson(lines) {
  /** @type {Records} */
  const found = { columns: [], rows: [], configs: [], issues: [] };
  let objects = 0;
  for (const [i, line] of lines.entries()) {
    for (let at = line.indexOf("{"); at >= 0 && objects <= MOST_OBJECTS; at = line.indexOf("{", at + 1)) objects++;
    if (objects > MOST_OBJECTS) throw new LogError(`line ${i + 1}: expected at most ${MOST_OBJECTS} objects`);
  }
  const said = lines.map(strip).filter((line) => line), known = new Set();
  const add = (line, values) => {
    const metric = settingOf(values, METRIC_NAMES), isName = Boolean(metric) && numberOf(metric) === null;
    const isRecord = settingOf(values, ["status", "decision", "kept"]);
    const isSaid = settingOf(values, [...METRIC_NAMES.slice(0, 2), ...DIRECTION_NAMES]);
    if (settingOf(values, ["type"]) === "config" || (isName && isSaid && !isRecord)) {
      return found.configs.push({ at: found.rows.length, line, settings: values });
    }
    for (const name of values.keys()) {
      if (known.has(name)) continue;
      if (found.columns.length === MOST_COLUMNS) break;
      known.add(name);
      found.columns.push(name);
    }
    return found.rows.push({ line, values });
  };
  const whole = said.map((line) => line.startsWith("{") && /},*$/.test(line));
  const hasLines = 2 * whole.filter((is) => is).length >= said.length;
  let value = null;
  if (!hasLines || !whole[0] || said.length === 1) {
    try { value = parsed(lines.join("\n"), 1); } catch { /* broken somewhere */ }
  }
  if (value === null && whole.some((is) => is)) readRecordLines(lines, found, add);
  else readDocument(value, lines, found, add);
  return found;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// An object a line; one that is broken does not cost the others.
function readRecordLines(lines, found, add) {
  for (const [i, line] of lines.entries()) {
    let text = strip(line).replace(/,$/, "");
    /** @type {any} */
    let value = null;
    if (text.startsWith("[{")) text = text.slice(1);
    if (text.startsWith("{") && text.endsWith("}]")) text = text.slice(0, -1);
    if (text === "" || text === "[" || text === "]") continue;
    try { value = parsed(text, i + 1); } catch { /* said below */ }
    if (isObject(value)) add(i + 1, flat(value));
    else if (/^(#|\/\/)/.test(text)) found.issues.push([i + 1, "a comment; not used"]);
    else found.issues.push([i + 1, `no JSON object: ${quoted(shortened(line))}; not used`]);
  }
  if (!found.rows.length && !found.configs.length) {
    throw new LogError(`line 1: expected a JSON object a line, got ${quoted(shortened(lines[0]))}`);
  }
}

// The longest array of objects in a document; where it is broken, its whole objects.
function readDocument(value, lines, found, add) {
  const text = lines.join("\n");
  if (value === null) {
    value = [];
    for (const { line, piece } of piecesOf(text)) {
      try { value.push(parsed(piece, line)); } catch { found.issues.push([line, "a broken JSON object; not used"]); }
    }
    if (!value.length) {
      throw new LogError(`line 1: expected JSON, or an object a line, got ${quoted(shortened(text))}; is a bracket or `
        + "a comma missing?");
    }
    found.issues.push([lines.length, "the JSON is not whole; its whole objects were read"]);
  }
  let records = isObject(value) ? [value] : [], longest = -1;
  for (const array of arraysIn(value, 0)) if (array.length > longest) { records = array; longest = array.length; }
  if (!records.length) {
    throw new LogError("line 1: expected JSON objects with a metric and a decision, got "
      + quoted(shortened(text)));
  }
  if (isObject(value) && records[0] !== value) {
    const plain = Object.fromEntries(Object.entries(value).filter(([, part]) => typeof part !== "object" || !part));
    found.configs.push({ at: 0, line: 1, settings: flat(plain) });
  }
  for (const record of records) add(Number(record[LINE_KEY]), flat(record));
}

// The outermost objects of a text that is not JSON as a whole, each with its line.
function* piecesOf(text) {
  let depth = 0, start = 0, line = 1, begun = 1;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (token === "\n") line++;
    else if (token === "{") {
      if (depth === 0) { start = match.index; begun = line; }
      depth++;
    } else if (token === "}" && depth > 0) {
      depth--;
      if (depth === 0) yield { line: begun, piece: text.slice(start, match.index + 1) };
    } else if (token[0] === "{") line += token.split("\n").length - 1;
  }
}

// The value that a text is, with marks: every name begins with "=", every text with "'", every number is a text as it
// stands, and every object says its line. So both readers make the same of it.
function parsed(text, line) {
  let depth = 0;
  const marked = text.replace(TOKEN, (token, colon, after) => {
    const first = token[0];
    if (first === '"') return `"${colon === undefined ? "'" : "="}${token.slice(1)}`;
    if (first === "\n") { line++; return token; }
    if (first === "[" || first === "{") {
      depth++;
      if (depth > DEEPEST) throw new SyntaxError("too deep");
      if (first === "[") return token;
      if (token.length === 1) return `{"\\u0001":"${line}",`;
      depth--;
      line += token.split("\n").length - 1;
      return `{"\\u0001":"${line}"}`;
    }
    if (first === "]" || first === "}") { depth--; return token; }
    return after === undefined ? `"${token}"` : token; // a number is no name
  });
  return JSON.parse(marked);
}

// The arrays of objects in a value, outer ones first.
function* arraysIn(value, depth) {
  if (Array.isArray(value)) {
    if (value.length && value.every(isObject)) yield value;
    if (depth < 4) for (const item of value.slice(0, 100)) yield* arraysIn(item, depth + 1);
  } else if (isObject(value) && depth < 4) {
    for (const item of Object.values(value)) yield* arraysIn(item, depth + 1);
  }
}

const clean = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

// The members of an object as cells; those of an object in it have both names.
/** @type {(record: object, prefix?: string) => Map<string, string>} */
function flat(record, prefix = "") {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [key, value] of Object.entries(record)) {
    if (key === LINE_KEY || found.size > MOST_COLUMNS) continue;
    const name = prefix + clean(key.slice(1));
    if (isObject(value)) for (const [inner, cell] of flat(value, `${name}.`)) found.set(inner, cell);
    else found.set(name, cellIn(value));
  }
  return found;
}

function cellIn(value) {
  if (typeof value === "string") return clean(value.startsWith("'") ? value.slice(1) : value);
  if (Array.isArray(value)) return value.filter((item) => !isObject(item)).map(cellIn).join(", ");
  return typeof value === "boolean" ? String(value) : "";
}
