// The night that the book opens with, called and drawn by the reader; then nights of the reader's own.
import { Fate } from "./model/loop.js";
import { standardError } from "./model/simulation.js";
import { makeCalls } from "./calls.js";
import { isStill } from "./elements.js";
import { dropIn } from "./falling.js";
import { drawExperiments, drawNight, drawNights, makeCrowd, makeNights, saidOfNight } from "./nights.js";
import { formatNumber, plural, range } from "./numbers.js";
import { explorer } from "./panel.js";
import { drawPeaks, peakKey } from "./runs.js";
import { makeSketch } from "./sketch.js";

const DEEPEST = 0.945, HIGHEST = 1; // what the picture of the real night shows
const REAL = 0, OWN = 1; // presets: of the real night, and of one of the reader's own
const CROWD = 1000, SHARES = [0.1, 0.5, 0.9]; // nights behind those of the reader, and shares of them
const START = "a[href$='#fig-explorer-cover']"; // a link on the page that begins the game

export default explorer((panel) => {
  const { real, changes, forecast, ...task } = panel.data, run = makeNights(task);
  const { frontier, fate } = real, measured = real.measured.map((v) => v ?? NaN), n = fate.length;
  const first = changes.length, known = frontier[first], truth = known - frontier[n];
  const crowd = makeCrowd(task, { nights: CROWD, shares: SHARES, made: panel.redraw, signal: panel.signal });
  const chart = panel.chart({ xLabel: "experiments", yLabel: "validation loss, bits per byte", left: 58 });
  chart.timeless("crowd", "nights", "band", "median", "sketch", "guess", "guess words");
  chart.layers("crowd", "nights", "band", "median", "discarded", "crashed", "logged", "true", "kept");
  const drawn = makeSketch(chart, panel, known);
  /** @type {boolean[]} */
  let calls = [], wasVeiled = false, shown = 0;
  const play = () => { if (!player.plays) player.toggle(); };
  const bench = makeCalls(panel, {
    call(saysKeep) {
      panel.score(saysKeep === (fate[calls.length] === Fate.KEEP));
      calls.push(saysKeep);
      panel.redraw();
    },
    commit: panel.commit,
    own() {
      player.pause();
      if (panel.root.dataset.night === "own") panel.set({ seed: panel.state().seed + 1 });
      else panel.presets[OWN].click();
      play();
    },
  });
  const player = panel.time({ last: () => n, seconds: 6, show: (t) => chart.uncover(t ?? undefined) });
  panel.whenAsked(() => { calls = []; });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(START)) return;
    event.preventDefault();
    bench.start();
  }, { signal: panel.signal });

  const four = (v) => formatNumber(v, 4), five = (v) => formatNumber(v, 5);
  return (state) => {
    const isOwn = Object.entries(panel.spec.presets[REAL].values).some(([name, value]) => state[name] !== value);
    panel.root.dataset.night = isOwn ? "own" : state.veiled ? "game" : "real";
    chart.hide(
      "crowd", "nights", "band", "median", "baseline", "discarded", "crashed", "far", "logged", "true", "kept",
      "latest", "next", "ask", "sketch", "guess", "guess words", "gained", "bracket",
    );
    const told = isOwn ? drawOwn(state) : state.veiled ? drawGame(state) : drawTruth(state);
    if (wasVeiled && state.guess && !state.veiled && !isOwn && !isStill()) queueMicrotask(play); // the truth comes down
    wasVeiled = state.veiled;
    return { ...told, truth };
  };

  /** The real night up to an experiment. */
  function drawReal(t) {
    const seen = { measured: measured.slice(0, t), fate: fate.slice(0, t) }, ts = range(t).map((i) => i + 1);
    chart.frame({ x: [0, n], y: [DEEPEST, HIGHEST] });
    drawExperiments(chart, seen, HIGHEST);
    chart.dots("baseline", [0], [frontier[0]], "arbook-dot arbook-first", 4);
    drawPeaks(chart, "far", ts.filter((i) => measured[i - 1] > HIGHEST), "arbook-peak arbook-many");
    chart.line("true", range(t + 1), frontier.slice(0, t + 1), "arbook-line arbook-first", { step: true });
    panel.legend([
      ["arbook-line arbook-first", "best so far"], ["arbook-dot arbook-first", "kept"],
      ["arbook-dot arbook-hollow", "discarded"],
      ...(t > first ? [["arbook-line arbook-fourth arbook-cross", "crashed"],
        peakKey("arbook-many", "above the picture"),
        ["arbook-band arbook-second", "the model after ten experiments, 80\u00a0%"],
        ["arbook-line arbook-second arbook-dashed", "its median"]] : []),
    ]);
  }

  /** What the reader has called, and what there is to call or to draw. */
  function drawGame(state) {
    const t = calls.length, all = t === first, right = calls.filter((say, i) => say === (fate[i] === Fate.KEEP)).length;
    drawReal(t);
    if (t === shown + 1) {
      const name = fate[t - 1] === Fate.KEEP ? "kept" : "discarded";
      const mark = name === "kept" ? "arbook-dot arbook-first" : "arbook-dot arbook-hollow";
      chart.dots("latest", [t], [measured[t - 1]], mark, 6);
      dropIn(chart.part("latest", "path", mark), chart.y(HIGHEST) - chart.y(measured[t - 1]));
    }
    shown = t;
    if (all || state.offer) drawn.show({ ...state, n }, t, frontier[t]);
    if (all) chart.ask(0.55 * n, HIGHEST - 0.2 * (HIGHEST - DEEPEST), "Draw how the line goes on.");
    else chart.text("next", t + 1, frontier[t], "?", "arbook-label arbook-mark", { dx: 4, dy: 6 });
    const became = fate[t - 1] === Fate.KEEP ? "kept" : "discarded";
    const said = t ? `It measured ${four(measured[t - 1])}, the best was ${four(frontier[t - 1])}: ${became}. `
      + `You were right in ${right} of ${t}.` : "";
    const prompt = all ? `The other ${n - first}: draw, or write a number above.`
      : `Experiment ${t + 1} of ${n}: ${changes[t]}.`;
    bench.show(all ? "draw" : "call", { said, prompt });
    const now = `${t ? `After ${plural(t, "experiment")}` : "Before the first experiment"} the best loss is `
      + `${four(frontier[t])} bits per byte.`;
    const next = all ? "Draw how it goes on, or write how much the others gain, and commit."
      : `The agent tries: ${changes[t]}. Will that be kept?`;
    return { sentence: `${now} ${next}` };
  }

  /** The whole night, beside the guess and the model's band. */
  function drawTruth(state) {
    drawReal(n);
    shown = 0;
    const [low, middle, high] = forecast.quantiles, at = [first, ...forecast.at.map((more) => first + more)];
    const below = (gains) => [known, ...gains.map((gain) => Math.max(known - gain, DEEPEST))];
    chart.band("band", at, below(low), below(high), "arbook-band arbook-second");
    chart.line("median", at, [known, ...middle.map((gain) => known - gain)], "arbook-line arbook-second arbook-dashed",
      { cut: true });
    drawn.keep(state.guess, n, first, known);
    const [x, y] = [chart.x(n), chart.y(known)], bracket = `M${x - 6},${y}H${x}V${chart.y(frontier[n])}`;
    chart.path("bracket", bracket, "arbook-line arbook-first arbook-strong-line");
    const off = ["true", "median", "discarded", "crashed", "kept", "sketch", "guess words"];
    chart.beside("gained", n, frontier[n], `${four(truth)} more`, "arbook-label arbook-first", off);
    const counted = (wanted) => fate.filter((f) => f === wanted).length, end = middle.length - 1;
    bench.show("real", { said: "", prompt: "" });
    return { sentence: `The agent kept ${counted(Fate.KEEP)} of ${n} experiments, and ${counted(Fate.CRASH)} crashed. `
      + `The first ${first} brought the loss from ${four(frontier[0])} to ${four(known)}, the other ${n - first} to `
      + `${four(frontier[n])}: ${four(truth)} more. `
      + `After ${first} experiments the model expected ${four(middle[end])}, `
      + `with 80 % between ${four(low[end])} and ${four(high[end])}. It came to less: ten experiments say little.` };
  }

  /** A night of the reader's own, some others with the same controls behind it, and where a thousand of them lie. */
  function drawOwn({ nights, seed, step, gamma, margin }) {
    const { all, y, mean } = run(Math.max(nights, 1), seed, n, step, gamma, margin), [mine] = all;
    const [low, middle, high] = (nights > 1 && !isStill() && crowd(seed, n, step, gamma, margin)) || [];
    if (low) y[0] = Math.min(y[0], low[n] - 0.001);
    chart.frame({ x: [0, n], y });
    if (low) chart.band("crowd", range(n + 1), low, high, "arbook-band arbook-many");
    if (nights) drawNights(chart, all);
    drawNight(chart, mine, y[1]);
    panel.legend([
      ["arbook-line arbook-first", "true loss of what is kept"],
      ["arbook-line arbook-second arbook-dashed", "what the log says"],
      ...(nights ? [["arbook-line arbook-many", "truth of other nights"]] : []),
      ...(low ? [["arbook-band arbook-many", "80\u00a0% of a thousand nights"]] : []),
      ["arbook-dot arbook-first", "kept"], ["arbook-dot arbook-hollow", "discarded"],
      ["arbook-line arbook-fourth arbook-cross", "crashed"],
    ]);
    const said = low ? `Of a thousand nights half come in truth to ${five(middle[n])} or less, and 80 % to between `
      + `${five(low[n])} and ${five(high[n])}.` : "";
    bench.show("own", { said, prompt: "" }); // beside the sentence, as it comes later
    if (nights < 2) return { sentence: saidOfNight(mine) };
    const error = standardError(all.map(({ trueMetric }) => trueMetric[n]));
    return { sentence: `${saidOfNight(mine)} The mean of ${plural(nights, "night")} is ${five(mean.true[n])} ± `
      + `${five(error)} in truth and ${five(mean.logged[n])} by their logs.` };
  }
});
