// A night in the laboratory, and many like it: what the logs say, and what is true.
import { normals } from "./model/draws.js";
import { margin } from "./model/keep_rules.js";
import { Fate, night } from "./model/loop.js";
import { decay } from "./model/searching.js";
import { standardError } from "./model/simulation.js";
import { surrogate } from "./model/surrogate.js";
import { formatNumber, latest, plural, range } from "./numbers.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { model, start, noise, nights, most } = panel.data, truth = surrogate(model), d = start.length;
  const yLabel = "val_bpb, bits per byte", xLabel = "experiments";
  const one = panel.chart({ xLabel, yLabel: `one night: ${yLabel}`, left: 58 });
  const many = panel.chart({ xLabel, yLabel: `${nights} nights: ${yLabel}`, left: 58 });
  one.layers("discarded", "crashed", "logged", "true", "kept");
  many.layers("nights", "logged", "true", "half");
  panel.legend([
    ["arbook-line arbook-first", "true metric of the incumbent"],
    ["arbook-line arbook-second arbook-dashed", "what the log says"],
    ["arbook-line arbook-many", "truth of each night"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-fourth", "crashed"],
  ]);
  panel.time({ last: ({ n }) => n, show(t) { for (const chart of [one, many]) chart.uncover(t ?? undefined); } });
  const steps = latest((seed) => normals(seed, nights, most * d));
  const luck = latest((seed) => normals(seed, nights, most + 1, 1));
  const run = latest((seed, n, step, gamma, rule) => {
    const z = steps(seed), eta = luck(seed), keepRule = margin(rule * noise);
    const all = range(nights).map((i) => night(
      truth, start, decay(step, gamma), keepRule, noise, n,
      z.subarray(i * most * d), eta.subarray(i * (most + 1)),
    ));
    const mean = (name) => range(n + 1).map((t) => all.reduce((sum, found) => sum + found[name][t], 0) / nights);
    return { all, mean: { true: mean("trueMetric"), logged: mean("logged") } };
  });

  return (state) => {
    const { n, veiled } = state, xs = range(n + 1);
    const { all, mean } = run(state.seed, n, state.step, state.gamma, state.margin);
    const [first] = all, gained = mean.true[0] - mean.true[n];
    const half = mean.true.findIndex((f) => mean.true[0] - f >= gained / 2);
    const low = Math.min(...all.flatMap(({ trueMetric, logged }) => [trueMetric[n], logged[n]]));
    const y = [low - 0.001, first.trueMetric[0] + 0.004];
    const shown = range(n).map((t) => t + 1).filter((t) => first.measured[t - 1] <= y[1]);
    const dots = (name, fate, className, size) => {
      const some = shown.filter((t) => first.fate[t - 1] === fate);
      one.dots(name, some, some.map((t) => first.measured[t - 1]), className, size);
    };
    for (const chart of [one, many]) { chart.frame({ x: [0, n], y }); chart.hide("ask"); }
    dots("discarded", Fate.DISCARD, "arbook-dot arbook-hollow", 2.5);
    dots("kept", Fate.KEEP, "arbook-dot arbook-first", 4);
    const crashed = range(n).filter((t) => first.fate[t] === Fate.CRASH).map((t) => t + 1);
    one.crosses("crashed", crashed, "arbook-line arbook-fourth", 10);
    one.line("logged", xs, first.logged, "arbook-line arbook-second arbook-dashed", { step: true });
    one.line("true", xs, first.trueMetric, "arbook-line arbook-first", { step: true });
    many.hide("nights", "logged", "true", "half");

    const counted = (fate) => first.fate.filter((f) => f === fate).length, five = (v) => formatNumber(v, 5);
    const words = `This night kept ${counted(Fate.KEEP)} of ${plural(n, "experiment")}, and ${counted(Fate.CRASH)} `
      + `crashed. From ${five(first.trueMetric[0])} its log came to ${five(first.logged[n])}, and the truth to `
      + `${five(first.trueMetric[n])}. `;
    if (veiled) {
      many.ask(0.5 * n, y[1] - 0.2 * (y[1] - y[0]), "When is half of it gained?");
      return { sentence: `${words}Commit to an answer, or move any control, to see many nights.`, truth: half };
    }
    const rows = new Float64Array(nights * (n + 1));
    all.forEach(({ trueMetric }, i) => { rows.set(trueMetric, i * (n + 1)); });
    many.lines("nights", xs, rows, "arbook-line arbook-many");
    many.line("logged", xs, mean.logged, "arbook-line arbook-second arbook-dashed");
    many.line("true", xs, mean.true, "arbook-line arbook-first");
    many.dots("half", [half], [mean.true[half]], "arbook-dot arbook-best", 6);
    const error = standardError(all.map(({ trueMetric }) => trueMetric[n]));
    const sentence = `${words}The mean of ${nights} nights is ${five(mean.true[n])} ± ${five(error)} in truth and `
      + `${five(mean.logged[n])} by their logs; half of the gain is there after ${plural(half, "experiment")}.`;
    return { sentence, truth: half };
  };
});
