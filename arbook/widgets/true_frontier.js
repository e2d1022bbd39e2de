// A run for any noise of its metric: the frontier in the log, the true one with its band, and the verdict on each keep.
import { filtered, smoothed } from "./model/kalman.js";
import { probabilityOfLuck } from "./model/luck.js";
import { NORMAL_95 } from "./model/normal.js";
import { stepSize } from "./model/parameters.js";
import { latest, perCent, plural, range, rounded, significant } from "./numbers.js";
import { explorer } from "./panel.js";

const REAL = 0.95, SURE = 0.999; // probabilities: of a filled mark, and the largest that is said in digits

export default explorer((panel) => {
  const { noises } = panel.data;
  const runs = panel.data.runs.map((run) => readRun(run)), guesses = panel.spec.guess.choices.map(Number);
  const about = panel.element("p", "arbook-about");
  panel.figure.before(about);
  const unit = panel.data.unit ?? "bits per byte", yLabel = `metric, ${unit}`;
  const height = (width) => Math.min(400, Math.max(280, width * 0.55));
  const chart = panel.chart({ xLabel: "experiments", yLabel, left: 58, height });
  chart.layers("band", "logged", "true", "other", "real", "chosen");
  panel.legend([
    ["arbook-line arbook-second arbook-dashed", "frontier in the log"],
    ["arbook-line arbook-first", "true frontier, expected"],
    ["arbook-band arbook-first", "its 95 % range"],
    ["arbook-dot arbook-first", "keep, real with 95 %"],
    ["arbook-dot arbook-hollow", "other keep"],
  ]);
  panel.time({ last: ({ run }) => runs[run - 1].n, show: (t) => chart.uncover(t ?? undefined) });
  const judge = latest((run, noise) => judged(runs[run - 1], noises, noise));
  chart.onPoint((x, y) => {
    const { rows, logged } = runs[panel.state().run - 1];
    const far = (row) => Math.hypot(chart.x(row) - chart.x(x), chart.y(logged[row]) - chart.y(y));
    const seen = rows.map((_, i) => i).filter((i) => chart.x(rows[i]) >= chart.box.left);
    if (seen.length) panel.set({ keep: 1 + seen.reduce((best, i) => (far(rows[i]) < far(rows[best]) ? i : best)) });
  });

  return (state) => {
    const { veiled } = state, run = runs[state.run - 1], { rows, logged, n } = run;
    const said = judge(state.run, state.noise), { mean, low, high, luck } = said;
    const isReal = (p) => p >= REAL && luck <= 1 - REAL; // only in a session that luck does not explain
    const real = said.better.filter(isReal).length, off = guesses.map((guess) => Math.abs(guess - real));
    const truth = off.indexOf(Math.min(...off)), from = Math.floor((n * state.start) / 100);
    about.replaceChildren(panel.element("b", "", run.name), `, ${run.searcher}; lower is better.`);

    const seen = range(n + 1 - from).map((i) => i + from), edges = seen.flatMap((x) => [x, x]).slice(1);
    const part = (values) => seen.map((i) => values[i]);
    const stairs = (values) => seen.flatMap((i) => [values[i], values[i]]);
    const all = (veiled ? [logged] : [logged, low, high]).flatMap(part), least = Math.min(...all);
    const room = 0.05 * (Math.max(...all) - least) || 0.001 * Math.abs(least);
    chart.frame({ x: [from, n], y: [least - room, Math.max(...all) + room] });
    chart.hide("band", "true", "real", "chosen", "chosen words", "ask", "real words");
    const keeps = (name, which, className) => {
      const some = rows.filter((row, i) => row >= from && which(said.better[i]));
      chart.dots(name, some, some.map((row) => logged[row]), className, 4.5);
    };
    chart.line("logged", seen, part(logged), "arbook-line arbook-second arbook-dashed", { step: true });
    keeps("other", (p) => veiled || !isReal(p), "arbook-dot arbook-hollow");
    const gain = `${significant(logged[0] - logged[n])} ${unit}`;
    if (veiled) {
      chart.ask(0.6 * n, Math.max(...all) - 3 * room, "Which keeps are real?");
      const sentence = `The agent kept ${rows.length} of ${n} experiments, and its log shows a gain of ${gain}. `
        + "Commit to an answer, or move any control, to see how much of it to believe.";
      return { sentence, truth };
    }
    chart.band("band", edges, stairs(low).slice(0, -1), stairs(high).slice(0, -1), "arbook-band arbook-first");
    chart.line("true", seen, part(mean), "arbook-line arbook-first", { step: true });
    keeps("real", isReal, "arbook-dot arbook-first");
    const ofAll = `${real} of ${plural(rows.length, "keep")} ${real === 1 ? "is" : "are"} real with ${perCent(REAL)}`;
    const counted = `${real} of ${rows.length} real with ${perCent(REAL)}`, corner = { anchor: "end", dx: -6, dy: 8 };
    chart.text("real words", n, Math.max(...all), counted, "arbook-label arbook-first", corner);

    const i = Math.min(state.keep, rows.length) - 1, row = rows[i], at = Math.max(row, from);
    const place = at > (from + n) / 2 ? { dx: -6, dy: -26, anchor: "end" } : { dx: 6, dy: -26 };
    if (row >= from) chart.dots("chosen", [row], [logged[row]], "arbook-dot arbook-best", 8);
    const p = said.better[i], name = `${row < from ? "← " : ""}keep ${i + 1}: ${perCent(p)} real`;
    chart.text("chosen words", at, logged[at], name, "arbook-label", place);
    const chance = p > SURE ? `more than ${perCent(SURE, 1)}` : perCent(p, 1);
    const [lowest, most] = run.allowed, outside = state.noise < lowest ? "less" : state.noise > most ? "more" : "";
    const sentence = `With noise ν = ${rounded(state.noise)} ${unit} ${ofAll}. The log shows a gain of `
      + `${gain}; ${significant(mean[0] - mean[n])} is to be believed. Luck alone would bring such a gain with `
      + `${luck < 1 - SURE ? `less than ${perCent(1 - SURE, 1)}` : perCent(luck, 1)}. `
      + `Keep ${i + 1}, after ${row} experiments: logged gain `
      + `${significant(logged[row - 1] - logged[row])}, expected true gain ${significant(said.gain[i])} ± `
      + `${significant(said.gainStd[i])}, real with ${chance}.`;
    const limits = outside && ` This is ${outside} noise than the log allows: ${lowest} to ${most} with 95 %.`;
    return { sentence: sentence + limits, truth };
  };
});

/** A run as the filter takes it, with the rows of its keeps and the frontier that the log shows. */
function readRun(run) {
  const y = run.y.map((value) => value ?? NaN), rows = range(y.length).filter((t) => run.kept[t]).map((t) => t + 1);
  const logged = [run.baseline];
  for (const [t, value] of y.entries()) logged.push(run.kept[t] ? value : logged[t]);
  return { ...run, y, rows, logged, n: y.length };
}

/** What the whole log says where the noise is known, of every row and of every keep. */
function judged(run, noises, noise) {
  const last = noises.length - 1, above = Math.max(1, noises.findIndex((stop, i) => stop >= noise || i === last));
  const share = Math.log(noise / noises[above - 1]) / Math.log(noises[above] / noises[above - 1]);
  const at = (values) => values[above - 1] + share * (values[above] - values[above - 1]);
  const p = { sigma0: at(run.sigma0), gamma: at(run.gamma), mu: at(run.mu) }, ts = range(run.n);
  const mu = ts.map(() => p.mu), sigma = ts.map((t) => stepSize(p, t));
  const { mean, std, ...keeps } = smoothed(run, mu, sigma, noise, filtered(run, mu, sigma, noise));
  const end = (side) => mean.map((value, i) => value + side * NORMAL_95 * std[i]);
  const ofKeeps = (values) => run.rows.map((row) => values[row - 1]);
  const [gain, gainStd, better] = [keeps.gain, keeps.gainStd, keeps.better].map(ofKeeps);
  const measured = run.y.filter((value) => !Number.isNaN(value));
  const luck = probabilityOfLuck(run.baseline - Math.min(...measured), measured.length, noise);
  return { mean, low: end(-1), high: end(1), gain, gainStd, better, luck };
}
