// The first part of a real run; the reader bets on the rest; then the forecast and the truth.
import { nameY, perCent, plural, significant, unitOf } from "./runs.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { runs, levels } = panel.data, median = levels.length, about = panel.element("p", "arbook-about");
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "frontier", left: 58, height: () => 300 });
  const scale = panel.chart({ xLabel: " ", yLabel: "further gain", left: 56, height: () => 300 });
  chart.host.classList.add("arbook-wide");
  chart.layers("unseen", "band", "median", "split", "truth", "seen", "kept");
  scale.layers("bet", "interval", "median", "truth");
  const bets = new Map(); // by run and part: { low, high }, or { value }
  const opened = new Set(); // runs whose end is known
  let wasVeiled = false;

  const form = makeBetForm(panel, {
    commit(low, high) {
      const { run, sixths } = panel.state(), { truth } = runs[run - 1].forecasts[sixths];
      bets.set(run + "/" + sixths, { low, high });
      opened.add(run);
      panel.score(low <= truth && truth <= high);
      panel.redraw();
    },
    show() { opened.add(panel.state().run); panel.redraw(); },
  });

  return (state) => {
    const run = runs[state.run - 1], made = run.forecasts[state.sixths], { seen, truth } = made, { frontier } = run, n = frontier.length - 1;
    const { veiled, guess } = state, unit = unitOf(run.metric), key = state.run + "/" + state.sixths, atStart = Object.keys(panel.spec.start).every((name) => state[name] === panel.spec.start[name]);
    if (wasVeiled && !veiled && atStart) opened.add(state.run); // shown on request, or guessed
    if (guess && !bets.has("1/3")) bets.set("1/3", { value: guess.value });
    wasVeiled = veiled;
    const open = opened.has(state.run), bet = bets.get(key), row = levels.reduce((near, level, i) => (Math.abs(level - state.level) < Math.abs(levels[near] - state.level) ? i : near), 0), level = levels[row];
    const ends = [made.quantiles[row], made.quantiles[2 * median - row]], last = made.at.length - 1, low = ends[0][last], high = ends[1][last], middle = made.quantiles[median][last];
    const start = frontier[seen], gained = frontier[0] - start, some = gained || 0.1 * Math.abs(frontier[0]);
    about.replaceChildren(panel.element("b", "", run.name), `, ${run.searcher}. Its metric is ${run.metric}, and lower is better.`);
    panel.legend([
      ["arbook-line arbook-first", "seen"],
      ...(open ? [["arbook-line arbook-second", "median forecast"], ["arbook-band arbook-second", `${level} % of forecasts`], ["arbook-line arbook-ink arbook-dashed", "what happened"]] : []),
      ...(bet ? [["arbook-line arbook-third", "your bet"]] : []),
    ]);

    // the run
    const deepest = open ? Math.max(truth, high, bet?.high ?? bet?.value ?? 0) : 0.35 * some, room = 0.06 * (gained + deepest);
    const y = [start - deepest - room, frontier[0] + room], xs = Array.from({ length: n + 1 }, (_, t) => t);
    chart.frame({ x: [0, n], y });
    nameY(chart, unit === run.metric ? `frontier, ${run.metric}` : `frontier, ${unit}`);
    chart.line("seen", xs.slice(0, seen + 1), frontier.slice(0, seen + 1), "arbook-line arbook-first", { step: true });
    const keeps = xs.slice(1, seen + 1).filter((t) => run.kept[t]);
    chart.dots("kept", [0, ...keeps], [0, ...keeps].map((t) => frontier[t]), "arbook-dot arbook-first", 3.6);
    chart.rule("split", { x: seen }, "arbook-line arbook-rule");
    chart.hide("unseen", "ask", "band", "median", "truth");
    if (!open) {
      chart.band("unseen", [seen, n], [y[0], y[0]], [y[1], y[1]], "arbook-band arbook-many arbook-unseen");
      chart.text("ask", (seen + n) / 2, (y[0] + y[1]) / 2, veiled ? "How much further?" : `${level} % between what and what?`, "arbook-hint", { anchor: "middle" });
    } else {
      const at = [seen, ...made.at.map((more) => seen + more)], below = (gains) => [start, ...gains.map((gain) => start - gain)];
      chart.band("band", at, below(ends[0]), below(ends[1]), "arbook-band arbook-second");
      chart.line("median", at, below(made.quantiles[median]), "arbook-line arbook-second");
      chart.line("truth", xs.slice(seen), frontier.slice(seen), "arbook-line arbook-ink arbook-dashed", { step: true });
    }

    // the gain of the rest, on a scale of its own
    const top = 1.12 * (open ? Math.max(truth, high, bet?.high ?? bet?.value ?? 0) : some);
    scale.frame({ x: [0, 2], y: [0, top], xTicks: [0.5, 1.5], xFormat: (x) => (x < 1 ? "you" : "forecast") });
    nameY(scale, `gain of the next ${n - seen}, ${unit}`);
    scale.hide("bet", "interval", "median", "truth", "truth words");
    if (bet?.high !== undefined) drawInterval(scale, "bet", 0.5, bet.low, bet.high, "arbook-line arbook-third arbook-strong-line");
    else if (bet) scale.dots("bet", [0.5], [bet.value], "arbook-dot arbook-third", 6);
    if (open) {
      drawInterval(scale, "interval", 1.5, low, high, "arbook-line arbook-second arbook-strong-line");
      scale.dots("median", [1.5], [middle], "arbook-dot arbook-second", 6);
      scale.rule("truth", { y: truth }, "arbook-line arbook-ink arbook-dashed");
      scale.text("truth words", 1, truth, "truth", "arbook-label", { anchor: "middle", dy: truth > 0.85 * top ? 18 : -7 });
    }
    form.show({ hidden: veiled || open, level, unit, more: n - seen, key });

    // in words
    const before = `${run.name} improved ${plural(keeps.length, "time")} in its first ${seen} of ${n} experiments, by ${significant(gained)} ${unit === run.metric ? `(${unit})` : unit}.`;
    if (!open) return { sentence: before + (veiled ? " Commit to a guess for the rest, or move any control." : ` Between which two numbers will the gain of the other ${n - seen} lie, with ${level} %?`), truth };
    const inside = (a, b) => truth >= a && truth <= b, off = truth < low ? "below" : "above";
    let sentence = `${before} For the other ${n - seen} the forecast is a gain of ${significant(middle)}, with ${level} % between ${significant(low)} and ${significant(high)}, `
      + `and nothing at all with ${perCent(made.none)}. What happened: ${significant(truth)}, ${inside(low, high) ? "inside the band" : `outside, ${off} the band`}.`;
    if (bet?.high !== undefined) sentence += ` Your interval, ${significant(bet.low)} to ${significant(bet.high)}, ${inside(bet.low, bet.high) ? "holds it" : "misses it"}.`;
    if (start - high < 0 && y[1] > 0) sentence += " The band goes below 0, where this metric cannot go: a forecast knows only what the log taught it.";
    return { sentence: sentence + " " + tallyOf(runs, opened, bets, state.sixths, row, level, median), truth };
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
  return `So far the ${level} % band holds the truth in ${held} of ${plural(opened.size, "run")}` + (mine.length ? `, your intervals in ${right} of ${mine.length}.` : ".");
}

function drawInterval(chart, name, x, low, high, className) {
  const at = chart.x(x), cap = 9;
  chart.part(name, "path", className).setAttribute("d", `M${at - cap},${chart.y(low)}h${2 * cap}M${at},${chart.y(low)}V${chart.y(high)}M${at - cap},${chart.y(high)}h${2 * cap}`);
}

// "from ... to ...": the reader's interval.
function makeBetForm(panel, { commit, show }) {
  const form = panel.element("form", "arbook-game arbook-guess arbook-bet"), ask = panel.element("span", "arbook-bet-ask"), note = panel.element("span", "arbook-note"), unitWords = panel.element("span");
  form.noValidate = true;
  note.setAttribute("role", "alert");
  const field = (words, name) => {
    const label = panel.element("label", "", words + " "), input = panel.element("input");
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", size: 6, name });
    label.append(input);
    return [label, input];
  };
  const [from, low] = field("from", "low"), [to, high] = field("to", "high"), go = panel.element("button", "arbook-button arbook-primary", "Commit");
  form.append(ask, from, to, unitWords, go);
  panel.button("Just show me", show, { parent: form }).dataset.do = "show";
  form.append(note);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [a, b] = [low, high].map((input) => Number(input.value.trim().replace(",", ".") || NaN));
    if (a >= 0 && b >= a) { note.textContent = ""; return commit(a, b); }
    note.textContent = "Write two numbers, neither below 0, the smaller one first.";
    (a >= 0 ? high : low).focus();
  });
  panel.figure.append(form);
  let shown = "";
  return {
    show({ hidden, level, unit, more, key }) {
      form.hidden = hidden;
      ask.textContent = `Your ${level} % interval for the gain of the next ${more}:`;
      unitWords.textContent = unit;
      if (shown !== key) { low.value = high.value = note.textContent = ""; shown = key; }
    },
  };
}
