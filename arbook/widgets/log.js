// What a log says: frontier and variants, gain area, keep rate by position, five numbers. The log is one that
// comes with the book, or one that the reader opens: it is read here, and goes nowhere.
import { expectedRecords, recordsStd } from "./model/records.js";
import { decimals, formatNumber, perCent, plural, significant } from "./numbers.js";
import { makeDesk } from "./desk.js";
import { drawLog, drawRates, drawRecords } from "./log_charts.js";
import { LETTER, makeNamingGame, makeTiles, showRemarks } from "./log_parts.js";
import { RunLog } from "./reader/run.js";
import { peakKey, unitOf } from "./runs.js";
import { explorer } from "./panel.js";

export default explorer((panel) => {
  const { element } = panel;
  const shipped = panel.data.runs.map((run) => new RunLog({ ...run, value: run.value.map((v) => v ?? NaN) }));
  const random = 1 + panel.data.runs.findIndex((run) => run.searcher.startsWith("random search"));
  /** @type {import("./desk.js").OwnLog | undefined} */
  let own = ownOf(panel.data.own);
  let named = false, said = 0, rest = false; // of a still: what there is beside the answer
  const nameRuns = () => {
    const { runs } = panel.data, { presets } = panel.spec;
    panel.presets.forEach((button, i) => { button.textContent = named ? runs[i].name : presets[i].name; });
  };
  panel.whenTold(() => { rest = true; });
  panel.whenAsked(() => { named = false; nameRuns(); });

  const desk = own ? null : makeDesk(panel, { // a page about one run opens no other
    opened(file) { own = file; panel.set({ run: 0, part: 100 }); panel.redraw(); },
    changed: panel.redraw,
    show: () => panel.set({ run: 0 }),
  });
  const about = element("p", "arbook-about");
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric", left: 58, height: () => 290 });
  const rates = panel.chart({ xLabel: "experiments", yLabel: "keep rate", left: 46, height: () => 290 });
  chart.host.classList.add("arbook-wide");
  chart.layers("area", "other", "discarded", "frontier", "kept", "crashed", "off");
  rates.layers("luck", "intervals", "rates");
  panel.time({ name: "part", first: 10, last: () => 100 });
  const tiles = makeTiles(panel, ["experiments", "kept", "gain", "average gain", "of it in three steps"]);
  const game = makeNamingGame(panel, shipped.length, (run) => {
    if (run) { said = run; panel.score(run === random); }
    named = true;
    nameRuns();
    panel.redraw();
  });
  const remarks = element("details", "arbook-remarks");
  panel.below.append(remarks);

  return (state) => {
    const { veiled } = state, mine = state.run === 0 ? own : null, run = panel.data.runs[state.run - 1], luck = !veiled;
    desk?.show(mine ?? null);
    const names = panel.data.runs.map((each) => each.name);
    game.show({ hidden: veiled || state.run === 0, named, said, random, names });
    const offs = [50, 10, 4].map((n) => Math.abs(n - expectedRecords(100))), truth = offs.indexOf(Math.min(...offs));
    const whole = mine ? mine.log.segment(mine.segment) : shipped[state.run - 1];
    for (const part of [tiles.box, about, remarks, chart.host, rates.host]) part.hidden = !whole;
    if (!whole) {
      const words = "Open the results.tsv of a run, or drop it here; "
        + "or choose one of the runs that come with the book.";
      return { sentence: words, truth };
    }

    const n = Math.max(1, Math.floor((whole.nExperiments * state.part) / 100 + 0.5));
    const log = whole.nExperiments ? whole.first(n) : whole;
    const better = `${log.direction === "min" ? "lower" : "higher"} is better`;
    const name = mine ? mine.name : named ? run.name : `Run ${LETTER(state.run)}`;
    const told = mine ? `${desk ? "read in this page; " : ""}${better}`
      : named ? run.searcher : `its metric is ${log.metric}, and ${better}`;
    about.replaceChildren(element("b", "", name), `: ${told}.`);
    chart.nameY(log.metric === unitOf(log.metric) ? log.metric : `${log.metric}, ${unitOf(log.metric)}`);

    drawLog(chart, log);
    const asked = state.told && !rest; // then the picture is about luck, which comes first
    rates.host.classList.toggle("arbook-asked", asked);
    panel.legend([
      ["arbook-line arbook-ink", "frontier"],
      ["arbook-band arbook-key-ink", "gain area"],
      ["arbook-dot arbook-first", "kept"],
      ["arbook-dot arbook-hollow", "discarded"],
      ["arbook-line arbook-fourth arbook-cross", "crashed"],
      peakKey("arbook-many", "beyond the picture"),
      ["arbook-line arbook-second arbook-dashed", "luck alone"],
      asked && ["arbook-band arbook-second", "± 1 standard deviation"],
    ].filter(Boolean));
    if (asked) drawRecords(rates, state.guess && [50, 10, 4][state.guess.index]);
    else drawRates(rates, log, state.bins, luck);
    const unit = unitOf(log.metric), largest = log.steps.slice(0, 3);
    tiles.show([
      String(log.outcomes.length),
      log.outcomes.length ? `${log.keeps} (${perCent(log.keepRate)})` : "0",
      significant(log.gain), significant(log.averageGain),
      log.gain > 0 ? perCent(log.shareOfThreeLargest) : "none",
    ]);
    showRemarks(remarks, element, mine ? mine.log.issues : [], largest, log, unit);
    return { sentence: saidOfLog(log, name, largest, luck), truth };
  };
});

// The run of a page about one run, as if it had been opened.
function ownOf(run) {
  if (!run) return undefined;
  const log = new RunLog({ ...run, value: run.value.map((v) => v ?? NaN) });
  return { name: run.name, bytes: new Uint8Array(), log, segment: 0, wishes: {} };
}

function saidOfLog(log, name, largest, luck) {
  const { outcomes, gain, f0 } = log, n = outcomes.length, count = (word) => outcomes.filter((s) => s === word).length;
  if (!n && log.value.length) return `${name} has a baseline and no experiment.`;
  if (!n) return `${name} has a header and no rows: the run never started.`;
  const crashes = count("crash"), discards = count("discard"), other = n - log.keeps - crashes - discards;
  let words = `In ${plural(n, "experiment")} ${name} kept ${log.keeps} (${perCent(log.keepRate)}), `
    + `discarded ${discards}`
    + (crashes ? ` and lost ${plural(crashes, "crash", "crashes")}` : "")
    + `${other ? `; ${other} ${other === 1 ? "has" : "have"} another status` : ""}. `;
  if (Number.isNaN(f0)) return `${words}Nothing was kept with a metric, so it has no frontier.`;
  if (!gain) words += `The frontier stayed at ${significant(f0, 4)}: no gain.`;
  else {
    const digits = decimals(gain), unit = unitOf(log.metric);
    const share = largest.length < 3 ? "all of it" : perCent(log.shareOfThreeLargest);
    words += `The frontier went from ${formatNumber(f0, digits)} to ${formatNumber(log.frontier.at(-1), digits)}, `
      + `a gain of ${significant(gain)}${unit === log.metric ? "" : ` ${unit}`}; the gain area was `
      + `${significant(log.gainArea)}, the average gain ${significant(log.averageGain)}, `
      + `and ${share} came in ${plural(largest.length, "step")}.`;
  }
  const measured = log.delta.filter((d) => !Number.isNaN(d)), better = measured.filter((d) => d < 0).length;
  if (!luck || !measured.length) return words;
  const records = [expectedRecords, recordsStd].map((law) => formatNumber(law(measured.length), 1));
  return `${words} ${better} of ${plural(measured.length, "measured variant")} improved; `
    + `luck alone would bring ${records.join(" ± ")}.`;
}
