// The cells of a run log: numbers as people and programs write them, with units and noise. The twin of
// arbook.runs.cells.
import { head, strip } from "./text.js";

const LARGEST_METRIC = 1e100;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** The plain finite number in a cell, or null. @param {string} cell */
export function numberOf(cell) {
  const plain = strip(cell);
  if (plain.length > 100 || !NUMBER.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= LARGEST_METRIC ? value : null;
}
export const isNumber = (/** @type {string} */ cell) => numberOf(cell) !== null;

/**
 * A number in a cell: its unit as written ("" for none), and the noise after a ± (or NaN).
 * @typedef {{ value: number, unit: string, noise: number }} Quantity
 */

const PLAIN = "[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?";
const GROUPS = "[+-]?\\d{1,3}(?<mark>[,'_\\u00a0\\u2009\\u202f ])\\d{3}(?:\\k<mark>\\d{3})*(?:\\.\\d+)?(?!\\d)"
  + "|[+-]?\\d{1,3}(?:\\.\\d{3}){2,}(?!\\d)";
const WORD = "[A-Za-z\\u00b5\\u03bc%]{1,12}";
const UNIT = `(?:[kKMGTB] )?${WORD}(?:(?: ?/ ?| per )${WORD})?`;
const SIGNS = "[*_`~!\\u2191\\u2193\\u2248\\u2605\\u2705\\u2713\\u2714\\u2b50\\ufe0f]*";
const QUANTITY = new RegExp(
  `^${SIGNS} ?[=$\\u20ac\\u00a3\\u00a5]? ?(?<number>${GROUPS}|${PLAIN}) ?(?<unit>${UNIT})?`
  + `(?: ?(?:\\u00b1|\\+/-|\\+-|\\\\pm) ?(?<noise>${PLAIN}) ?(?<again>${UNIT})?)?`
  + `(?: ?[(\\[][^()\\[\\]]*[)\\]])? ?${SIGNS}$`,
);
const BRACKETED = new RegExp(
  `^(?<number>${PLAIN}) ?[(\\[](?:\\u00b1|\\+/-|\\+-) ?(?<noise>${PLAIN})[)\\]] ?(?<unit>${UNIT})?$`,
);
const CLOCK = /^(?:(\d{1,4}) days? )?(\d{1,4}):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?$/;
const SPAN = new RegExp("^(?:(\\d{1,6}) ?h(?:ours?|rs?)? ?)?(?:(\\d{1,6}) ?m(?:in(?:utes?|s)?)? ?)"
  + "(\\d{1,6}(?:\\.\\d{1,9})?) ?s(?:ec(?:onds?|s)?)?$");
const SHARE = /^(\d{1,9}) ?\/ ?(\d{1,9})$/;
/** A number with a decimal comma, or with one separator of thousands. */
export const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;
const CHANGE = / ?(?:->|=>|\u2192) ?/;

/** The number that a cell says, with its unit and noise, or null. @type {(cell: string) => Quantity | null} */
export function quantityOf(cell) {
  const plain = numberOf(cell);
  if (plain !== null) return { value: plain, unit: "", noise: NaN };
  if (!/\d/.test(cell) || head(cell, 100) !== cell) return null;
  const parts = strip(cell).replace(/[ \t]+/g, " ").replaceAll("\u2212", "-").split(CHANGE);
  const text = parts[parts.length - 1]; // of a number before and one after a change, the one after
  const of = (value, unit, noise = NaN) => ({ value, unit, noise });
  let match = CLOCK.exec(text);
  if (match) return of(secondsOf(match), "s");
  match = SPAN.exec(text);
  if (match) return of(3600 * Number(match[1] ?? 0) + 60 * Number(match[2] ?? 0) + Number(match[3]), "s");
  match = SHARE.exec(text);
  if (match) return Number(match[2]) ? of(Number(match[1]) / Number(match[2]), "/") : null;
  match = BRACKETED.exec(text) ?? QUANTITY.exec(text);
  if (!match?.groups) return null;
  const { number, unit, noise, again } = match.groups;
  const bare = number.replace(/[,'_\u00a0\u2009\u202f ]/g, ""), isGrouped = bare.split(".").length > 2;
  const value = Number(isGrouped ? bare.replaceAll(".", "") : bare);
  if (Math.abs(value) > LARGEST_METRIC) return null;
  if (/^[+-]?0,/.test(number)) return null; // a decimal comma
  const spread = noise ? Math.abs(Number(noise)) : NaN;
  return of(value, unit || again || "", spread <= LARGEST_METRIC ? spread : NaN);
}

/** The seconds of a duration with colons: minutes and seconds, or hours before them. @param {string[]} match */
function secondsOf([, days, first, second, third]) {
  if (third === undefined && days === undefined) return 60 * Number(first) + Number(second);
  return 86400 * Number(days ?? 0) + 3600 * Number(first) + 60 * Number(second) + Number(third ?? 0);
}

// Of each unit, what it measures and how many of the smallest it is.
/** @type {Map<string, [string, number]>} */
const UNITS = new Map(/** @type {[string, string, number][]} */ ([
  ["ns nsec nanoseconds", "time", 1], ["us \u00b5s \u03bcs usec microseconds", "time", 1e3],
  ["ms msec msecs millis milliseconds", "time", 1e6], ["s sec secs second seconds", "time", 1e9],
  ["min mins minute minutes", "time", 6e10], ["h hr hrs hour hours", "time", 3.6e12], ["byte bytes", "bytes", 1],
  ["k", "count", 1e3], ["mn mio", "count", 1e6], ["bn", "count", 1e9],
  ["kb", "bytes", 1e3], ["mb", "bytes", 1e6], ["gb", "bytes", 1e9], ["tb", "bytes", 1e12],
  ["kib", "bytes", 2 ** 10], ["mib", "bytes", 2 ** 20], ["gib", "bytes", 2 ** 30],
]).flatMap(([names, kind, size]) => names.split(" ").map((name) => [name, [kind, size]])));
const LARGE = new Map([["K", 1e3], ["M", 1e6], ["B", 1e9], ["G", 1e9], ["T", 1e12]]);
const SCALED = /^([kKMGT]) ?((?:tok|flop|op|param|iop|sample|step|it|req|b|ib)s?(?:(?:\/| per ).*)?|hz)$/i;

/** What a unit measures, and how large it is. @type {(unit: string) => [string, number]} */
export function unitSize(unit) {
  const large = LARGE.get(unit);
  if (large) return ["count", large];
  const known = UNITS.get(unit.toLowerCase());
  if (known) return known;
  const rate = unit.replace(/ ?\/ ?| per /g, "/");
  const scaled = SCALED.exec(rate) ?? /^([kKMGTB]) (.*)$/.exec(rate);
  if (scaled) return [scaled[2].toLowerCase(), LARGE.get(scaled[1].toUpperCase()) ?? 1];
  return [rate.toLowerCase(), 1];
}

const kindOf = (/** @type {Quantity} */ q) => (q.unit ? unitSize(q.unit)[0] : "");
/** @type {(counts: Map<string, number>) => string} */
const mostCommon = (counts) => {
  let found = "", most = -1;
  for (const [name, n] of counts) if (n > most) { found = name; most = n; }
  return found;
};

/**
 * The numbers in the cells of a column, in one unit; `name` is the column's.
 * @type {(cells: string[], name: string) => { found: (Quantity | null)[], unit: string, odd: Map<number, string> }}
 */
export function columnOf(cells, name) {
  let found = cells.map(quantityOf);
  const isDecimal = (c, i) => found[i] === null && c.includes(",") && DECIMAL_COMMA.test(head(c, 100));
  if (cells.some(isDecimal)) { // one cell with a decimal comma makes them all
    found = found.map((q, i) => (cells[i].includes(",") ? null : q));
  }
  const count = () => {
    /** @type {Map<string, number>} */
    const kinds = new Map(), units = new Map();
    for (const q of found) {
      if (!q) continue;
      kinds.set(kindOf(q), (kinds.get(kindOf(q)) ?? 0) + 1);
      units.set(q.unit, (units.get(q.unit) ?? 0) + 1);
    }
    return { kinds, units };
  };
  let { kinds, units } = count();
  if ([...kinds.keys()].every((kind) => !kind)) return { found, unit: "", odd: new Map() };
  for (const [unit, kind, meaning] of [["B", "bytes", "byte"], ["m", "count", "M"]]) {
    if (!units.has(unit) || !kinds.has(kind)) continue;
    found = found.map((q) => (q?.unit === unit ? { ...q, unit: meaning } : q)); // beside others it means one thing
    ({ kinds, units } = count());
  }
  let main = mostCommon(new Map([...kinds].filter(([kind]) => kind)));
  const ofMain = new Map([...units].filter(([unit]) => unit && unitSize(unit)[0] === main));
  const inName = name.slice(name.lastIndexOf("_") + 1);
  const isNamed = (main === "time" || main === "bytes") && unitSize(inName)[0] === main;
  const base = isNamed ? inName : mostCommon(ofMain);
  // A plain number is one in the unit of the others, if that is clear.
  const plainFits = main === "count" || (main !== "%" && main !== "/" && (isNamed || ofMain.size === 1));
  if (kinds.has("") && !plainFits && (kinds.get("") ?? 0) >= (kinds.get(main) ?? 0)) main = "";
  const size = main === "" || main === "count" ? 1 : unitSize(base)[1], plain = main === "count" ? 1 : size;
  /** @type {Map<number, string>} */
  const odd = new Map();
  const converted = found.map((q, i) => {
    if (!q) return null;
    const [kind, factor] = q.unit ? unitSize(q.unit) : ["", plain];
    if (kind === main || (kind === "" && plainFits)) return scaled(q, factor, size);
    odd.set(i, mixed(kind, main));
    return null;
  });
  return { found: converted, unit: main === "" || main === "count" || main === "/" ? "" : base, odd };
}

// A quantity in another unit; multiples of ten stay exact.
function scaled(q, factor, size) {
  if (factor === size) return q;
  const times = factor > size, by = times ? factor / size : size / factor, to = (x) => (times ? x * by : x / by);
  return { value: to(q.value), unit: q.unit, noise: to(q.noise) };
}

function mixed(kind, main) {
  if (kind === "%" || main === "%") return "some rows are in per cent and others not";
  return `some rows are in ${kind || "plain numbers"} and others in ${main || "plain numbers"}`;
}
