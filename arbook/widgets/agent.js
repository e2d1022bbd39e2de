// The reader as the agent: changes by hand, measurements only, keep or discard; in the end what was true.
import { normals, uniforms } from "./model/draws.js";
import { fitNoisy, fitNormal, usedChanges } from "./model/fitting.js";
import { Fate } from "./model/loop.js";
import { DIGITS, PLACES, readTried, tableOf, writeTried } from "./agent_log.js";
import { drawExperiments } from "./nights.js";
import { formatNumber, latest, plural, range, significant, signed } from "./numbers.js";

const FEWEST = 8, DIFFERENT = 3; // changes that can be fitted, and values of theirs
const FILE = "results.tsv";
const NARROW = 480; // pixels in which two pictures are too small

/** A value of a knob at a place of it, in words. */
function shownOf({ low, high, log, whole, words }, u) {
  if (words.length) return words[Math.min(Math.floor(u * words.length), words.length - 1)];
  if (whole) return String(Math.min(low + Math.floor(u * (high - low + 1)), high));
  return significant(log ? low * (high / low) ** u : low + (high - low) * u, 2);
}

/** The panel of the reader's moves below the picture; `entered` is called where they begin. */
export function makeAgent(panel, { truth, entered }) {
  const { start, noise, knobs, ideas, budget, others } = panel.data, { element } = panel;
  const first = start.map((u) => Math.min(Math.floor(u * PLACES), PLACES - 1));
  const at = (places) => places.map((place, i) => (place === first[i] ? start[i] : (place + 0.5) / PLACES));
  /** @type {import("./agent_log.js").Tried[]} */
  let tried = [];
  /** @type {import("./chart.js").Chart | undefined} */
  let gains;
  let places = [...first], waits = false, seed = NaN; // waits: what is proposed is measured, and not decided

  // the row of ideas, the knobs, what comes next, and the log
  const box = element("div", "arbook-agent"), moves = element("div", "arbook-desk-row");
  const all = element("details"), grid = element("div", "arbook-knobs"), next = element("div", "arbook-bench-ask");
  const said = element("span", "arbook-bench-prompt"), group = element("span", "arbook-bench-group");
  const log = element("div", "arbook-desk-row"), note = element("span", "arbook-note");
  all.append(element("summary", "", `All ${knobs.length} knobs`), grid);
  next.append(said, group);
  box.append(moves, all, next, log);
  box.hidden = true;
  panel.below.append(box);
  const ideaButtons = ideas.map(({ words, moves: by }) => panel.button(words, () => {
    for (const [i, step] of by) places[i] = Math.min(Math.max(places[i] + step, 0), PLACES - 1);
    panel.redraw();
  }, { parent: moves }));
  const fields = knobs.map((knob, i) => {
    const label = element("label", "arbook-knob"), input = element("input"), value = element("b");
    Object.assign(input, { type: "range", min: 0, max: PLACES - 1, step: 1 });
    input.addEventListener("input", () => { places[i] = Number(input.value); panel.redraw(); });
    label.append(`${knob.name} `, value, input);
    grid.append(label);
    return { input, value };
  });
  const primary = (words, act) => {
    const made = panel.button(words, act, { parent: group });
    made.classList.add("arbook-primary");
    return made;
  };
  const decide = (kept) => { waits = false; take(kept); };
  const measure = primary("Measure", () => {
    waits = true;
    if (Number.isNaN(measurements([...tried, { places, kept: false }]).measured.at(-1))) decide(false);
    panel.redraw();
  });
  const keep = primary("Keep", () => decide(true)), discard = primary("Discard", () => decide(false));
  panel.button("Download the log", () => {
    const { measured, fate, logged } = measurements(tried), link = element("a");
    const words = tried.map((row, i) => changesOf(row.places, incumbent(i)) || "the same again");
    const table = tableOf(logged[0], measured, fate, words);
    link.href = URL.createObjectURL(new Blob([table], { type: "text/tab-separated-values" }));
    link.download = FILE;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, { parent: log });
  panel.button("Link to this log", async () => {
    history.replaceState(null, "", writeTried(seed, tried));
    try { await navigator.clipboard.writeText(location.href); note.textContent = "Copied."; }
    catch { note.textContent = "It is in the address bar."; }
  }, { parent: log });
  panel.button("Start over", () => begin(), { parent: log });
  log.append(note);

  function begin(given = []) {
    tried = given.map(({ places: row, kept }) => ({ places: row, kept }));
    waits = false;
    places = [...incumbent(tried.length)];
    note.textContent = "";
    panel.redraw();
  }
  function take(kept) {
    tried.push({ places: [...places], kept });
    places = [...incumbent(tried.length)];
    panel.redraw();
  }
  /** The places of what was kept last, before experiment i. */
  function incumbent(i) {
    return tried.slice(0, i).findLast(({ kept }) => kept)?.places ?? first;
  }
  function changesOf(to, from) {
    const u = at(to), moved = knobs.map((knob, i) => [knob.name, shownOf(knob, u[i]), i]);
    return moved.filter(([, , i]) => to[i] !== from[i]).map(([name, value]) => `${name} ${value}`).join(", ");
  }
  /** What a log of these has, and what is true of it. */
  function measurements(rows) {
    const luck = normals(seed, 1, budget + 1, 2), f = [truth(start)], logged = [f[0] + noise * luck[0]];
    /** @type {number[]} */
    const measured = [], fate = [], better = [];
    rows.forEach(({ places: row, kept }, t) => {
      const value = truth(at(row)), y = value + noise * luck[t + 1], crashed = Number.isNaN(value);
      measured.push(y);
      fate.push(crashed ? Fate.CRASH : kept ? Fate.KEEP : Fate.DISCARD);
      if (fate[t] === Fate.KEEP) better.push(Number(value < f[t]));
      f.push(fate[t] === Fate.KEEP ? value : f[t]);
      logged.push(fate[t] === Fate.KEEP ? y : logged[t]);
    });
    return { measured, fate, better, trueMetric: f, logged };
  }
  /** The true gain of random search in as many experiments, in each of many nights. */
  function randomGains(nights) {
    const d = start.length, u = uniforms(seed, nights, budget * d, 3), eta = normals(seed, nights, budget + 1, 4);
    return range(nights).map((night) => {
      let best = truth(start), logged = best + noise * eta[night * (budget + 1)];
      for (let t = 0; t < budget; t++) {
        const from = (night * budget + t) * d, f = truth(Array.from(u.subarray(from, from + d)));
        const y = f + noise * eta[night * (budget + 1) + t + 1];
        if (y < logged) [best, logged] = [f, y];
      }
      return truth(start) - best;
    });
  }
  function fromLink() {
    const found = readTried(location.hash, knobs.length, budget);
    if (!found) return;
    entered(true);
    panel.set({ seed: found.seed });
    seed = found.seed;
    begin(found.tried);
    panel.root.scrollIntoView({ block: "start", behavior: "instant" });
  }
  if (globalThis.location) {
    addEventListener("hashchange", fromLink, { signal: panel.signal });
    queueMicrotask(fromLink);
  }

  const five = (v) => formatNumber(v, 5);
  return {
    /** Show or hide the moves. */
    show(active) {
      box.hidden = !active;
      if (gains && !active) gains.host.hidden = true;
    },
    /** The log so far, and after the last experiment what it was worth, beside gains of the page's loop. */
    draw(state, one, loopGains) {
      if (seed !== state.seed) { seed = state.seed; tried = []; places = [...first]; waits = false; }
      const rows = waits ? [...tried, { places, kept: false }] : tried, found = measurements(rows);
      const t = tried.length, done = t === budget, { logged, measured, fate, trueMetric } = found;
      const known = logged.slice(0, t + 1), real = measured.filter((y) => y < logged[0] + 0.008);
      const y = [Math.min(...known, ...real, logged[0] - 0.006) - 0.001, Math.max(logged[0], ...real) + 0.002];
      one.frame({ x: [0, budget], y });
      drawExperiments(one, { measured: measured.slice(0, t), fate: fate.slice(0, t) }, y[1]);
      one.line("logged", range(t + 1), known, "arbook-line arbook-second arbook-dashed", { step: true });
      if (waits) one.dots("latest", [t + 1], [Math.min(measured[t], y[1])], "arbook-dot arbook-ink", 5);
      if (done) one.line("true", range(t + 1), trueMetric, "arbook-line arbook-first", { step: true });

      const u = at(places), moved = changesOf(places, incumbent(t));
      fields.forEach(({ input, value }, i) => {
        input.value = String(places[i]);
        input.disabled = waits || done;
        value.textContent = shownOf(knobs[i], u[i]);
      });
      for (const made of ideaButtons) made.disabled = waits || done;
      measure.hidden = waits || done;
      keep.hidden = discard.hidden = !waits;
      const crashed = fate[t - 1] === Fate.CRASH && !waits ? `Experiment ${t} crashed. ` : "";
      said.textContent = done ? `All ${budget} are done.`
        : waits ? `It measures ${five(measured[t])}, the best logged is ${five(logged[t])}.`
        : `${crashed}Experiment ${t + 1} of ${budget}: ${moved || "choose an idea, or turn knobs"}.`;
      if (!done) {
        if (gains) gains.host.hidden = true;
        const counts = `${plural(fate.slice(0, t).filter((f) => f === Fate.KEEP).length, "keep")} so far`;
        return `You are the agent: ${counts}, the log went from ${five(logged[0])} to ${five(logged[t])}. `
          + said.textContent;
      }
      const ends = gains ?? panel.chart({ xLabel: "true gain, bits per byte", yLabel: "who searched", left: 14 });
      gains = ends;
      ends.host.hidden = false;
      one.host.hidden = panel.root.clientWidth < NARROW;
      ends.measure();
      const loop = loopGains(budget), random = randomGains(loop.length), mine = trueMetric[0] - trueMetric[t];
      const groups = [["you", [mine]], ["random search", random], ["the loop of this page", loop], ...others];
      drawGains(ends, groups);
      const rest = groups.slice(1).map(([name, gains]) => `${name} ${five(mean(gains))}`).join(", ");
      return `Your log says a gain of ${five(logged[0] - logged[t])}, the truth is ${five(mine)}: of your `
        + `${plural(found.better.length, "keep")} ${found.better.filter(Boolean).length} made it better. `
        + `${saidOfFit(found, noise)} In the mean of as many experiments: ${rest}.`;
    },
  };
}

const mean = (/** @type {number[]} */ gains) => gains.reduce((sum, gain) => sum + gain, 0) / gains.length;

/** What the log as a file allows to fit: the changes against its best, and the run as a filter sees it. */
function readAsWritten({ logged, measured, fate }) {
  const [baseline, ...y] = [logged[0], ...measured].map((value) => Number(value.toFixed(DIGITS)));
  let best = baseline;
  const delta = y.map((value, t) => {
    const change = value - best;
    if (fate[t] === Fate.KEEP) best = Math.min(best, value);
    return change;
  });
  const used = usedChanges(delta), kept = used.map((is, t) => is && fate[t] === Fate.KEEP);
  const trace = { baseline, y: y.map((value, t) => (used[t] ? value : NaN)), kept, again: y.map(() => false) };
  return { delta, ts: range(y.length).filter((t) => used[t]), trace };
}

const fitted = latest((/** @type {string} */ written) => fitNoisy(JSON.parse(written, (_, v) => v ?? NaN)));

/** The fit of the model to the reader's changes, in words. */
function saidOfFit(found, noise) {
  const { delta, ts, trace } = readAsWritten(found), deltas = ts.map((t) => delta[t]);
  const far = delta.filter(Number.isFinite).length - ts.length, out = far ? `, ${far} far out left out,` : "";
  if (ts.length < FEWEST || new Set(deltas).size < DIFFERENT) {
    return `${plural(ts.length, "change")} without a crash: too few to fit the model to.`;
  }
  const free = fitted(JSON.stringify(trace)), { sigma0, gamma, mu } = free.identified ? free : fitNormal(ts, deltas);
  const [low, high] = free.interval.map((end) => significant(end, 2)), true_ = significant(noise, 2);
  const shown = `σ₀ = ${significant(sigma0)}, γ = ${formatNumber(gamma, 3)}`, bias = `μ = ${signed(mu)}`;
  const real = found.better.length ? "" : " Nothing was kept.";
  if (free.identified) {
    return `The model fits your changes${out} with ${shown}, ${bias} and the noise ν = ${significant(free.noise)} `
      + `(95 %: ${low} to ${high}); the true one is ${true_}.${real}`;
  }
  return `Without noise the model fits your changes${out} with ${shown} and ${bias}; their noise ν is not identified, `
    + `for so short a log allows ${low} to ${high} (95 %): the true one is ${true_}.${real}`;
}

/** Gains of several searchers, a row each: single ones as dots, their mean as a larger one. */
function drawGains(chart, groups) {
  const rows = groups.length, gains = groups.flatMap(([, some]) => some).concat(0);
  const low = Math.min(...gains), high = Math.max(...gains), room = 0.06 * (high - low || 0.001);
  chart.frame({ x: [low - room, high + room], y: [0, rows], yTicks: [], yFormat: String });
  groups.forEach(([name, some], i) => {
    const row = rows - i - 0.65, middle = mean(some);
    chart.dots(`gains ${i}`, some, some.map(() => row), "arbook-dot arbook-many", 3);
    chart.dots(`mean ${i}`, [middle], [row], `arbook-dot arbook-${i ? "second" : "first"}`, 5.5);
    chart.text(`name ${i}`, low - room, row + 0.42, name, "arbook-label arbook-soft", { dx: 4, dy: 8 });
  });
  chart.rule("zero", { x: 0 }, "arbook-line arbook-rule");
}
