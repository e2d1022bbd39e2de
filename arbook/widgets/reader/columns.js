// The columns of a run log: which holds the metric, which the decisions, and what the others are. The twin of
// arbook.runs.columns.
import { columnOf, DECIMAL_COMMA, numberOf } from "./cells.js";
import { head, LogError, nameIn, nameOf, quoted, shortened } from "./text.js";
import { AGAINST_NAMES, directionOf, flagOf, isSuccess, isYesOrNo, statusOf } from "./words.js";

const STATUS_NAMES = [
  "status", "decision", "result", "outcome", "verdict", "kept", "keep", "accepted", "action", "keep_discard",
  "disposition", "judgement", "judgment", "state", "correctness", "estado", "decisión", "resultado", "statut",
  "décision", "ergebnis", "entscheidung", "状态", "狀態", "决定", "決定", "结果", "結果", "判定", "結論", "상태", "결과", "статус",
  "решение", "результат",
];
const FLAG_NAMES = [
  ...AGAINST_NAMES,
  "kept", "keep", "accepted", "accept", "improved", "is_best", "is_kept", "selected", "merged", "promoted",
  "adopted", "better", "is_better", "new_best",
];
const COMMIT_NAMES = [
  "commit", "hash", "sha", "commit_hash", "commit_sha", "id", "exp", "experiment", "run", "number", "run_id",
];
const DESCRIPTION_NAMES = [
  "description", "desc", "notes", "note", "comment", "change", "summary", "hypothesis", "idea", "message", "title",
];
// Names of rows, places and settings: never the metric.
const NOT_A_METRIC = new RegExp("^(?:commit|hash|sha|id|exp|experiment|run|iter|iteration|step|steps"
  + "|num_steps|round|trial|index"
  + "|date|timestamp|datetime|branch|parent|agent|gpu|seed|lr|depth|status|delta|diff|diff_lines"
  + "|reject_reason|reason|baseline|n|no|num|model|cycle|generation|gen|epoch|epochs|attempt|segment"
  + "|phase|session|number|task|worker|machine|port|rank|created|created_at|updated|started|finished"
  + "|start|end|start_time|end_time|started_at|finished_at|datetime_start|datetime_complete|clock|line"
  + "|version|pr|confidence|budget|runtime_limit|budget_[a-z]+|(change|improvement|gain|delta|diff)_(pct|percent"
  + "|vs_best|vs_baseline|abs|rel)|uid|uuid|.*_(id|idx|index|num|number|no|commit|hash|sha)|prio|priority"
  + "|(pct|percent)_(change"
  + "|improvement|gain)|vs_(best|baseline)|delta_.*"
  + "|.*_delta)$");
// Settings and labels, as Optuna, MLflow and Weights & Biases name their columns.
const SETTING = new RegExp("^(?:(params?|config|hparams|hyperparams?|hyperparameters|tags?|user_attrs?"
  + "|system_attrs?|args"
  + "|settings|values?_json|asi)[_./].*)$");
// What is written down beside a metric: the metric itself only where nothing else can be.
const MEMORY = /(^|_)[a-z]*(mem|memory|vram)([gm]i?b)?(_|$)/;
const BESIDE_A_METRIC = new RegExp("^(time|duration|elapsed|runtime|batch|(micro|global)_batch)$"
  + "|(^|_)(time|duration|elapsed|runtime)_(s|sec)$|(^|_)(before|old|new|baseline|changed|seconds"
  + "|secs|minutes|hours|ms|n?params|n?tokens|mfu|batch_size|gap|trades|lines|loc|files|n_features|parent)(_|$)");
const NOTHING = ["", "-", "--", "\u2013", "\u2014", "n/a", "na", "nan", "none", "null", "?", "tbd"];
/** Whether a cell says that there is nothing. @param {string} cell */
export const isEmpty = (cell) => NOTHING.includes(cell.toLowerCase());
// What a metric was before an experiment.
const EARLIER = /(^|_)(before|old|prev|previous|prior|baseline|parent)(_|$)/;
const LATER = /(^|_)(after|new)(_|$)/; // what it is after it, where what it was is there as well
// How far a mean spreads, beside it.
const SPREAD = new RegExp("(^|_)(std|stdev|stddev|sd|se|sem|stderr|std_err|std_dev|ci|ci95|ci_low|ci_high"
  + "|var|variance|iqr|mad"
  + "|min|max|lo|low|hi|high|lower|upper|noise)(_|$)");
const PEAK = /(^|_)(mean|avg|average|median|best|p50)(_|$)/;
// Where several columns could be the metric, what was held out goes first.
const HELD_OUT = /(^|_)(test|val|valid|validation|eval|dev|holdout)(_|$)/;
const TRAINING = /(^|_)(train|training)(_|$)/;
// Of a measure such as F1 these are parts.
const OF_TWO = /(^|_)(f1|f2|f0_?5|f_?beta)(_|$)/;
const PART = /(^|_)(precision|recall)(_|$)/;
const PLAIN_NAMES = ["val_bpb", "metric", "metric_after", "value"];
const METRIC_FIRST = [/^val_bpb$/, /^(best_)?val(id|idation)?_/,
  /^(?:metric_after|(after|results?|primary|main|target)_metric)$/, /^metric$/, /^value$/,
  /^(.*_)?(overall|composite|combined|objective|fitness)(_score)?(_after)?$/, /bpb/];

/** Whether a column's name is one of decisions. @param {string} name */
export const isStatusName = (name) => STATUS_NAMES.includes(name);

/** The names of a table, some of its rows, and the line (from 1) of its names. */
export class Sheet {
  /** @param {string[]} cells @param {string[][]} sample @param {number} line */
  constructor(cells, sample, line) {
    this.cells = cells;
    this.sample = sample;
    this.line = line;
    this.names = cells.map(nameIn);
  }
  /** The cells of a column in the sample. @param {number} i */
  column(i) { return this.sample.map((row) => row[i] ?? ""); }
  /** The column that is named; else refuses. @param {string} wanted @param {string} option */
  find(wanted, option) {
    const exact = this.cells.indexOf(wanted), name = nameOf(wanted);
    if (exact >= 0) return exact;
    const like = name ? this.cells.findIndex((cell, i) => this.names[i] === name || nameOf(cell) === name) : -1;
    if (like >= 0) return like;
    throw new LogError(`line ${this.line}: expected a column ${quoted(wanted)} (${option}=), got the columns `
      + this.cells.map(shortened).join(", "));
  }
  /** The first column that has one of some names, in their order, or null. @param {string[]} wanted */
  first(wanted) {
    const found = wanted.find((name) => this.names.includes(name));
    return found === undefined ? null : this.names.indexOf(found);
  }
}

/** Which column is which, by its number or null, and what has to be said of the choice. */
export class Columns {
  /** @type {number | null} */
  status = null;
  /** @type {number | null} */
  state = null;
  metric = -1;
  /** @type {number | null} */
  commit = null;
  /** @type {number | null} */
  description = null;
  /** @type {number | null} */
  memory = null;
  /** Name of the column of decisions, if it says yes or no. */
  flag = "";
  doneIsKeep = false;
  /** @type {string | null} */
  direction = null;
  /** @type {string[]} */
  said = [];
  /** What a row's decision says. @param {string[]} cells */
  statusIn(cells) {
    const word = this.status === null ? "" : cells[this.status] ?? "";
    const kind = this.flag ? flagOf(word, this.flag) : statusOf(word);
    return kind === "done" ? (this.doneIsKeep ? "keep" : "other") : kind;
  }
}

const listed = (sheet, columns) => {
  const names = columns.map((i) => quoted(shortened(sheet.cells[i])));
  return names.slice(0, 3).join(", ") + (names.length > 3 ? " ..." : "");
};

const meansKeep = (count) => {
  return count.success > 0 && count.success === count.done && count.discard > 0 && !count.keep;
};
// How many cells of a column are decisions, or were said to be; crashes alone are none.
const decisionsIn = (count) => {
  const some = count.keep + count.discard + count.said;
  const isState = count.done > 0 && !(count.keep + count.said) && !meansKeep(count);
  return some && !isState ? some + count.crash : 0;
};

/**
 * Which column holds decisions: the one whose words are decisions, not states.
 * @type {(sheet: Sheet, wanted: string | null, words: string[]) => Columns}
 */
export function chooseStatus(sheet, wanted, words) {
  const found = new Columns();
  found.commit = sheet.first(COMMIT_NAMES);
  found.description = sheet.first(DESCRIPTION_NAMES);
  const counted = sheet.names.map((name, i) => {
    const count = { keep: 0, discard: 0, crash: 0, done: 0, other: 0, said: 0, success: 0, answer: 0 };
    for (const cell of sheet.column(i)) {
      if (!cell) continue;
      count[FLAG_NAMES.includes(name) ? flagOf(cell, name) : statusOf(cell)]++;
      count.success += Number(isSuccess(cell));
      count.said += Number(words.includes(cell.toLowerCase()));
      count.answer += Number(isYesOrNo(cell));
    }
    return count;
  });
  if (wanted !== null) {
    found.status = sheet.find(wanted, "status_column");
    found.flag = sheet.names[found.status] || "kept";
    found.doneIsKeep = meansKeep(counted[found.status]);
    return found;
  }
  const all = sheet.names.map((_, i) => i);
  const named = STATUS_NAMES.flatMap((name) => all.filter((i) => sheet.names[i] === name));
  named.push(...all.filter((i) => FLAG_NAMES.includes(sheet.names[i]) && !named.includes(i)));
  // all its words decide, whatever its name; yes and no need a name
  const allDecide = ({ keep, discard, other, done, answer }) => keep > 0 && discard > 0 && !(other + done + answer);
  const other = all.filter((i) => !named.includes(i) && i !== found.description && allDecide(counted[i]));
  const deciding = [...named, ...other].filter((i) => decisionsIn(counted[i]));
  deciding.sort((a, b) => decisionsIn(counted[b]) - decisionsIn(counted[a]));
  const states = named.filter((i) => counted[i].done && i !== deciding[0]);
  if (deciding.length) {
    const most = decisionsIn(counted[deciding[0]]);
    found.status = deciding[0];
    const rest = deciding.slice(1).filter((i) => 2 * decisionsIn(counted[i]) >= most);
    if (rest.length) {
      found.said.push(`${listed(sheet, deciding.slice(0, 1))} was taken for the decisions; ${listed(sheet, rest)} `
        + "could be it as well (status_column= names another one)");
    }
  } else if (!states.length && named.length) found.status = named[0];
  found.state = states[0] ?? null;
  if (found.state === null) {
    const fails = (i) => i !== found.status && counted[i].crash && !counted[i].other;
    found.state = named.find(fails) ?? null;
  }
  if (found.status !== null) {
    const name = sheet.names[found.status];
    found.flag = FLAG_NAMES.includes(name) ? name : "";
    found.doneIsKeep = meansKeep(counted[found.status]);
    if (found.doneIsKeep) {
      found.said.push(`no row of ${quoted(sheet.cells[found.status])} says keep: what succeeded was taken as kept `
        + "(status= says otherwise)");
    }
  }
  return found;
}

/**
 * Which share of decisions agrees with a direction, of how many, and how many keeps. A keep agrees if it is better than
 * the best keep before it, a discard if it is not. Of the keeps those count that agree, or none if more do not.
 * @type {(values: number[], kinds: string[], sign: number) => [number, number, number]}
 */
export function supportOf(values, kinds, sign) {
  let best = Infinity, agree = 0, total = 0, keeps = 0, better = 0;
  values.forEach((value, i) => {
    const cost = sign * value, kind = kinds[i];
    if (Number.isNaN(cost) || (kind !== "keep" && kind !== "discard")) return;
    if (best === Infinity) best = kind === "keep" ? cost : best;
    else if (kind === "discard") {
      total++;
      agree += Number(cost >= best);
    } else if (cost !== best) {
      total++;
      keeps++;
      better += Number(cost < best);
      best = Math.min(best, cost);
    }
  });
  return [total ? (agree + better) / total : 0, total, 2 * better >= keeps ? better : 0];
}

const FEWEST_VOTES = 3;

/**
 * Find the column that holds the metric, and say of it what has to be said.
 * @type {(sheet: Sheet, found: Columns, wanted: string | null) => void}
 */
export function chooseMetric(sheet, found, wanted) {
  const memory = sheet.names.findIndex((name) => MEMORY.test(name));
  found.memory = memory < 0 ? null : memory;
  const kinds = sheet.sample.map((row) => found.statusIn(row));
  if (wanted !== null) {
    found.metric = sheet.find(wanted, "metric");
    found.direction = directionOf(sheet.cells[found.metric]);
    return;
  }
  const taken = [found.status, found.state, found.commit, found.description];
  let likely = sheet.names.map((_, i) => i).filter((i) => !taken.includes(i) && !NOT_A_METRIC.test(sheet.names[i])
    && !SETTING.test(nameOf(sheet.cells[i])) && !isSpread(sheet, i));
  /** @type {Map<number, number[]>} */
  const values = new Map(likely.map((i) => [i, numbersIn(sheet, i, kinds)]));
  const of = (i) => values.get(i) ?? [], isFull = (i) => of(i).length > 0;
  likely = likely.filter((i) => !isCounter(of(i), directionOf(sheet.cells[i]), false));
  // a few numbers count rows where they stand first and others can be the metric
  const later = likely.filter((i) => !isCounter(of(i), directionOf(sheet.cells[i]), i === 0));
  likely = later.some(isFull) ? later : likely;
  if (!likely.some((i) => sheet.cells[i] && !sheet.names[i].startsWith("column_"))) {
    const named = likely.filter((i) => !isBesideNameless(sheet, i));
    likely = named.length ? named : likely;
  }
  const moving = likely.filter((i) => !isConstant(of(i))), order = moving.some(isFull) ? moving : likely;
  const { first, others } = byName(sheet, order, order.filter(isFull));
  // without decisions, what stands beside a metric is none if its name says no direction
  const isNone = first === null
    || (others[0] === first && found.status === null && directionOf(sheet.cells[first]) === null);
  if (isNone) throw new LogError(noMetric(sheet, kinds), sheet.cells);
  const full = order.filter(isFull);
  const chosen = outvoted(first, full.map((i) => candidateOf(i, sheet, of(i), kinds)));
  if (chosen !== first) {
    found.said.push(`${listed(sheet, [chosen])} was taken as the metric, for the keeps follow it and not `
      + `${listed(sheet, [first])} (metric= names another one)`);
  } else {
    const twice = measuredTwice(sheet, full), beside = others[0] === first;
    const rest = beside ? [] : others.filter((i) => i !== first);
    if (twice.includes(first)) rest.push(...twice.filter((i) => i !== first && !rest.includes(i)));
    const said = `${listed(sheet, [first])} was taken as the metric`;
    if (beside && !rest.length) {
      found.said.push(`${said}, for no other column looks like one (metric= names another one)`);
    } else if (rest.length) {
      found.said.push(`${said}; ${listed(sheet, rest)} could be it as well (metric= names another one)`);
    }
  }
  found.metric = chosen;
  found.direction = directionOf(sheet.cells[chosen]);
}

// Whether a column without a name counts the rows, or says changes with their sign.
function isBesideNameless(sheet, i) {
  const cells = sheet.column(i).filter((cell) => !isEmpty(cell));
  return cells.some((cell) => cell.startsWith("+")) || (i === 0 && cells.every((cell) => /^[0-9]+$/.test(cell)));
}

function noMetric(sheet, kinds) {
  const kept = kinds.filter((kind) => kind === "keep").length;
  const counted = kept || kinds.includes("discard")
    ? `; its decisions alone are ${kept} kept of ${kinds.length}` : "";
  return `line ${sheet.line}: expected a column that holds the metric, such as val_bpb (metric= names another one), `
    + `got the columns ${sheet.cells.map(shortened).join(", ")}${counted}`;
}

// The numbers of a column in the sample, NaN where there is none or a crash; nothing if fewer than half are numbers.
function numbersIn(sheet, i, kinds) {
  const cells = sheet.column(i), { found } = columnOf(cells, sheet.names[i]);
  const full = cells.map((_, j) => j).filter((j) => !isEmpty(cells[j]) && statusOf(cells[j]) !== "crash");
  // a number with a decimal comma is one, though it is not read
  const some = full.filter((j) => found[j] || DECIMAL_COMMA.test(head(cells[j], 100)));
  if (!full.length || 2 * some.length < full.length) return [];
  return found.map((q, j) => (q && kinds[j] !== "crash" ? q.value : NaN));
}

const measuredOf = (values) => values.filter((value) => !Number.isNaN(value));
const extremes = (values) => values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);

function isConstant(values) {
  const measured = measuredOf(values), [least, most] = extremes(measured);
  return measured.length > 2 && least === most;
}

// Whether numbers count rows, or seconds since 1970.
function isCounter(values, direction, isFirst) {
  const measured = measuredOf(values), steps = measured.slice(1).map((value, i) => value - measured[i]);
  const [least, most] = extremes(measured);
  if (steps.length > 1 && least > 1e9 && most < 1e14 && steps.every((step) => step >= 0)) {
    return least > 1e12 || most < 2e10;
  }
  const fewest = isFirst ? 1 : 3;
  if (direction !== null || steps.length < fewest || !steps.every((step) => step === 0 || step === 1)) return false;
  const share = measured[0] === 0 || measured[0] === 1 ? 0.7 : 0.999;
  return steps.filter((step) => step === 1).length > share * steps.length;
}

const stemOf = (pattern, name) => name.replace(new RegExp(pattern.source, "g"), "_").replace(/_+/g, "_")
  .replace(/^_+|_+$/g, "");

// Whether a column says how far another one spreads.
function isSpread(sheet, i) {
  const name = sheet.names[i];
  if (!SPREAD.test(name)) return false;
  const stem = stemOf(SPREAD, name), others = sheet.names.filter((other, j) => j !== i && !SPREAD.test(other));
  return others.some((other) => stem === other || stem === stemOf(PEAK, other) || stem === "");
}

// The columns that are what another one was before the experiment.
function measuredTwice({ names }, columns) {
  const before = new Set(names.filter((name) => EARLIER.test(name)).map((name) => stemOf(EARLIER, name)));
  return columns.filter((i) => LATER.test(names[i]) && before.has(stemOf(LATER, names[i])));
}

// The metric's column by the names, or null, and others that could be it; they hold the metric itself, first, if its
// name is that of something else, and no better column was found.
/** @type {(sheet: Sheet, likely: number[], numeric: number[]) => { first: number | null, others: number[] }} */
function byName(sheet, likely, numeric) {
  const { names } = sheet, isBeside = (i) => MEMORY.test(names[i]) || BESIDE_A_METRIC.test(names[i]);
  const hasWhole = numeric.some((i) => OF_TWO.test(names[i]));
  // what was held out first, and the whole before its parts
  const order = (i) => 2 * (TRAINING.test(names[i]) ? 2 : HELD_OUT.test(names[i]) ? 0 : 1)
    + Number(hasWhole && PART.test(names[i]));
  const columns = likely.filter((i) => !isBeside(i)).sort((a, b) => order(a) - order(b) || a - b);
  const isNamed = (i) => Boolean(directionOf(sheet.cells[i]));
  const named = columns.filter(isNamed), full = columns.filter((i) => numeric.includes(i));
  const both = named.filter((i) => numeric.includes(i));
  for (const pattern of METRIC_FIRST) {
    const found = columns.find((i) => pattern.test(names[i]) && (numeric.includes(i) || !full.length));
    if (found === undefined) continue;
    return { first: found, others: PLAIN_NAMES.includes(names[found]) ? [] : both.filter((i) => i !== found) };
  }
  if (full.length) {
    const first = (both.length ? both : full)[0];
    return { first, others: (both.length > 1 ? both : full).filter((i) => i !== first) };
  }
  const beside = likely.filter((i) => isBeside(i) && numeric.includes(i));
  const isEarlier = (i) => Number(EARLIER.test(names[i])), isNameless = (i) => Number(!isNamed(i));
  beside.sort((a, b) => isEarlier(a) - isEarlier(b) || isNameless(a) - isNameless(b) || a - b);
  return beside.length ? { first: beside[0], others: beside } : { first: named[0] ?? null, others: [] };
}

function candidateOf(column, sheet, values, kinds) {
  const named = directionOf(sheet.cells[column]);
  const min = supportOf(values, kinds, 1), max = supportOf(values, kinds, -1);
  const isMax = [0, 1, 2].reduce((found, k) => found || max[k] - min[k], 0) > 0;
  return { column, named, votes: named ? (named === "min" ? min : max) : isMax ? max : min };
}

// The column that the decisions follow, where they clearly do not follow `first`.
function outvoted(first, candidates) {
  const own = candidates.find(({ column }) => column === first);
  if (!own || own.votes[1] < FEWEST_VOTES || own.votes[0] >= 0.6) return first;
  const least = Math.max(0.8, own.votes[0] + 0.3);
  const better = candidates.filter(({ votes }) => votes[1] >= FEWEST_VOTES && votes[2] && votes[0] >= least);
  better.sort((a, b) => b.votes[0] - a.votes[0] || Number(!a.named) - Number(!b.named));
  return better.length ? better[0].column : first;
}

/** A row's memory in GB; NaN where there is none, and for 0. @type {(cell: string, name: string) => number} */
export function memoryIn(cell, name) {
  const number = numberOf(cell);
  if (!number) return NaN;
  return /mi?b$/.test(name) ? number / 1024 : number;
}
