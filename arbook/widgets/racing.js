// A race of eight programs: what each has won so far and when it was dropped; and what even shares
// cost that are as often right as many such races.
import { evenRuns, race, raceLuck, raceSampler, raceTruth } from "./model/racing.js";
import { formatNumber, niceTicks } from "./svg.js";
import { explorer } from "./panel.js";

const RACERS = [..."ABCDEFGH"];

export default explorer((panel) => {
  const means = panel.chart({ xLabel: "nights of each program", yLabel: "mean gain area so far, usual program = 1", height: 300, left: 46 });
  const spent = panel.chart({ xLabel: "nights spent", yLabel: "the race and even shares", height: 300, left: 30 });
  means.layers(...RACERS.map((name) => "many " + name));
  panel.legend([
    ["arbook-line arbook-first", "in the race"],
    ["arbook-line arbook-many arbook-clear", "dropped"],
    ["arbook-line arbook-second", "chosen"],
    ["arbook-line arbook-third arbook-dashed", "even shares"],
  ]);
  const row = panel.element("div", "arbook-game");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Watch the race");
  row.style.margin = "0 0 .6rem";
  panel.figure.before(row);
  let found = { key: "" }, shown = Infinity, luck = { seed: null };
  const show = (runs) => { shown = runs; panel.redraw(); };
  const watch = [panel.button("From the start", () => show(panel.state().first_runs), { parent: row }), panel.button("Next program to drop", () => {
    const next = found.choice.eliminations.map((one) => one.runs).find((runs) => runs > shown || shown === Infinity);
    show(next ?? Infinity);
  }, { parent: row }), panel.button("To the end", () => show(Infinity), { parent: row })];

  function run(state, key) {
    if (luck.seed !== state.seed) luck = { seed: state.seed, of: raceLuck(state.seed, RACERS.length) };
    const truth = raceTruth(state, RACERS.length), rule = { ...state, firstRuns: state.first_runs }, value = raceSampler(state, truth, luck.of, 0);
    const races = Array.from({ length: panel.data.races }, (_, k) => race(RACERS.length, k ? raceSampler(state, truth, luck.of, k) : value, rule));
    const choice = races[0], best = truth.indexOf(Math.max(...truth)), right = races.filter((one) => one.best === best).length;
    const averages = choice.runs.map((runs, i) => {
      let sum = 0;
      return Float64Array.from({ length: runs }, (_, j) => (sum += value(i, j)) / (j + 1));
    });
    const nights = races.reduce((sum, one) => sum + one.runs.reduce((a, b) => a + b), 0) / races.length;
    return { key, truth, best, choice, averages, right, nights, even: evenRuns(state, truth, right, races.length) };
  }

  return (state) => {
    const key = ["gap", "noise", "error", "stairs", "common", "indifference", "first_runs", "seed"].map((name) => state[name]).join();
    if (found.key !== key) { found = run(state, key); shown = Infinity; }
    const { truth, best, choice, averages, right, nights, even } = found, { veiled, first_runs: start } = state;
    const total = choice.runs.reduce((a, b) => a + b), longest = Math.max(...choice.runs);
    for (const button of watch) button.disabled = veiled;
    const until = Math.min(veiled ? start : shown, longest), over = until === longest && !veiled;
    const dropped = new Map(choice.eliminations.filter((one) => one.runs <= until && !veiled).map((one) => [one.program, one.runs]));
    const colour = (i) => (dropped.has(i) ? "arbook-many arbook-clear" : over && i === choice.best ? "arbook-second" : "arbook-first");

    const low = Math.min(...truth) - state.noise, high = Math.max(...truth) + state.noise;
    const inside = (value) => Math.min(Math.max(value, low), high);
    means.frame({ x: [1, 1.08 * (veiled ? 2 * start : longest)], y: [low, high] });
    const most = 1.08 * (veiled ? 2 * start : Math.max(longest, even));
    spent.frame({ x: [0, most], y: [0.45, RACERS.length + 0.55], yTicks: RACERS.map((_, i) => i + 1), yFormat: (place) => RACERS[RACERS.length - place], xTicks: niceTicks(0, most, 4) });
    RACERS.forEach((name, i) => {
      const runs = Math.min(choice.runs[i], until), place = RACERS.length - i, ys = averages[i].subarray(0, runs);
      means.line("many " + name, Array.from(ys, (_, j) => j + 1), Array.from(ys, inside), "arbook-line " + colour(i));
      means.text("name " + name, runs, inside(ys[runs - 1]), name, "arbook-label", { dx: 3, dy: 4 });
      spent.band("bar " + name, [0, runs], [place - 0.3, place - 0.3], [place + 0.3, place + 0.3], "arbook-band " + colour(i).replace(" arbook-clear", ""));
      spent.text("runs " + name, runs, place, String(runs), "arbook-label arbook-soft", { dx: 4, dy: 5 });
    });
    if (veiled) spent.hide("even");
    else spent.rule("even", { x: even }, "arbook-line arbook-third arbook-dashed");

    const all = RACERS.length * even, races = panel.data.races, spend = choice.runs.reduce((sum, runs) => sum + Math.min(runs, until), 0);
    let sentence;
    if (veiled) sentence = `The race has had ${start} nights of each program, ${spend} in all. Commit to a guess, or move any control, to let it run.`;
    else if (!over) {
      const out = [...dropped.keys()].map((i) => RACERS[i]).join(", ").replace(/, (?=.$)/, " and ");
      sentence = `After ${until} nights of each ${out ? `${out} ${dropped.size > 1 ? "are" : "is"} out` : "nobody is out"}; ${spend} nights are spent.`;
    } else {
      const words = choice.best === best ? "the best program" : `not the best, which is ${RACERS[best]}`;
      sentence = `The race chose ${RACERS[choice.best]}, ${words}, after ${total} nights. Of ${races} such races ${right} are right, after ${formatNumber(nights, 1)} nights on average. `
        + `Even shares are ${right === races ? `right in ${races - 1} of ${races}` : "as often right"} with ${even} nights of each program, ${all} in all: a race takes ${formatNumber(nights / all, 2)} times as many.`;
    }
    return { sentence, truth: nights };
  };
});
