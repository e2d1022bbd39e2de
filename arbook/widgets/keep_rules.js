// Keep rules that race on the same variants and the same luck: what each one's log says, and what is true.
import { normals } from "./model/draws.js";
import { confirm, ladder, margin, posteriorMean } from "./model/keep_rules.js";
import { simulateNoisy } from "./model/noise.js";
import { standardError } from "./model/simulation.js";
import { rangeOf } from "./inverse.js";
import { formatNumber, latest, plural, range } from "./numbers.js";
import { explorer } from "./panel.js";

const PLAIN = 0; // place of the plain rule
const RULE_CLASSES = ["first", "second", "many arbook-clear arbook-dashed", "third", "fourth"]
  .map((name) => `arbook-line arbook-${name}`);
const RULE_LOOKS = ["arbook-first", "arbook-second", "arbook-soft", "arbook-third", "arbook-fourth"];

export default explorer((panel) => {
  const { most, f0, rules } = panel.data, unit = "bits per byte", height = 300, left = 58;
  const log = panel.chart({ xLabel: "measurements", yLabel: `what the logs say, ${unit}`, height, left });
  const truth = panel.chart({ xLabel: "measurements", yLabel: `what is true, ${unit}`, height, left });
  panel.time({ last: ({ n }) => n, show(t) { for (const chart of [log, truth]) chart.uncover(t ?? undefined); } });
  panel.legend(rules.map((rule, i) => [RULE_CLASSES[i], rule]));
  const { high: mostRaces } = rangeOf(panel, "races");
  const draw = latest((seed) => range(3).map((kind) => normals(seed, mostRaces, most + 1, kind)));

  // The lines of each rule, means over all races, and what each race gained in truth.
  function race(state) {
    const { seed, n, races, noise } = state, [variant, measured, again] = draw(seed), z = { variant, measured, again };
    return [margin(), margin(noise), ladder(noise), confirm(), posteriorMean(state, noise)].map((keepRule) => {
      const { trueMetric, logged, spent } = simulateNoisy(state, n, z, most + 1, races, { noise, keepRule, f0 });
      const lines = { logged: new Float64Array(n + 1), true: new Float64Array(n + 1) }, gains = [];
      for (let run = 0; run < races; run++) {
        const first = run * (n + 1);
        for (let m = 0, o = first; m <= n; m++) {
          while (o < first + n && spent[o + 1] <= m) o++; // an experiment counts when it is paid for
          lines.logged[m] += logged[o] / races;
          lines.true[m] += trueMetric[o] / races;
          if (m === n) gains.push(f0 - trueMetric[o]);
        }
      }
      return { ...lines, gains, trueGain: f0 - lines.true[n], loggedGain: f0 - lines.logged[n] };
    });
  }

  return (state) => {
    const { n, veiled, races } = state, raced = race(state), xs = range(n + 1), step = races === 1;
    const shown = veiled ? [raced[PLAIN]] : raced;
    let low = f0, high = f0;
    for (const { logged, true: real } of shown) {
      for (const v of [...logged, ...real]) { low = Math.min(low, v); high = Math.max(high, v); }
    }
    const room = 0.06 * Math.max(high - low, 1e-6);
    truth.hide(...rules.map((rule) => `label ${rule}`));
    for (const chart of [log, truth]) {
      chart.frame({ x: [0, n], y: [low - room, high + room] });
      raced.forEach((one, i) => {
        const line = chart === log ? one.logged : one.true;
        if (shown.includes(one)) chart.line(rules[i], xs, line, RULE_CLASSES[i], { step });
        else chart.hide(rules[i]);
      });
    }
    const gains = raced.map((one) => one.trueGain), best = gains.indexOf(Math.max(...gains)), plain = raced[PLAIN];
    const value = (v) => formatNumber(v, 4), many = races === 1 ? "one race" : `${races} races, on average`;
    if (veiled) {
      truth.ask(0.65 * n, high - 0.15 * (high - low), "Whose line is lowest?");
      const sentence = `In ${many}, the plain rule gains ${value(plain.loggedGain)} by its log and `
        + `${value(plain.trueGain)} in truth, in ${plural(n, "measurement")}. Commit to an answer, or move any `
        + "control, to see the others.";
      return { sentence, truth: best };
    }
    truth.hide("ask");
    const named = range(rules.length).filter((i) => !truth.isLow || i === best); // the key names the others
    truth.labels(n, named.map((i) => ({ y: raced[i].true[n], words: rules[i], look: RULE_LOOKS[i] })));
    const of = raced.map((one, i) => `${rules[i]} ${value(one.trueGain)} (${value(one.loggedGain)})`).join(", ");
    let sentence = `Gains after ${n} measurements, in ${many}, in truth (and by the log): ${of}. `;
    if (best === PLAIN) sentence += "No rule gains more than the plain one.";
    else {
      const ahead = raced[best].gains.map((gain, run) => gain - plain.gains[run]);
      const error = races > 1 ? ` ± ${value(standardError(ahead))}` : "";
      sentence += `The best, ${rules[best]}, is ${value(gains[best] - gains[PLAIN])}${error} ahead of the plain rule.`;
    }
    return { sentence, truth: best };
  };
});
