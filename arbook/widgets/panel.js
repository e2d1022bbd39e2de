// The frame of every explorer: question and guess, presets, picture, time, controls, a live sentence, more behind a
// disclosure. It needs no kernel: buttons set the model's values, and jslink carries them to the sliders.
import { makeVoice, REST } from "./announce.js";
import { makeChart } from "./chart.js";
import { hostControl, tidy } from "./controls.js";
import { makeEasing } from "./easing.js";
import { element, pushButton } from "./elements.js";
import { makeHall } from "./hall.js";
import { belowOnPhone, keepInPlace, roomOf, showBoth } from "./layout.js";
import { legendKey } from "./legend.js";
import { makePlayer, playerRow } from "./player.js";
import { makeQuestion } from "./question.js";
import { openAt, readFragment } from "./state.js";
import { makeTools } from "./tools.js";

const CLOCK = "time"; // beside the parameters in a link: where a clock is that is none of them

/**
 * The still picture of this explorer: in the nearest ancestor that has one, within the same cell.
 */
function findStill(/** @type {Element} */ el) {
  const ends = "section, main, article, body, .jp-Notebook";
  for (let up = el.parentElement; up && !up.matches(ends); up = up.parentElement) {
    const still = up.querySelector(".arbook-still");
    if (still) return /** @type {HTMLElement} */ (still);
  }
  return null;
}

/**
 * What a draw returns: the live sentence, what the picture shows (default: the sentence), the true answer.
 * @typedef {{ sentence: string, description?: string, truth?: number }} Told
 * The value of every parameter by its name, the seed, `veiled` (whether the question is open), `told` (whether its
 * answer is what the picture shows), `guess`: { value, index } or null, and `offer`: the number in its field, or null.
 * @typedef {any} State
 * Time: a parameter by its `name`, or a clock of its own, which `show` draws; it goes from `first` (0) to
 * `last`; where it `leads`, the eye goes to its button first.
 * @typedef {{ name?: string, first?: number, last: (state: State) => number, show?: (t: number | null) => void,
 *   seconds?: number, waits?: () => boolean, smooth?: boolean, leads?: boolean }} Time
 * What a view gets to work with.
 * @typedef {{
 *   spec: any, data: any, source: string, root: HTMLElement, figure: HTMLElement, below: HTMLElement,
 *   element: typeof element, state: () => State, redraw: () => void, presets: HTMLButtonElement[],
 *   atStart: () => boolean, set: (values: Record<string, number>) => void, score: (hit: boolean) => void,
 *   whenTold: (act: () => void) => void, whenAsked: (act: () => void) => void, fill: (guess: number) => void,
 *   commit: () => void, signal: AbortSignal,
 *   legend: (items: string[][]) => void, time: (time: Time) => ReturnType<typeof makePlayer>,
 *   chart: (options: Parameters<typeof makeChart>[1]) => import("./chart.js").Chart,
 *   row: (className: string, label?: string) => HTMLElement,
 *   button: (words: string, act: () => void, at?: { title?: string, parent?: Element }) => HTMLButtonElement,
 *   toggle: (words: string, name: string, at?: { on?: () => number, parent?: Element }) => HTMLButtonElement,
 * }} Panel
 */

/**
 * The widget of one explorer. `build(panel)` makes the picture in `panel.figure` and returns
 * `draw(state)`, which redraws it.
 * @param {(panel: Panel) => (state: State) => Told} build
 */
export function explorer(build) {
  return {
    render(/** @type {any} */ { model, el, signal }) {
      const root = element("section", "arbook-explorer");
      try {
        const stop = mount(build, model, root, signal);
        el.append(root);
        stop.start();
        return stop;
      } catch (error) { // the still picture stays
        root.remove();
        throw error;
      }
    },
  };
}

/**
 * @param {Parameters<typeof explorer>[0]} build
 * @param {any} model
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
function mount(build, model, root, signal) {
  const spec = model.get("_spec"), ends = new AbortController();
  /** @type {{ name: string, low: number, high: number, whole: boolean, more: boolean, [name: string]: any }[]} */
  const parameters = spec.parameters;
  const names = parameters.map((p) => p.name).concat(spec.seed === null ? [] : ["seed"]);
  const onPage = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]') !== null;
  root.setAttribute("aria-label", spec.title);
  root.dataset.explorer = spec.name;
  root.tabIndex = -1;
  const ask = element("div", "arbook-question"), bar = element("div", "arbook-bar");
  const legend = element("div", "arbook-legend"), actions = element("div", "arbook-actions");
  const stage = element("div", "arbook-stage"), below = element("div", "arbook-below");
  const figure = element("div", "arbook-figure"), controls = element("div", "arbook-controls");
  const sentence = element("output", "arbook-sentence"), more = element("details", "arbook-more");
  sentence.setAttribute("aria-live", "off"); // the voice says it
  const moreControls = element("div", "arbook-controls"), tools = element("div", "arbook-tools");
  const summary = element("summary", "", parameters.some((p) => p.more) ? "More controls" : "Link and scores");
  more.append(summary, moreControls, tools);
  stage.append(figure, below, controls);
  root.append(ask, bar, legend, stage, sentence, more);

  const voice = makeVoice(root);
  let pending = 0, tallest = 0, settled = false, stopped = false, resting = true, chosen = -1, news = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  /** @type {((state: State) => Told) | undefined} */
  let draw;
  let tellMore = () => {}, askMore = () => {};
  /**
   * @type {{ player: ReturnType<typeof makePlayer>, named: boolean, leave: () => void, again: () => void,
   *   clock: () => number | null, open: (t: number | undefined) => void } | undefined}
   */
  let time;
  /** @type {{ button: Element, name: string }[]} */
  const toggles = [];
  /** @type {import("./chart.js").Chart[]} */
  const charts = [];
  /** @type {Element[]} */
  const rows = [];

  const state = () => {
    /** @type {State} */
    const values = { veiled: question?.open ?? false, guess: question?.guess ?? null, offer: question?.offer ?? null };
    values.told = Boolean(question?.answered) && atStart() && !(time?.named && time.player.plays);
    for (const name of names) values[name] = tidy(model.get(name));
    return values;
  };
  const atStart = () => names.every((name) => name === "seed" || tidy(model.get(name)) === spec.start[name]);
  const isPressed = (/** @type {number} */ preset) => {
    const { values } = spec.presets[preset];
    const is = (/** @type {string} */ name) =>
      Math.abs(tidy(model.get(name)) - values[name]) <= 1e-9 * Math.abs(values[name]);
    return Object.keys(values).every(is);
  };
  const redraw = () => {
    cancelAnimationFrame(pending);
    pending = 0;
    if (stopped || !draw) return;
    const result = draw(state());
    time?.again();
    sentence.textContent = result.sentence;
    if (root.dataset.hall !== undefined && sentence.offsetHeight > tallest) grow();
    voice.say(`${news} ${result.sentence}`.trim());
    const [first, ...others] = figure.querySelectorAll(".arbook-svg"); // one description is enough for all charts
    first?.setAttribute("aria-label", result.description || result.sentence);
    for (const svg of others) { svg.removeAttribute("role"); svg.setAttribute("aria-hidden", "true"); }
    for (const { button, name } of toggles) button.setAttribute("aria-checked", String(model.get(name) > 0));
    panel.presets.forEach((button, i) => { button.setAttribute("aria-pressed", String(isPressed(i))); });
    if (question && result.truth !== undefined && atStart()) question.truth = result.truth;
    question?.away(!atStart(), chosen >= 0 && isPressed(chosen) ? spec.presets[chosen].note : "");
  };
  // In a hall the picture leaves room for the longest sentence so far.
  const grow = () => {
    const inHall = root.dataset.hall !== undefined;
    tallest = sentence.offsetHeight;
    if (inHall) sentence.style.minHeight = `${tallest}px`;
    if (charts.filter((chart) => chart.measure()).length) redraw();
  };
  const request = () => { if (!pending) pending = requestAnimationFrame(redraw); };
  // Sliders settle while they are made; after that a change is the reader's: it ends the question, which is answered.
  const changed = () => {
    if (settled) {
      leaveQuestion();
      if (!time?.player.plays) {
        time?.leave();
        if (resting) for (const chart of charts) chart.settle();
      }
      resting = false;
      clearTimeout(rest);
      rest = setTimeout(() => { resting = true; news = ""; }, REST);
    }
    request();
  };
  const leaveQuestion = () => {
    if (!question?.open) return;
    keepInPlace(stage, () => question.tell()); // not the figure, which may be pinned
    news = question.words;
  };

  /** @type {Panel} */
  const panel = {
    spec, root, figure, below, state, redraw: request, element, signal: ends.signal,
    /** Whether every parameter but the seed has its start value: what the question is about. */
    atStart,
    data: model.get("_data"),
    /** The text of the explorer's module: for a worker that runs it. */
    source: model.get("_esm"),
    /** The buttons of the presets. */
    presets: [],
    /** A chart in the figure: the options of makeChart. */
    chart(options) {
      const chart = makeChart(figure, { ...options, room: () => roomOf(root, figure), redraw: request });
      charts.push(chart);
      return chart;
    },
    /** A row of buttons above the picture. */
    row(className, label) {
      const row = element("div", className);
      if (label) { row.setAttribute("role", "group"); row.setAttribute("aria-label", label); }
      figure.before(row);
      rows.push(row);
      return row;
    },
    /** Entries of the legend: [className of the swatch, words] pairs. */
    legend(items) { legend.replaceChildren(...items.map(legendKey)); },
    /** Set parameters; the sliders and Python follow. */
    set(values) {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    },
    /** A button in the bar of presets. */
    button(words, act, { title = "", parent = bar } = {}) {
      const button = pushButton(parent, words, act, title);
      if (parent === bar) bar.append(actions); // which come last
      return button;
    },
    /** A switch between 0 and what `on` says (1) of a parameter. */
    toggle(words, name, { on = () => 1, parent = panel.row("arbook-switch-row") } = {}) {
      const button = panel.button(words, () => panel.set({ [name]: model.get(name) ? 0 : on() }), { parent });
      button.setAttribute("role", "switch");
      button.classList.add("arbook-switch");
      toggles.push({ button, name });
      return button;
    },
    /** Play, pause, step and speed of what happens in time, below the picture. */
    time({ name, first, last, show = () => {}, seconds, waits, leads, smooth = !name }) {
      let clock = /** @type {number | null} */ (null);
      const go = (/** @type {number | null} */ t) => {
        if (name) return panel.set({ [name]: t ?? last(state()) });
        clock = t;
        show(t);
      };
      const player = makePlayer(playerRow(below), {
        at: () => (name ? model.get(name) : clock), last: () => last(state()), go, begin: leaveQuestion,
        first, seconds, waits, leads, smooth,
      });
      time = {
        player, named: Boolean(name),
        leave: () => { if (!name) go(null); }, again() { if (!name) show(clock); player.name(); },
        clock: () => clock,
        open(t) {
          player.pause();
          if (name) return;
          go(t === undefined ? null : Math.min(Math.max(smooth ? t : Math.floor(t), first ?? 0), last(state())));
        },
      };
      return player;
    },
    /**
     * What to do beside answering the question so that the picture shows everything: for a still, where nobody presses
     * a button.
     */
    whenTold(act) { tellMore = act; },
    /** What to take back when the question is asked again. */
    whenAsked(act) { askMore = act; },
    /** Write a guess that is drawn into its field. */
    fill(guess) { question?.fill(guess); },
    /** Answer with what stands in that field, as its button does. */
    commit() { question?.commit(); },
    /** Count a guess, right or wrong, in the reader's scores. */
    score(hit) { scores.score(hit); },
  };
  const scores = makeTools(tools, spec.name, onPage ? () => {
    const clock = time?.clock() ?? null;
    const values = Object.fromEntries(names.map((name) => [name, tidy(model.get(name))]));
    return clock === null ? values : { ...values, [CLOCK]: clock };
  } : null);
  const easing = makeEasing(parameters, { show: panel.set, moving: (is) => root.toggleAttribute("data-moving", is) });
  const question = spec.guess ? makeQuestion(ask, spec.guess, {
    begin() { easing.finish(); time?.player.pause(); panel.set(spec.start); },
    asked: () => turn.ask(), told: redraw, offered: request, score: panel.score,
    answered() { if (root.dataset.hall === undefined) showBoth(ask, figure); },
  }) : null;
  if (!question) ask.remove();

  // presets, new seed, reset
  const turn = { // what buttons and keys do
    preset(/** @type {number} */ index) {
      chosen = index;
      question?.rest();
      leaveQuestion();
      easing.lead(state(), spec.presets[index].values);
      request();
    },
    seed() {
      if (spec.seed === null) return;
      leaveQuestion();
      panel.set({ seed: model.get("seed") + 1 });
    },
    reset() {
      if (spec.seed !== null) panel.set({ seed: spec.seed });
      if (question) return question.ask();
      panel.set(spec.start);
    },
    ask() { // what the question takes back
      chosen = -1;
      for (const chart of charts) chart.forget();
      time?.leave();
      askMore();
      request();
    },
    resize() {
      tallest = 0;
      sentence.style.minHeight = "";
      grow();
    },
  };
  function buildBar() {
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Presets");
    spec.presets.forEach((preset, index) => {
      const button = panel.button(preset.name, () => turn.preset(index), { title: preset.note });
      button.dataset.preset = index;
      panel.presets.push(button);
    });
    if (spec.seed !== null) panel.button("New seed", turn.seed, { parent: actions }).dataset.act = "seed";
    panel.button("Reset", turn.reset, { parent: actions }).dataset.act = "reset";
    bar.append(actions);
    makeHall(root, actions, {
      play: () => time?.player.toggle(), step: (by) => time?.player.step(by), seed: turn.seed, reset: turn.reset,
      resize: turn.resize,
    }, ends.signal);
  }
  function openFragment() {
    const read = readFragment(location.hash, spec.name, [...names, CLOCK]);
    if (!read) return;
    const { [CLOCK]: clock, ...values } = read;
    for (const p of parameters) {
      if (p.name in values) values[p.name] = Math.min(Math.max(values[p.name], p.low), p.high);
      if (p.name in values && p.whole) values[p.name] = Math.round(values[p.name]);
    }
    if ("seed" in values) values.seed = Math.min(Math.max(Math.round(values.seed), 0), 2 ** 31 - 1);
    question?.leave();
    panel.set(values);
    time?.open(clock);
    request();
    openAt(root);
  }

  const stop = () => {
    stopped = true;
    ends.abort();
    time?.player.pause();
    voice.stop();
    cancelAnimationFrame(pending);
  };
  stop.tell = () => { question?.tell(); tellMore(); request(); };
  stop.start = () => {
    buildBar();
    if (spec.after) {
      const after = element("details", "arbook-after");
      after.append(element("summary", "", spec.after.text), element("p", "", spec.after.answer));
      root.append(after);
    }
    draw = build(panel);
    const note = question ? [question.note] : [];
    belowOnPhone([bar, ...note, ...root.querySelectorAll(".arbook-desk"), ...rows], controls, ends.signal);
    turn.resize();
    for (const name of names) model.on(`change:${name}`, changed);
    const wait = model.get("_controls").map((reference, index) => {
      const p = spec.parameters[index], slot = element("div", "arbook-slot");
      slot.dataset.control = p.name;
      (p.more ? moreControls : controls).append(slot);
      return hostControl(model.widget_manager, reference, slot, p, signal);
    });
    if (onPage) { addEventListener("hashchange", openFragment, { signal: ends.signal }); openFragment(); }
    redraw();
    const still = findStill(root);
    if (still) still.dataset.replaced = root.dataset.still = "";
    root.dataset.drawn = "";
    Promise.all(wait).then(() => { settled = true; root.dataset.ready = ""; });
  };
  return stop;
}
