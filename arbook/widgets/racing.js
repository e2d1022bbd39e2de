// A race of eight programs: what each has won so far and when it was dropped; and what even shares
// cost that are as often right as many such races.
import { evenRuns, race, raceLuck, raceSampler, raceTruth } from "./model/racing.js";
import { APART } from "./marks.js";
import { formatNumber, latest, range } from "./numbers.js";
import { niceTicks } from "./ticks.js";
import { explorer } from "./panel.js";

const RACERS = [..."ABCDEFGH"];
const OFF = 5; // pixels from its end at which a name belongs to another

export default explorer((panel) => {
  const soFar = "mean gain area so far, usual program = 1", xLabel = "nights of each program";
  const means = panel.chart({ xLabel, yLabel: soFar, height: 300, left: 46 });
  const spent = panel.chart({ xLabel, yLabel: "the race and even shares", height: 300, left: 30 });
  means.layers(...RACERS.map((name) => `many ${name}`), "out");
  panel.legend([
    ["arbook-line arbook-first", "in the race"],
    ["arbook-line arbook-many arbook-clear", "dropped, at its cross"],
    ["arbook-line arbook-second", "chosen"],
    ["arbook-line arbook-ink", `mean of ${panel.data.races} races`],
    ["arbook-line arbook-third arbook-dashed", "even shares"],
  ]);
  let shown = Infinity; // nights of each program
  panel.time({
    last: (state) => Math.max(...raced(state).choice.runs) - state.first_runs, smooth: false, seconds: 10,
    show(t) {
      const until = t === null ? Infinity : panel.state().first_runs + t;
      if (until !== shown) { shown = until; panel.redraw(); }
    },
  });

  const luckOf = latest((seed) => raceLuck(seed, RACERS.length));
  const races = latest((seed, gap, noise, error, stairs, common, indifference, firstRuns) => {
    const setting = { seed, gap, noise, stairs, common };
    const truth = raceTruth(setting, RACERS.length), luck = luckOf(seed);
    const rule = { error, indifference, firstRuns }, value = raceSampler(setting, truth, luck, 0);
    const all = range(panel.data.races).map((k) => {
      return race(RACERS.length, k ? raceSampler(setting, truth, luck, k) : value, rule);
    });
    const choice = all[0], best = truth.indexOf(Math.max(...truth));
    const right = all.filter((one) => one.best === best).length;
    const averages = choice.runs.map((runs, i) => {
      let sum = 0;
      return Float64Array.from(range(runs), (j) => { sum += value(i, j); return sum / (j + 1); });
    });
    const nights = all.reduce((sum, one) => sum + one.runs.reduce((a, b) => a + b), 0) / all.length;
    return { truth, best, choice, averages, right, nights, even: evenRuns(setting, truth, right, all.length) };
  });
  const raced = ({ seed, gap, noise, error, stairs, common, indifference, first_runs }) =>
    races(seed, gap, noise, error, stairs, common, indifference, first_runs);

  return (state) => {
    const { truth, best, choice, averages, right, nights, even } = raced(state), { veiled, first_runs: start } = state;
    const total = choice.runs.reduce((a, b) => a + b), longest = Math.max(...choice.runs);
    const until = Math.min(veiled ? start : shown, longest), over = until === longest && !veiled;
    const dropped = choice.eliminations.filter((one) => one.runs <= until && !veiled).map((one) => one.program);
    const colour = (i) => {
      if (dropped.includes(i)) return "arbook-many arbook-clear";
      return over && i === choice.best ? "arbook-second" : "arbook-first";
    };

    const low = Math.min(...truth) - state.noise, high = Math.max(...truth) + state.noise;
    const inside = (value) => Math.min(Math.max(value, low), high);
    means.frame({ x: [1, 1.08 * (veiled ? 2 * start : longest)], y: [low, high] });
    const each = nights / RACERS.length, most = 1.08 * (veiled ? 2 * start : Math.max(longest, even, each));
    const yTicks = range(RACERS.length).map((i) => i + 1), yFormat = (place) => RACERS[RACERS.length - place];
    spent.frame({ x: [0, most], y: [0.35, RACERS.length + 0.65], yTicks, yFormat, xTicks: niceTicks(0, most, 4) });
    const ended = choice.runs.map((runs) => Math.min(runs, until));
    const ends = ended.map((runs, i) => [means.x(runs), means.y(inside(averages[i][runs - 1]))]);
    const down = movedApart(ends, means.box), flat = means.isLow;
    RACERS.forEach((name, i) => {
      const runs = ended[i], place = RACERS.length - i, ys = averages[i].subarray(0, runs);
      means.line(`many ${name}`, range(runs).map((j) => j + 1), ys.map(inside), `arbook-line ${colour(i)}`);
      const look = `arbook-label ${dropped.includes(i) ? "arbook-soft" : ""}`;
      if (flat && Math.abs(down[i]) > OFF) means.hide(`name ${name}`); // beside another's cross: its bar has its name
      else means.text(`name ${name}`, runs, inside(ys[runs - 1]), name, look, { dx: 7, dy: 4 + down[i] });
      spent.bar(`bar ${name}`, 0, runs, place, 0.3, `arbook-band ${colour(i).replace(" arbook-clear", "")}`);
      spent.text(`runs ${name}`, runs, place, String(runs), "arbook-label arbook-soft", { dx: 4, dy: 4 });
    });
    const out = range(RACERS.length).filter((i) => dropped.includes(i));
    means.path("out", out.map((i) => cross(ends[i])).join(""), "arbook-line arbook-ink");
    drawNews(choice.eliminations.filter((one) => one.runs === until && !veiled).map((one) => RACERS[one.program]));
    const many = panel.data.races, mean = `mean: ${formatNumber(nights, 0)}`;
    spent.hide("even", "mean", "mean words", "even words");
    spent.nameY(veiled ? "the race and even shares" : over ? `this race: ${total} nights; ${mean}` : mean);
    if (!veiled) {
      spent.rule("even", { x: even }, "arbook-line arbook-third arbook-dashed");
      spent.rule("mean", { x: each }, "arbook-line arbook-ink");
      if (state.told && over && state.seed === panel.spec.seed) { // beside those who left first
        const words = `mean: ${formatNumber(each, 0)} each, ${formatNumber(nights, 0)}\u00a0in\u00a0all`;
        const off = RACERS.flatMap((name) => [`bar ${name}`, `runs ${name}`]);
        spent.beside("mean words", each, RACERS.length - 1, words, "arbook-label", [...off, "even"]);
        const them = `${RACERS.length * even} in all`, isTall = !spent.isLow;
        if (isTall) spent.beside("even words", even, 2, them, "arbook-label arbook-third", [...off, "mean"]);
      }
    }

    const all = RACERS.length * even;
    const spend = choice.runs.reduce((sum, runs) => sum + Math.min(runs, until), 0);
    let sentence = `The race has had ${start} nights of each program, ${spend} in all. `
      + "Commit to a guess, or move any control, to let it run.";
    if (!veiled && !over) {
      const out = dropped.map((i) => RACERS[i]).join(", ").replace(/, (?=.$)/, " and ");
      const words = out ? `${out} ${dropped.length > 1 ? "are" : "is"} out` : "nobody is out";
      sentence = `After ${until} nights of each ${words}; ${spend} nights are spent.`;
    } else if (over) {
      const words = choice.best === best ? "the best program" : `not the best, which is ${RACERS[best]}`;
      sentence = `The race chose ${RACERS[choice.best]}, ${words}, after ${total} nights. Of ${many} such races `
        + `${right} are right, after ${formatNumber(nights, 1)} nights on average. Even shares are `
        + `${right === many ? `right in ${many - 1} of ${many}` : "as often right"} with ${even} nights of each `
        + `program, ${all} in all: a race takes ${formatNumber(nights / all, 2)} times as many.`;
    }
    return { sentence, truth: nights };

    // Who leaves at this moment, in large letters, while the race runs.
    function drawNews(names) {
      if (!names.length || over) return means.hide("news");
      const words = `${names.join(", ")} out`;
      return means.text("news", until, high, words, "arbook-hint", { anchor: "end", dx: -12, dy: 20 });
    }
  };
});

// A cross in pixels, where a program left the race.
const cross = (/** @type {number[]} */ [x, y]) => `M${x - 4},${y - 4}l8,8m0,-8l-8,8`;

// How far each letter moves, in pixels, so that none hides another, nor leaves the frame.
function movedApart(ends, { top, bottom }) {
  const room = Math.min(APART, (bottom - top) / ends.length), ys = ends.map(([, y]) => y);
  const near = (i, j) => Math.abs(ends[i][0] - ends[j][0]) < APART;
  const order = range(ends.length).sort((a, b) => ys[a] - ys[b]);
  order.forEach((i, k) => {
    ys[i] = Math.max(ys[i], ...order.slice(0, k).filter((j) => near(i, j)).map((j) => ys[j] + room));
  });
  order.reverse().forEach((i, k) => { // back up, from the frame's foot
    const below = order.slice(0, k).filter((j) => near(i, j)).map((j) => ys[j] - room);
    ys[i] = Math.min(ys[i], bottom - 8, ...below);
  });
  return ends.map(([, y], i) => ys[i] - y);
}
