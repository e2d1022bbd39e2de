// The update rule, one experiment at a time: guess, measure, keep or discard.
import { normals, uniforms } from "./model/draws.js";
import { autoresearch, keep } from "./model/rule.js";
import { expectedFrontier, frontierStd } from "./model/totals.js";
import { formatNumber } from "./numbers.js";
import { explorer } from "./panel.js";

const SECONDS_PER_EXPERIMENT = 0.8; // while playing
const TOLD = 20; // experiments of a still, if it is not told how many

export default explorer((panel) => {
  const { n, f0 } = panel.data, bench = makeBench(panel);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric, bits per byte" });
  chart.layers("below", "above", "stems", "incumbent", "discarded", "kept", "crashed", "latest");
  panel.legend([
    ["arbook-line arbook-ink", "incumbent"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-fourth arbook-cross", "crashed"],
  ]);
  let run = { key: "" }; // the run, the reader's guesses in it, and how far it was seen
  let shown = 0;

  function runOf(state) {
    const key = [state.seed, state.sigma0, state.gamma, state.mu, state.crash, state.digits].join();
    if (run.key !== key) {
      const z = normals(state.seed, 1, n), u = uniforms(state.seed, 1, n, 1);
      const log = autoresearch(state, n, z, u, { crashRate: state.crash, digits: state.digits, f0 });
      run = { key, log, guesses: new Map(), seen: state.t };
    }
    run.seen = Math.max(run.seen, state.t);
    return run;
  }
  const step = () => panel.set({ t: Math.min(n, panel.state().t + 1) });
  panel.whenTold(() => panel.set({ t: panel.state().t || TOLD }));
  bench.connect({
    step,
    guess(saysKeep) {
      const state = panel.state(), { log, guesses, seen } = runOf(state), t = state.t;
      if (t === n) return;
      if (t === seen && !Number.isNaN(log.value[t + 1])) { // the answer was not on the page yet
        guesses.set(t, saysKeep);
        panel.score(saysKeep === log.kept[t + 1]);
      }
      step();
    },
    play: () => (panel.state().t < n ? step() : panel.set({ t: 0 })),
    goesOn: () => panel.figure.isConnected && panel.state().t < n,
  });

  return (state) => {
    const { log, guesses } = runOf(state), { t, digits, veiled } = state, { value, kept, frontier } = log;
    const metric = (v) => formatNumber(v, digits), next = t < n ? t + 1 : null;

    // the comparison; first of all the one that the question asks about
    const tie = veiled || (t === 0 && state.guess);
    const last = tie ? { variant: f0, best: f0 } : t > 0 ? { variant: value[t], best: frontier[t - 1] } : { best: f0 };
    bench.show({ ...last, metric, open: veiled, next, n, saidKeep: guesses.get(t - 1) });

    // the frame holds what the model leads one to expect, and what was measured so far
    const measured = value.slice(0, t + 1).filter((v) => !Number.isNaN(v));
    const low = Math.min(expectedFrontier(state, n, f0) - 2 * frontierStd(state, n), ...measured);
    const high = Math.max(f0 + 2.2 * state.sigma0 + Math.max(state.mu, 0), ...measured), room = (high - low) * 0.07;
    chart.frame({ x: [0, n + 1], y: [low - 2 * room, high + room], xTicks: [0, 5, 10, 15, 20, 25, 30] });
    drawNext(chart, next, n, frontier[t], [low - 2 * room, high + room]);

    const rows = Array.from({ length: t + 1 }, (_, i) => i), crashed = (i) => Number.isNaN(value[i]);
    const keeps = rows.filter((i) => kept[i]), crashes = rows.filter(crashed), discards = rows.filter((i) => !kept[i] && !crashed(i));
    const at = (some) => some.map((i) => value[i]), foot = chart.box.bottom - 12;
    const stem = (i) => `M${chart.x(i)},${chart.y(frontier[i])}V${chart.y(value[i])}`, cross = (i) => `M${chart.x(i) - 4},${foot - 4}l8,8m0,-8l-8,8`;
    chart.part("stems", "path", "arbook-line arbook-many").setAttribute("d", discards.map(stem).join(""));
    chart.line("incumbent", [...rows, next || n], [...frontier.slice(0, t + 1), frontier[t]], "arbook-line arbook-ink", { step: true });
    chart.dots("discarded", discards, at(discards), "arbook-dot arbook-hollow", 4);
    chart.dots("kept", keeps, at(keeps), "arbook-dot arbook-first", 4.5);
    chart.part("crashed", "path", "arbook-line arbook-fourth").setAttribute("d", crashes.map(cross).join(""));
    if (t > 0 && !crashed(t)) {
      const className = kept[t] ? "arbook-dot arbook-first" : "arbook-dot arbook-hollow";
      chart.dots("latest", [t], [value[t]], className, 6.5);
      if (t === shown + 1) dropIn(chart.part("latest", "path", className), chart.y(frontier[t - 1]) - chart.y(value[t]));
    } else chart.hide("latest");
    shown = t;

    const question = `The incumbent measures ${metric(f0)}, and so does the variant. Commit to an answer, or press Just show me.`;
    return { sentence: veiled ? question : saidOfRun(log, state, n, metric, guesses), truth: keep(f0, f0) ? 0 : 1 };
  };
});

// Where the next variant will land: below the incumbent it is kept.
function drawNext(chart, next, n, best, [bottom, top]) {
  if (next === null) return chart.hide("below", "above", "keep here", "discard here", "unknown");
  const sides = [next - 0.45, next + 0.45], flip = next > n - 5 ? -1 : 1;
  const beside = { anchor: flip > 0 ? "start" : "end", dx: flip * 0.75 * (chart.x(1) - chart.x(0)) };
  chart.band("below", sides, [bottom, bottom], [best, best], "arbook-band arbook-first");
  chart.band("above", sides, [best, best], [top, top], "arbook-band arbook-many");
  chart.text("keep here", next, bottom, "keep", "arbook-label arbook-first", { ...beside, dy: -10 });
  chart.text("discard here", next, top, "discard", "arbook-label arbook-soft", { ...beside, dy: 12 });
  chart.text("unknown", next, best, "?", "arbook-label arbook-mark", { anchor: "middle", dy: 6 });
}

function saidOfRun({ value, kept, frontier }, { t, crash }, n, metric, guesses) {
  const start = metric(frontier[0]);
  if (t === 0) {
    return `The baseline measures ${start} bits per byte and is the first incumbent. Guess what becomes of variant 1 of ${n}, `
      + `or press Step or Play. On average ${formatNumber(100 * crash, 0)} % of the variants crash.`;
  }
  const before = metric(frontier[t - 1]), now = metric(value[t]);
  const decision = Number.isNaN(value[t]) ? `crashed: no metric, one experiment spent, the incumbent stays at ${before}.`
    : kept[t] ? `measures ${now}, less than the incumbent's ${before}: KEEP. It is the new incumbent.`
    : value[t] === frontier[t - 1] ? `measures ${now}, exactly the incumbent's value: a tie, so DISCARD.`
    : `measures ${now}, more than the incumbent's ${before}: DISCARD.`;
  const past = Array.from({ length: t }, (_, i) => i + 1), count = (test) => past.filter(test).length;
  let words = `Variant ${t} ${decision} Of ${t} so far, ${count((i) => kept[i])} kept and ${count((i) => Number.isNaN(value[i]))} crashed (${formatNumber(crash * t, 1)} expected); `
    + `the incumbent's metric went from ${start} to ${metric(frontier[t])} and never rose.`;
  const guessed = [...guesses.keys()].filter((i) => i < t);
  if (guessed.length) {
    const right = guessed.filter((i) => guesses.get(i) === kept[i + 1]).length, discards = guessed.filter((i) => !kept[i + 1]).length;
    words += ` You guessed ${right} of ${guessed.length} right; always saying discard would have got ${discards}.`;
  }
  return words;
}

// A variant comes from the incumbent: its mark moves from there to its own metric.
function dropIn(mark, from) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const start = { transform: `translateY(${from}px)`, opacity: 0.3 }, end = { transform: "none", opacity: 1 };
  mark.animate([start, end], { duration: 260, easing: "ease-out" });
}

// The comparison itself, variant against incumbent, and the buttons below it.
function makeBench(panel) {
  const { element } = panel, row = element("div", "arbook-bench-row"), ask = element("div", "arbook-bench-ask");
  const cell = (words) => {
    const made = element("span", "arbook-bench-cell"), number = element("b");
    made.append(element("span", "arbook-bench-name", words), number);
    row.append(made);
    return number;
  };
  const mark = (className) => row.appendChild(element("span", className));
  const variant = cell("variant f(θ′)"), sign = mark("arbook-bench-sign"), incumbent = cell("incumbent f(θ*)"), verdict = mark("arbook-bench-verdict");

  let does = {}, timer = 0;
  const prompt = element("span", "arbook-bench-prompt"), guess = element("span", "arbook-bench-group"), play = element("span", "arbook-bench-group");
  const button = (name, words, parent, act) => {
    const made = panel.button(words, act, { parent });
    made.dataset.do = name;
    return made;
  };
  guess.append(prompt);
  const guesses = [
    button("keep", "Keep", guess, () => does.guess(true)),
    button("discard", "Discard", guess, () => does.guess(false)),
  ];
  for (const made of guesses) made.classList.add("arbook-primary");
  const stepButton = button("step", "Step", play, () => does.step());
  const playButton = button("play", "Play", play, () => {
    if (timer) return pause();
    playButton.textContent = "Pause";
    does.play();
    timer = setInterval(() => (does.goesOn() ? does.play() : pause()), SECONDS_PER_EXPERIMENT * 1000);
  });
  function pause() {
    clearInterval(timer);
    timer = 0;
    playButton.textContent = does.goesOn() ? "Play" : "Again";
  }

  const box = element("div", "arbook-bench");
  ask.append(guess, play);
  box.append(row, ask);
  panel.figure.append(box);

  return {
    connect(actions) { does = actions; },
    /** The decision of `f` against `best` (no variant: not yet), and the question about the next one. */
    show({ variant: f, best, metric, open, next, n, saidKeep }) {
      const none = f === undefined, crashed = Number.isNaN(f), kept = keep(f, best);
      variant.textContent = none ? "?" : crashed ? "none" : metric(f);
      incumbent.textContent = metric(best);
      sign.textContent = none || crashed || kept ? "<" : f === best ? "=" : ">";
      sign.dataset.unknown = none || crashed;
      const decision = open || none ? "" : crashed ? "crash" : kept ? "keep" : "discard";
      verdict.dataset.decision = decision;
      verdict.textContent = decision.toUpperCase() || "?";
      if (saidKeep !== undefined) {
        const words = saidKeep === kept ? "✓ you were right" : "✗ you said " + (saidKeep ? "keep" : "discard");
        verdict.append(element("span", "arbook-bench-hit", words));
      }
      guess.hidden = open;
      prompt.textContent = next ? `Variant ${next} of ${n}:` : `All ${n} decided.`;
      for (const made of [...guesses, stepButton]) made.setAttribute("aria-disabled", String(!next));
      if (!timer) playButton.textContent = next ? "Play" : "Again";
    },
  };
}
