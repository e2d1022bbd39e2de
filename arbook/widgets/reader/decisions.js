// What the rows of a log say together: numbers that cannot be, keeps, baselines, direction. The twin of
// arbook.runs.decisions.
import { columnOf, DECIMAL_COMMA } from "./cells.js";
import { supportOf } from "./columns.js";
import { head, nameOf, quoted, shortened } from "./text.js";
import { isOnlyBaseline, namesBaseline } from "./words.js";

/**
 * A row of a log; `value` is NaN until a number was found to be a measurement.
 * @typedef {{ line: number, cells: string[], word: string, status: string, metric: string, description: string[],
 *   commit: string, agent: string, memory: number, value: number, noise: number, starts: boolean }} Row
 * @typedef {(line: number, reason: string) => void} Say
 */

// Metrics that are below 0 only by mistake.
const NEVER_NEGATIVE = new RegExp("(^|_)(acc|accuracy|f1|f0_?5|f_?beta|auc|auroc|auprc|iou|dice|precision|recall|bpb"
  + "|bpc|rmse|mse|msle|mae|mape"
  + "|perplexity|ppl|wer|cer|fid|latency|runtime|time|duration|throughput|ms|us|ns|seconds|secs|bytes"
  + "|fps|tps|qps|rps|psnr|ssim|ndcg|mrr|bleu|rouge|pass|hits?|wins?|per_sec|per_second|tok_s|loss"
  + "|tflops|gflops|memory)(_|$)");
const BOUNDED = new RegExp("(^|_)(acc|accuracy|f1|f0_?5|f_?beta|auc|auroc|auprc|iou|dice|precision|recall|ndcg|mrr|ssim"
  + "|map|kappa|mcc|r2|corr"
  + "|correlation|pearson|spearman|pass_rate|coverage|success|win_rate|hit_rate)(_|$)");
// Mostly higher is better, but there are scores of what is to be small.
const SCORE = /(^|_)(scores?|points|performance)(_|$)/;
const SENTINEL = /^(?:[+-]?(9{2,}|1(0{4,})|1[eE]\+?\d{1,3})(\.[09]*)?)$/;

/**
 * Read the metrics of all rows but crashes; return their unit.
 * @type {(found: Row[], name: string, say: Say) => string}
 */
export function readNumbers(found, name, say) {
  const measured = found.filter((row) => row.status !== "crash");
  const column = columnOf(measured.map((row) => row.metric), name);
  measured.forEach((row, i) => {
    const number = column.found[i];
    if (number) {
      row.value = number.value;
      row.noise = number.noise;
    } else if (column.odd.has(i)) {
      say(row.line, `the metric ${quoted(shortened(row.metric))}: ${column.odd.get(i)}; not used`);
    } else {
      const hint = DECIMAL_COMMA.test(head(row.metric, 100)) ? " (write a point, not a comma)" : "";
      const reason = `the metric ${quoted(shortened(row.metric))} is not a number${hint}`;
      say(row.line, `${reason}; the experiment counts, without a metric`);
    }
  });
  for (const row of found) {
    if (row.status === "crash" && /[1-9]/.test(row.metric)) {
      say(row.line, `a crash has no metric; ${quoted(shortened(row.metric))} was not used`);
    }
  }
  return column.unit;
}

/** The direction in which most kept values go, or null. @param {Row[]} found */
function directionOfKeeps(found) {
  const kept = found.filter((row) => row.status === "keep" && !Number.isNaN(row.value)).map((row) => row.value);
  let ups = 0, downs = 0;
  for (let i = 1; i < kept.length; i++) {
    ups += Number(kept[i] > kept[i - 1]);
    downs += Number(kept[i] < kept[i - 1]);
  }
  return ups === downs ? null : downs > ups ? "min" : "max";
}

/**
 * Which way is better: as the name says, unless the decisions clearly say otherwise.
 * @type {(found: Row[], named: string | null, name: string, line: number, say: Say) => string}
 */
export function directionOfRows(found, named, name, line, say) {
  const values = found.map((row) => row.value), kinds = found.map((row) => row.status);
  const ways = { min: supportOf(values, kinds, 1), max: supportOf(values, kinds, -1) };
  if (named) {
    const other = named === "min" ? "max" : "min", [share, total, keeps] = ways[other];
    if (!(total > 1 && keeps > 1 && share >= 0.75 && ways[named][0] <= 0.4)) {
      const isDecided = kinds.includes("keep") || kinds.includes("discard");
      if (!isDecided && found.length > 1 && SCORE.test(nameOf(name))) {
        say(line, `higher was taken as better for the name ${quoted(name)} alone (see direction=)`);
      }
      return named;
    }
    const [better, go] = other === "min" ? ["lower", "fall"] : ["higher", "rise"];
    say(line, `${better} was taken as better, for the kept values ${go}, whatever the name ${quoted(name)} says `
      + "(see direction=)");
    return other;
  }
  const kept = directionOfKeeps(found);
  if (kept) return kept;
  const { min, max } = ways;
  if (max[1] >= 3 && Math.abs(max[0] - min[0]) >= 0.5) return max[0] > min[0] ? "max" : "min";
  say(line, `nothing says which way ${quoted(name)} is better; lower was taken (see direction=)`);
  return "min";
}

// The rows with a number such as -999 that is far from all others.
function sentinelsIn(found) {
  const suspect = found.filter((row) => !Number.isNaN(row.value) && SENTINEL.test(head(row.metric, 100)));
  const likely = new Set(suspect.map((row) => row.line));
  const others = found.filter((row) => !Number.isNaN(row.value) && !likely.has(row.line));
  const sizes = others.map((row) => Math.abs(row.value));
  if (!sizes.length) return [];
  const far = 10 * sizes.reduce((most, size) => Math.max(most, size), 10);
  return suspect.filter((row) => Math.abs(row.value) > far);
}

/**
 * Turn numbers into NaN that were written down but cannot have been measured: a loss of 0 that was discarded, or that
 * positive keeps follow; -999 and 9999; what is below 0 of a metric that never is.
 * @type {(found: Row[], sign: number, name: string, say: Say) => void}
 */
export function dropContradicted(found, sign, name, say) {
  const drop = (row) => {
    say(row.line, `the metric ${quoted(row.metric)} cannot have been measured beside the other rows; taken as none`);
    row.value = row.noise = NaN;
  };
  sentinelsIn(found).forEach(drop);
  const keeps = found.filter((row) => row.status === "keep" && !Number.isNaN(row.value));
  if (!keeps.length) return;
  const lastPositive = keeps.reduce((last, row) => (row.value > 0 ? Math.max(last, row.line) : last), 0);
  const allPositive = keeps.every((row) => row.value > 0), neverNegative = NEVER_NEGATIVE.test(nameOf(name));
  const ones = found.filter((row) => row.value === -1);
  const rest = found.filter((row) => !Number.isNaN(row.value) && row.value !== -1);
  if (ones.length > 1 && rest.length && rest.every((row) => row.value >= 0)) ones.forEach(drop);
  for (const row of found) {
    const { value } = row;
    if (Number.isNaN(value)) continue;
    const impossible = row.status === "keep"
      ? sign > 0 && row.line < lastPositive && (value === 0 || (value < 0 && neverNegative))
      : allPositive && ((sign > 0 && value === 0) || (value < 0 && (neverNegative || value === -1)));
    if (impossible) drop(row);
  }
}

/**
 * Decide by the running best: a row is kept where it is better than all before it.
 * @type {(found: Row[], sign: number) => void}
 */
export function settleBest(found, sign) {
  let best = Infinity;
  for (const row of found) {
    const cost = sign * row.value;
    if (row.status === "crash") continue;
    if (Number.isNaN(cost)) row.status = "other";
    else if (row.status === "out" || cost >= best) row.status = "discard";
    else { row.status = "keep"; best = cost; }
  }
}

/** Whether a row is kept and says that it is a baseline. @param {Row} row */
export const isBaseline = (row) => row.status === "keep" && (nameOf(row.word) === "baseline"
  || isOnlyBaseline(row.description[0]) || namesBaseline(row.commit, row.description[0]));

/**
 * The rows with the baseline once, where each agent measured it before all experiments.
 * @type {(found: Row[], say: Say) => Row[]}
 */
export function mergeBaselines(found, say) {
  let n = 0;
  while (n < found.length && isBaseline(found[n]) && !Number.isNaN(found[n].value)) n++;
  const agents = new Set(found.slice(0, n).map((row) => row.agent));
  if (n < 2 || agents.size < n) return found;
  const total = (some) => some.reduce((sum, value) => sum + value, 0);
  const values = found.slice(0, n).map((row) => row.value);
  const mean = total(values) / n, spread = Math.sqrt(total(values.map((v) => (v - mean) ** 2)) / (n - 1));
  for (const row of found.slice(1, n)) {
    say(row.line, `the baseline again, by ${quoted(shortened(row.agent))}: one of ${n} measurements, of which the mean `
      + "was taken, with their spread as its noise (by= gives each its own sequence)");
  }
  found[0].value = mean;
  found[0].noise = spread;
  return [found[0], ...found.slice(n)];
}

/**
 * The rows at which a baseline was measured again, or a new sequence is said to begin.
 * @type {(found: Row[], sign: number, say: Say) => number[]}
 */
export function restartsOf(found, sign, say) {
  /** @type {number[]} */
  const restarts = [];
  let best = Infinity, agents = new Set();
  found.forEach((row, i) => {
    if (row.starts && i > 0) {
      restarts.push(i);
      best = Infinity;
      agents = new Set();
    }
    const value = sign * row.value, isOther = !agents.has(row.agent) && agents.size > 0;
    agents.add(row.agent);
    if (row.status !== "keep" || Number.isNaN(value)) return;
    // What is kept without being better is a baseline, if it says so; what is better may be a
    // change to one.
    const byCommit = row.commit.toLowerCase().includes("baseline");
    const named = namesBaseline(row.commit, row.description[0]);
    const again = nameOf(row.word) === "baseline" || isOnlyBaseline(row.commit) || isOnlyBaseline(row.description[0]);
    if (best < Infinity && (again || named) && isOther && row.agent) {
      if (value >= best) row.status = "other";
      say(row.line, `the baseline again, by ${quoted(shortened(row.agent))}: no keep of the others' sequence `
        + "(by= gives each its own)");
    } else if (best < Infinity && (again || (named && (value > best || (byCommit && value >= best))))) {
      restarts.push(i);
      say(row.line, "a baseline again: a new sequence starts here");
      best = value;
    } else if (best < Infinity && named && value < best) {
      say(row.line, "is called a baseline, and is better than all before it; counted as a gain");
    }
    best = Math.min(best, value);
  });
  return restarts;
}

/**
 * Say so if most kept values go the wrong way.
 * @type {(found: Row[], restarts: number[], direction: string, line: number, say: Say) => void}
 */
export function checkDirection(found, restarts, direction, line, say) {
  const edges = [0, ...restarts, found.length];
  const ways = edges.slice(1).map((end, i) => directionOfKeeps(found.slice(edges[i], end)));
  const count = (way) => ways.filter((other) => other === way).length, isMin = direction === "min";
  if (count(isMin ? "max" : "min") <= count(direction)) return;
  const [taken, go] = isMin ? ["lower", "rise"] : ["higher", "fall"];
  say(line, `${taken} was taken as better, but most kept values ${go} (see direction=)`);
}

// How many keeps are worse than the best before them, and how many could be.
function worseKeeps(found, sign) {
  let best = Infinity, worse = 0, total = 0;
  for (const row of found) {
    if (row.status !== "keep" || Number.isNaN(row.value)) continue;
    total += Number(best < Infinity);
    worse += Number(sign * row.value > best);
    best = Math.min(best, sign * row.value);
  }
  return { worse, total };
}

/**
 * Say so if most keeps are worse than the best before them, and what would split the rows.
 * @type {(found: Row[], restarts: number[], sign: number, columns: string[], taken: (number | null)[],
 *   say: Say) => void}
 */
export function checkKeeps(found, restarts, sign, columns, taken, say) {
  const edges = [0, ...restarts, found.length];
  edges.slice(1).forEach((end, k) => {
    const part = found.slice(edges[k], end), { worse, total } = worseKeeps(part, sign);
    if (total < 3 || 2 * worse <= total) return;
    let reason = `${worse} of ${total} later keeps are worse than the best before them: `;
    const column = splittingColumn(part, sign, columns, taken, worse);
    if (column === null) reason += "is this one sequence? (decisions='best' keeps what is better)";
    else {
      const name = columns[column], last = part[part.length - 1].cells[column] ?? "";
      reason += `by=${quoted(name)} splits them into sequences, and where=${quoted(`${name}=${shortened(last)}`)} `
        + "reads one";
    }
    say(part[0].line, reason);
  });
}

// The column by which the fewest keeps are worse than the best of their group, or null.
function splittingColumn(found, sign, columns, taken, worse) {
  /** @type {number | null} */
  let best = null;
  let fewest = Infinity;
  for (let column = 0; column < Math.min(columns.length, 30); column++) {
    if (taken.includes(column)) continue;
    /** @type {Map<string, Row[]>} */
    const groups = new Map();
    for (const row of found) {
      if (column >= row.cells.length) continue;
      const group = groups.get(row.cells[column]);
      if (group) group.push(row); else groups.set(row.cells[column], [row]);
    }
    if (groups.size < 2 || groups.size > 20 || 2 * groups.size > found.length + 1) continue;
    const left = [...groups.values()].reduce((sum, rows) => sum + worseKeeps(rows, sign).worse, 0);
    if (2 * left < worse && left < fewest) { best = column; fewest = left; }
  }
  return best;
}

/** Say so if the first row is no baseline. @type {(found: Row[], say: Say) => void} */
export function checkFirstRow(found, say) {
  const kept = found.findIndex((row) => row.status === "keep" && !Number.isNaN(row.value));
  if (!found.length || kept === 0) return;
  let reason = "no baseline, and no later row was kept with a metric: there is no frontier";
  if (kept > 0) {
    const before = kept === 1 ? "the row before that counts as an experiment"
      : `the ${kept} rows before that count as experiments`;
    reason = `no baseline; the first row kept with a metric is line ${found[kept].line}, and ${before}`;
  }
  say(found[0].line, reason);
}

/**
 * What the metric can be at least and at most, by its name, unit and values.
 * @type {(name: string, values: number[], unit: string, direction: string) => [number, number]}
 */
export function boundsOf(name, values, unit, direction) {
  const plain = nameOf(name), measured = values.filter((value) => !Number.isNaN(value));
  const least = measured.reduce((a, b) => Math.min(a, b), measured.length ? Infinity : 0);
  const most = measured.reduce((a, b) => Math.max(a, b), measured.length ? -Infinity : 0);
  const isBounded = BOUNDED.test(plain);
  const low = least >= 0 && (direction === "min" || NEVER_NEGATIVE.test(plain) || isBounded) ? 0 : -Infinity;
  let high = Infinity;
  if (unit === "%" || isBounded) high = most <= 1 && unit !== "%" ? 1 : most <= 100 ? 100 : Infinity;
  return [low, high];
}
