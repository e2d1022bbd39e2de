// What a log says: frontier and variants, gain area, keep rate by position, five numbers. The log is one that
// comes with the book, or one that the reader opens: it is read here, and goes nowhere.
import { wilsonInterval } from "./model/rates.js";
import { expectedRecords, recordsStd } from "./model/records.js";
import { formatNumber } from "./svg.js";
import { decimals, drawPeaks, nameY, perCent, plural, significant, unitOf } from "./runs.js";
import { LogError, RunLog, readLog } from "./reader.js";
import { explorer } from "./panel.js";

const LARGEST_FILE = 10e6; // bytes
const MOST_DOTS = 4000;
const MOST_REMARKS = 200;
const LETTER = (run) => String.fromCharCode(64 + run);

export default explorer((panel) => {
  const { element } = panel, shipped = panel.data.runs.map((run) => new RunLog({ ...run, value: run.value.map((v) => v ?? NaN) }));
  const random = 1 + panel.data.runs.findIndex((run) => run.searcher.startsWith("random search"));
  const presets = [...panel.figure.parentElement.querySelectorAll("[data-preset]")];
  let own = null, named = false, said = 0;

  const desk = makeDesk(panel, {
    opened(file) { own = file; panel.set({ run: 0, part: 100 }); panel.redraw(); },
    changed: panel.redraw,
    show: () => panel.set({ run: 0 }),
  });
  const about = element("p", "arbook-about");
  panel.figure.before(about);
  const chart = panel.chart({ xLabel: "experiments", yLabel: "metric", left: 58, height: () => 290 });
  const rates = panel.chart({ xLabel: "experiments", yLabel: "keep rate, with 95 % intervals", left: 46, height: () => 290 });
  chart.host.classList.add("arbook-wide");
  chart.layers("area", "other", "discarded", "frontier", "kept", "crashed", "off");
  rates.layers("luck", "intervals", "rates");
  panel.legend([
    ["arbook-line arbook-ink", "frontier"],
    ["arbook-band arbook-key-ink", "gain area"],
    ["arbook-dot arbook-first", "kept"],
    ["arbook-dot arbook-hollow", "discarded"],
    ["arbook-line arbook-fourth arbook-cross", "crashed"],
    ["arbook-line arbook-second arbook-dashed", "luck alone"],
  ]);
  const tiles = makeTiles(panel, ["experiments", "kept", "gain", "average gain", "of it in three steps"]);
  const game = makeNamingGame(panel, shipped.length, (run) => {
    if (run) { said = run; panel.score(run === random); }
    named = true;
    presets.forEach((button, i) => { button.textContent = panel.data.runs[i].name; });
    panel.redraw();
  });
  const remarks = element("details", "arbook-remarks");
  panel.figure.append(remarks);

  return (state) => {
    const { veiled } = state, mine = state.run === 0, luck = !veiled;
    desk.show(mine ? own : null);
    game.show({ hidden: veiled || mine, named, said, random, names: panel.data.runs.map((run) => run.name) });
    const truth = [50, 10, 4].map((n) => Math.abs(n - expectedRecords(100))).reduce((best, off, i, all) => (off < all[best] ? i : best), 0);
    const whole = mine ? own && own.log.segments[own.segment] : shipped[state.run - 1];
    for (const part of [tiles.box, about, remarks, ...panel.figure.querySelectorAll(".arbook-chart")]) part.hidden = !whole;
    if (!whole) return { sentence: "Open the results.tsv of a run, or drop it here; or choose one of the runs that come with the book.", truth };

    const n = Math.max(1, Math.floor((whole.nExperiments * state.part) / 100 + 0.5)), log = whole.nExperiments ? whole.first(n) : whole;
    const name = mine ? own.name : named ? panel.data.runs[state.run - 1].name : "Run " + LETTER(state.run);
    const told = mine ? `read in this page; ${log.direction === "min" ? "lower" : "higher"} is better.`
      : named ? panel.data.runs[state.run - 1].searcher + "." : `its metric is ${log.metric}, and ${log.direction === "min" ? "lower" : "higher"} is better.`;
    about.replaceChildren(element("b", "", name), ": " + told);
    nameY(chart, log.metric === unitOf(log.metric) ? log.metric : `${log.metric}, ${unitOf(log.metric)}`);

    drawLog(chart, log);
    drawRates(rates, log, state.bins, luck);
    const unit = unitOf(log.metric), largest = log.steps.slice(0, 3);
    tiles.show([
      String(log.outcomes.length),
      log.outcomes.length ? `${log.keeps} (${perCent(log.keepRate)})` : "0",
      significant(log.gain), significant(log.averageGain),
      log.gain > 0 ? perCent(log.shareOfThreeLargest) : "none",
    ]);
    showRemarks(remarks, element, mine ? own.log.issues : [], largest, log, unit);
    return { sentence: saidOfLog(log, name, largest, luck), truth };
  };
});

function saidOfLog(log, name, largest, luck) {
  const { outcomes, gain, f0 } = log, n = outcomes.length, count = (word) => outcomes.filter((s) => s === word).length;
  if (!n) return log.value.length ? `${name} has a baseline and no experiment.` : `${name} has a header and no rows: the run never started.`;
  const crashes = count("crash"), discards = count("discard"), other = n - log.keeps - crashes - discards;
  let words = `In ${plural(n, "experiment")} ${name} kept ${log.keeps} (${perCent(log.keepRate)}), discarded ${discards}`
    + `${crashes ? ` and lost ${plural(crashes, "crash", "crashes")}` : ""}${other ? `; ${other} ${other === 1 ? "has" : "have"} another status` : ""}. `;
  if (Number.isNaN(f0)) return words + "Nothing was kept with a metric, so it has no frontier.";
  if (!gain) words += `The frontier stayed at ${significant(f0, 4)}: no gain.`;
  else {
    const digits = decimals(gain), unit = unitOf(log.metric);
    words += `The frontier went from ${formatNumber(f0, digits)} to ${formatNumber(log.frontier.at(-1), digits)}, a gain of ${significant(gain)}${unit === log.metric ? "" : " " + unit}; `
      + `the gain area was ${significant(log.gainArea)}, the average gain ${significant(log.averageGain)}, and ${largest.length < 3 ? "all of it" : perCent(log.shareOfThreeLargest)} came in ${plural(largest.length, "step")}.`;
  }
  const measured = log.delta.filter((d) => !Number.isNaN(d)), better = measured.filter((d) => d < 0).length;
  if (luck && measured.length) {
    words += ` ${better} of ${plural(measured.length, "measured variant")} improved; luck alone would bring ${formatNumber(expectedRecords(measured.length), 1)} ± ${formatNumber(recordsStd(measured.length), 1)}.`;
  }
  return words;
}

// ---------------------------------------------------------------- pictures

// Frontier and variants. The frame holds the frontier and nine tenths of the variants; triangles
// stand for the others.
function drawLog(chart, log) {
  const { sign, value, status, frontier } = log, n = log.nExperiments;
  const costs = value.filter((v) => !Number.isNaN(v)).map((v) => sign * v).sort((a, b) => a - b);
  chart.hide("area", "other", "discarded", "frontier", "kept", "crashed", "off", "none");
  if (!costs.length) {
    chart.frame({ x: [0, Math.max(n, 1)], y: [0, 1] });
    return chart.text("none", Math.max(n, 1) / 2, 0.5, "no metric", "arbook-hint", { anchor: "middle" });
  }
  const best = costs[0], nine = costs[Math.floor(0.9 * (costs.length - 1))], top = Math.max(nine, Number.isNaN(log.f0) ? nine : sign * log.f0);
  const room = 0.08 * (top - best) || 0.1 * Math.abs(top) || 1, far = top + room, [low, high] = [sign * (best - 1.5 * room), sign * far].sort((a, b) => a - b);
  chart.frame({ x: [0, Math.max(n, 1)], y: [low, high] });
  const rows = value.map((_, i) => i), isIn = (i) => sign * value[i] <= far, thin = (some) => (some.length <= MOST_DOTS ? some : some.filter((_, i) => i % Math.ceil(some.length / MOST_DOTS) === 0));
  const dots = (name, some, className, r) => chart.dots(name, some, some.map((i) => value[i]), className, r), small = n > 300 ? 2.4 : 3.8;
  const measured = rows.filter((i) => !Number.isNaN(value[i]));
  dots("discarded", thin(measured.filter((i) => status[i] !== "keep" && isIn(i))), "arbook-dot arbook-hollow", small);
  dots("kept", thin(measured.filter((i) => status[i] === "keep" && isIn(i))), "arbook-dot arbook-first", small + 0.7);
  drawPeaks(chart, "off", thin(measured.filter((i) => !isIn(i))), "arbook-peak arbook-many", { below: sign < 0 });
  const crashes = thin(rows.filter((i) => status[i] === "crash")), foot = chart.box.bottom - 9;
  chart.part("crashed", "path", "arbook-line arbook-fourth").setAttribute("d", crashes.map((i) => `M${chart.x(i) - 4},${foot - 4}l8,8m0,-8l-8,8`).join(""));
  const start = frontier.findIndex((v) => !Number.isNaN(v));
  if (start >= 0) { // only where it turns: a run of ten thousand has few corners
    const corners = rows.slice(start).filter((i) => i === start || i === rows.length - 1 || frontier[i] !== frontier[i - 1]);
    const xs = corners.flatMap((i, k) => (k ? [i, i] : [i])), ys = corners.flatMap((i, k) => (k ? [frontier[corners[k - 1]], frontier[i]] : [frontier[i]]));
    chart.band("area", xs, ys, ys.map(() => log.f0), "arbook-band arbook-key-ink");
    chart.line("frontier", corners, corners.map((i) => frontier[i]), "arbook-line arbook-ink", { step: true });
  }
  return chart;
}

function drawRates(chart, log, bins, luck) {
  const { outcomes } = log, n = outcomes.length, edges = [...new Set(Array.from({ length: bins + 1 }, (_, b) => Math.floor((b * n) / bins + 0.5)))];
  chart.frame({ x: [0, Math.max(n, 1)], y: [0, 1], yTicks: [0, 0.25, 0.5, 0.75, 1], yFormat: perCent });
  let intervals = "";
  const xs = [], ys = [];
  for (let b = 1; b < edges.length; b++) {
    const size = edges[b] - edges[b - 1], kept = outcomes.slice(edges[b - 1], edges[b]).filter((s) => s === "keep").length;
    const { rate, low, high } = wilsonInterval(kept, size), x = (edges[b] + edges[b - 1]) / 2;
    intervals += `M${chart.x(x) - 5},${chart.y(low)}h10m-5,0V${chart.y(high)}m-5,0h10`;
    xs.push(x);
    ys.push(rate);
  }
  chart.part("intervals", "path", "arbook-line arbook-first arbook-thin").setAttribute("d", intervals);
  chart.dots("rates", xs, ys, "arbook-dot arbook-first", 5);
  if (!luck || !n) return chart.hide("luck");
  const at = Array.from({ length: Math.min(n, 200) + 1 }, (_, i) => (i * n) / Math.min(n, 200));
  return chart.line("luck", at, at.map((t) => 1 / (t + 2)), "arbook-line arbook-second arbook-dashed");
}

// A row of numbers with their names.
function makeTiles({ element, figure }, names) {
  const box = element("dl", "arbook-tiles");
  const numbers = names.map((name) => {
    const tile = element("div"), number = element("dd");
    tile.append(element("dt", "", name), number);
    box.append(tile);
    return number;
  });
  figure.append(box);
  return { box, show: (values) => values.forEach((value, i) => { numbers[i].textContent = value; }) };
}

// What was not used of a log, and its largest gains.
function showRemarks(details, element, issues, largest, log, unit) {
  const list = (items) => {
    const made = element("ul");
    made.append(...items.map((words) => element("li", "", words)));
    return made;
  };
  const gains = largest.map(({ experiment, size }) => {
    const words = (log.description[experiment] || "").split("\n")[0].slice(0, 200);
    return `experiment ${experiment}: ${significant(size)}${unit === log.metric ? "" : " " + unit}${words ? ", " + words : ""}`;
  });
  const open = details.open, heads = [];
  if (issues.length) heads.push(plural(issues.length, "remark") + " of the reader");
  if (gains.length) heads.push(gains.length > 1 ? `the ${["", "", "two", "three"][gains.length]} largest steps` : "the only step");
  details.hidden = !heads.length;
  const summary = heads.join(", and ");
  details.replaceChildren(element("summary", "", summary.charAt(0).toUpperCase() + summary.slice(1)));
  if (issues.length) {
    details.append(element("p", "", "Not used, or used only after an assumption:"), list(issues.slice(0, MOST_REMARKS).map(({ line, reason }) => `line ${line}: ${reason.replace("see direction=", "or choose above").replace("metric= names another one", "choose another one above")}`)));
    if (issues.length > MOST_REMARKS) details.append(element("p", "", `and ${issues.length - MOST_REMARKS} more.`));
  }
  if (gains.length) details.append(element("p", "", "The largest steps of the frontier:"), list(gains));
  details.open = open;
}

// ---------------------------------------------------------------- which one is random search?

function makeNamingGame(panel, count, answer) {
  const box = panel.element("div", "arbook-game arbook-naming"), prompt = panel.element("span", "", "Which of them is random search?"), choices = panel.element("span", "arbook-choices");
  prompt.setAttribute("aria-live", "polite");
  for (let run = 1; run <= count; run++) panel.button(LETTER(run), () => answer(run), { parent: choices }).dataset.say = run;
  panel.button("Show the names", () => answer(0), { parent: choices }).dataset.say = "names";
  box.append(prompt, choices);
  panel.figure.append(box);
  return {
    show({ hidden, named, said, random, names }) {
      box.hidden = hidden;
      choices.hidden = named;
      if (!named) return;
      const it = `Random search is run ${LETTER(random)}, ${names[random - 1]}.`;
      prompt.textContent = said === 0 ? it : said === random ? `You said ${LETTER(said)}. So it is: ${names[random - 1]}.` : `You said ${LETTER(said)}, which is ${names[said - 1]}. ${it}`;
    },
  };
}

// ---------------------------------------------------------------- the reader's own log

// File picker, drop zone, and what has to be said about a file: { name, bytes, log, segment }.
function makeDesk(panel, { opened, changed, show }) {
  const { element } = panel, root = panel.figure.parentElement;
  const desk = element("div", "arbook-desk"), row = element("div", "arbook-desk-row"), label = element("label", "arbook-button arbook-file"), input = element("input");
  input.type = "file";
  input.accept = ".tsv,.csv,.txt,.log,text/*";
  label.append(input, "Open your own results.tsv");
  row.append(label, element("span", "arbook-note", "or drop it here. It is read in this page and never leaves your computer."));
  const trouble = element("p", "arbook-trouble"), options = element("div", "arbook-desk-row");
  trouble.setAttribute("role", "alert");
  trouble.hidden = true;
  desk.append(row, trouble, options);
  root.querySelector(".arbook-legend").before(desk);
  let file = null;

  const complain = (words) => { trouble.hidden = false; trouble.textContent = words; };
  function read(name, bytes, wishes) {
    try {
      const log = readLog(bytes, { source: name, ...wishes });
      file = { name, bytes, log, segment: log.segments.length - 1, wishes };
      trouble.hidden = true;
      return file;
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      complain(`${name} cannot be read. ${error.message.charAt(0).toUpperCase() + error.message.slice(1)}`);
      return null;
    }
  }
  async function open(chosen) {
    if (!chosen) return;
    const name = chosen.name || "the file";
    if (chosen.size > LARGEST_FILE) return complain(`${name} has ${formatNumber(chosen.size / 1e6, 1)} MB. This page reads up to 10 MB, and a log is far smaller; is it the right file?`);
    let bytes;
    try { bytes = new Uint8Array(await chosen.arrayBuffer()); } catch { return complain(`${name} could not be opened by the browser: choose it again.`); }
    if (read(name, bytes, {})) opened(file);
  }
  input.addEventListener("change", () => { open(input.files[0]); input.value = ""; });
  const hold = (event) => {
    if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
    event.preventDefault();
    desk.dataset.over = event.type === "dragover" ? "true" : "false";
    if (event.type === "drop") open(event.dataTransfer.files[0]);
  };
  for (const type of ["dragover", "dragleave", "drop"]) root.addEventListener(type, hold);

  const field = (words, choices, chosen, change) => {
    const made = element("label", "arbook-field", words + " "), select = element("select");
    choices.forEach(([value, text]) => select.append(Object.assign(element("option", "", text), { value, selected: value === chosen })));
    select.addEventListener("change", () => change(select.value));
    made.append(select);
    return made;
  };
  const back = panel.button("", show);
  back.hidden = true;
  root.querySelector(".arbook-actions").before(back);
  let fields = null; // of which file they are
  return {
    show(current) {
      back.hidden = !file;
      if (file) back.textContent = file.name.length > 24 ? file.name.slice(0, 23) + "…" : file.name;
      back.setAttribute("aria-pressed", String(Boolean(current)));
      options.hidden = !current;
      if (!current || fields === current) return;
      fields = current;
      const { log, wishes } = current;
      const again = (wish) => { if (read(current.name, current.bytes, { ...wishes, ...wish })) opened(file); else { fields = null; changed(); } };
      const columns = log.columns.map((column) => [column, column.slice(0, 40) || "(no name)"]);
      options.replaceChildren(
        field("Metric", columns, log.metric, (metric) => again({ metric, direction: null })),
        field("better is", [["min", "lower"], ["max", "higher"]], log.direction, (direction) => again({ direction })),
      );
      if (log.segments.length > 1) {
        const parts = log.segments.map((part, i) => [String(i), `${i + 1}: ${plural(part.nExperiments, "experiment")} from line ${part.line[0]}`]);
        options.append(field("sequence", parts, String(current.segment), (value) => { current.segment = Number(value); changed(); }));
      }
    },
  };
}
