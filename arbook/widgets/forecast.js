// The first part of a real run; the reader bets on the rest; then the forecast and the truth.
import { perCent, plural, range, significant } from "./numbers.js";
import { unitOf } from "./runs.js";
import { makeBetForm } from "./bet_form.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { runs, levels } = panel.data, median = levels.length, about = panel.element("p", "arbook-about");
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier", left: 58, height: () => 300 });
  const scale = panel.chart({ xLabel: " ", yLabel: "further gain", left: 56, height: () => 300 });
  chart.host.classList.add("arbook-wide");
  chart.layers("unseen", "band", "median", "split", "truth", "seen", "kept");
  scale.layers("bet", "interval", "median", "truth");
  panel.time({ last: ({ run }) => runs[run - 1].frontier.length - 1, show: (t) => chart.uncover(t ?? undefined) });
  panel.whenAsked(() => { bets.clear(); opened.clear(); });
  const bets = new Map(); // by run and part: { low, high }, or { value }
  const opened = new Set(); // runs whose end is known
  let wasVeiled = false;

  const form = makeBetForm(panel, {
    commit(low, high) {
      const { run, sixths } = panel.state(), { truth } = runs[run - 1].forecasts[sixths];
      bets.set(`${run}/${sixths}`, { low, high });
      opened.add(run);
      panel.score(low <= truth && truth <= high);
      panel.redraw();
    },
    show() { opened.add(panel.state().run); panel.redraw(); },
    changed: panel.redraw,
  });

  return (state) => {
    const run = runs[state.run - 1], made = run.forecasts[state.sixths], { seen, truth } = made;
    const { frontier } = run, n = frontier.length - 1, key = `${state.run}/${state.sixths}`;
    const { veiled, guess } = state, unit = unitOf(run.metric);
    if (wasVeiled && !veiled && panel.atStart()) opened.add(state.run); // shown on request, or guessed
    if (guess && !bets.has("1/3")) bets.set("1/3", { value: guess.value });
    wasVeiled = veiled;
    const isKnown = truth !== null, open = !isKnown || opened.has(state.run), bet = bets.get(key);
    const offs = levels.map((level) => Math.abs(level - state.level));
    const row = offs.indexOf(Math.min(...offs)), level = levels[row], last = made.at.length - 1;
    const more = made.at[last], end = seen + more; // beyond the run where what happens is not known
    const shown = [row, 2 * median - row, median].map((i) => made.quantiles[i]);
    const [low, high, middle] = shown.map((quantile) => quantile[last]);
    const start = frontier[seen], gained = frontier[0] - start, some = gained || 0.1 * Math.abs(frontier[0]);
    const is = `, ${run.searcher}. Its metric is ${run.metric}, and lower is better.`;
    about.replaceChildren(panel.element("b", "", run.name), is);
    panel.legend([
      ["arbook-line arbook-first", "seen"],
      open && ["arbook-line arbook-second", "median forecast"],
      open && ["arbook-band arbook-second", `${level} % of forecasts`],
      open && isKnown && ["arbook-line arbook-ink arbook-dashed", "what happened"],
      bet && ["arbook-line arbook-third", "your bet"],
    ].filter(Boolean));

    // the run
    const largest = Math.max(truth, high, bet?.high ?? bet?.value ?? 0), deepest = open ? largest : 0.35 * some;
    const room = 0.06 * (gained + deepest), xs = range(n + 1);
    const bottom = start - deepest - room, top = frontier[0] + room;
    chart.frame({ x: [0, end], y: [bottom, top] });
    chart.nameY(`frontier, ${unit}`);
    chart.line("seen", xs.slice(0, seen + 1), frontier.slice(0, seen + 1), "arbook-line arbook-first", { step: true });
    const keeps = xs.slice(1, seen + 1).filter((t) => run.kept[t]);
    chart.dots("kept", [0, ...keeps], [0, ...keeps].map((t) => frontier[t]), "arbook-dot arbook-first", 3.6);
    chart.rule("split", { x: seen }, "arbook-line arbook-rule");
    chart.hide("unseen", "ask", "band", "median", "truth");
    if (!open) {
      const words = veiled ? "How much further?" : `${level} % between what and what?`;
      chart.band("unseen", [seen, n], [bottom, bottom], [top, top], "arbook-band arbook-many arbook-unseen");
      chart.ask((seen + n) / 2, (bottom + top) / 2, words);
    } else {
      const at = [seen, ...made.at.map((more) => seen + more)];
      const [lows, highs, middles] = shown.map((gains) => [start, ...gains.map((gain) => start - gain)]);
      chart.band("band", at, lows, highs, "arbook-band arbook-second");
      chart.line("median", at, middles, "arbook-line arbook-second");
      if (isKnown) {
        const kind = "arbook-line arbook-ink arbook-dashed";
        chart.line("truth", xs.slice(seen), frontier.slice(seen), kind, { step: true });
      }
    }

    // the gain of the rest, on a scale of its own
    const most = 1.12 * (open ? largest : some), mine = open && !bet ? "" : "you";
    scale.frame({ x: [0, 2], y: [0, most], xTicks: [0.5, 1.5], xFormat: (x) => (x < 1 ? mine : "forecast") });
    scale.nameY(`gain of the next ${more}, ${unit}`);
    scale.hide("bet", "interval", "median", "truth", "truth words");
    if (bet?.high !== undefined) drawInterval(scale, "bet", 0.5, bet.low, bet.high, "arbook-third");
    else if (bet) scale.dots("bet", [0.5], [bet.value], "arbook-dot arbook-third", 6);
    scale.hide("guess", "guess words");
    if (veiled) {
      const at = Math.min(state.offer ?? 0.3 * most, most);
      if (state.offer) scale.guess(0.5, at, 10, 4);
      scale.grip("offer", 0.5, at, (_, y) => panel.fill(y), "arbook-ink");
    } else if (!open) {
      const usual = [0.2 * most, 0.5 * most];
      const [a, b] = form.numbers().map((v, i) => (v >= 0 ? Math.min(v, most) : usual[i]));
      drawInterval(scale, "bet", 0.5, a, b, "arbook-third");
      scale.grip("low", 0.5, a, (_, y) => form.fill(Math.min(y, b), b), "arbook-third");
      scale.grip("high", 0.5, b, (_, y) => form.fill(a, Math.max(y, a)), "arbook-third");
    }
    if (open) {
      drawInterval(scale, "interval", 1.5, low, high, "arbook-second");
      scale.dots("median", [1.5], [middle], "arbook-dot arbook-second", 6);
    }
    if (open && isKnown) {
      scale.rule("truth", { y: truth }, "arbook-line arbook-ink arbook-dashed");
      const place = { anchor: "middle", dy: truth > 0.85 * most ? 18 : -7 };
      scale.text("truth words", bet ? 1 : 0.5, truth, `truth ${significant(truth)}`, "arbook-label", place);
    }
    form.show({ hidden: veiled || open, level, unit, more, key });

    // in words
    const inUnit = unit === run.metric ? `(${unit})` : unit;
    const part = isKnown ? `first ${seen} of ${n}` : n;
    const before = `${run.name} improved ${plural(keeps.length, "time")} in its ${part} experiments, `
      + `by ${significant(gained)} ${inUnit}.`;
    if (veiled) return { sentence: `${before} Commit to a guess for the rest, or move any control.`, truth };
    if (!open) {
      const words = `Between which two numbers will the gain of the other ${more} lie, with ${level} %?`;
      return { sentence: `${before} ${words}`, truth };
    }
    const inside = (a, b) => truth >= a && truth <= b, off = truth < low ? "below" : "above";
    let sentence = `${before} For the ${isKnown ? "other" : "next"} ${more} the forecast is a gain of `
      + `${significant(middle)}, with ${level} % between ${significant(low)} and ${significant(high)}, `
      + `and nothing at all with ${perCent(made.none)}.`;
    if (!isKnown) return { sentence, truth };
    sentence += ` What happened: ${significant(truth)}, `
      + `${inside(low, high) ? "inside the band" : `outside, ${off} the band`}.`;
    if (bet?.high !== undefined) {
      const holds = inside(bet.low, bet.high) ? "holds it" : "misses it";
      sentence += ` Your interval, ${significant(bet.low)} to ${significant(bet.high)}, ${holds}.`;
    }
    if (start - high < 0 && top > 0) {
      sentence += " The band goes below 0, where this metric cannot go: a forecast knows only what the log taught it.";
    }
    return { sentence: `${sentence} ${tallyOf(runs, opened, bets, state.sixths, row, level, median)}`, truth };
  };
});

// How often the band held the truth over the runs that are open, and how often the reader's did.
function tallyOf(runs, opened, bets, sixths, row, level, median) {
  const holds = (run) => {
    const { quantiles, at, truth } = runs[run - 1].forecasts[sixths], end = at.length - 1;
    return quantiles[row][end] <= truth && truth <= quantiles[2 * median - row][end];
  };
  const held = [...opened].filter(holds).length, mine = [...bets].filter(([, bet]) => bet.high !== undefined);
  const right = mine.filter(([key, bet]) => {
    const [run, part] = key.split("/"), { truth } = runs[run - 1].forecasts[part];
    return bet.low <= truth && truth <= bet.high;
  }).length;
  const yours = mine.length ? `, your intervals in ${right} of ${mine.length}` : "";
  return `So far the ${level} % band holds the truth in ${held} of ${plural(opened.size, "run")}${yours}.`;
}

function drawInterval(chart, name, x, low, high, colour) {
  const at = chart.x(x), from = chart.y(low), to = chart.y(high), cap = (y) => `M${at - 9},${y}h18`;
  chart.path(name, `${cap(from)}M${at},${from}V${to}${cap(to)}`, `arbook-line ${colour} arbook-strong-line`);
}
