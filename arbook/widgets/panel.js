// The frame of every explorer: question and guess, presets, picture, controls, a live sentence, more
// behind a disclosure. It needs no kernel: buttons set the model's values, and jslink carries them
// to the sliders.
import { hostControl, tidy } from "./controls.js";
import { readFragment, scoreKeeper, writeFragment } from "./state.js";
import { formatNumber } from "./numbers.js";
import { makeChart, svgElement } from "./svg.js";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [words]
 */
function element(tag, className, words) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (words !== undefined) made.textContent = words;
  return made;
}

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
 * The value of every parameter by its name, the seed, `veiled` (whether the question is open), and
 * `guess`: { value, index } or null.
 * @typedef {any} State
 * What a view gets to work with.
 * @typedef {{
 *   spec: any, data: any, source: string, figure: HTMLElement, element: typeof element, state: () => State,
 *   redraw: () => void,
 *   atStart: () => boolean, set: (values: Record<string, number>) => void, score: (hit: boolean) => void,
 *   whenTold: (act: () => void) => void, legend: (items: string[][]) => void,
 *   chart: (options: Parameters<typeof makeChart>[1]) => import("./svg.js").Chart,
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
  const spec = model.get("_spec");
  /** @type {{ name: string, low: number, high: number, whole: boolean, more: boolean, [name: string]: any }[]} */
  const parameters = spec.parameters;
  const names = parameters.map((p) => p.name).concat(spec.seed === null ? [] : ["seed"]);
  const scores = scoreKeeper(spec.name);
  const onPage = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]') !== null;
  root.setAttribute("aria-label", spec.title);
  root.dataset.explorer = spec.name;
  const ask = element("div", "arbook-question"), bar = element("div", "arbook-bar");
  const legend = element("div", "arbook-legend"), actions = element("div", "arbook-actions");
  const figure = element("div", "arbook-figure"), controls = element("div", "arbook-controls");
  const sentence = element("output", "arbook-sentence"), more = element("details", "arbook-more");
  sentence.setAttribute("aria-live", "polite");
  const moreControls = element("div", "arbook-controls"), tools = element("div", "arbook-tools");
  const summary = element("summary", "", parameters.some((p) => p.more) ? "More controls" : "Link and scores");
  more.append(summary, moreControls, tools);
  root.append(ask, bar, legend, figure, controls, sentence, more);

  let veiled = Boolean(spec.guess), pending = 0, settled = false, stopped = false;
  let guess = /** @type {{ value: number | null, index: number | null } | null} */ (null);
  /** @type {((state: State) => Told) | undefined} */
  let draw;
  let tellMore = () => {};
  /** @type {{ button: Element, name: string }[]} */
  const toggles = [];

  const state = () => {
    /** @type {State} */
    const values = { veiled, guess };
    for (const name of names) values[name] = tidy(model.get(name));
    return values;
  };
  const redraw = () => {
    pending = 0;
    if (stopped || !draw) return;
    const result = draw(state());
    sentence.textContent = result.sentence;
    const [first, ...others] = figure.querySelectorAll(".arbook-svg"); // one description is enough for all charts
    first?.setAttribute("aria-label", result.description || result.sentence);
    for (const svg of others) { svg.removeAttribute("role"); svg.setAttribute("aria-hidden", "true"); }
    for (const { button, name } of toggles) button.setAttribute("aria-checked", String(model.get(name) > 0));
    for (const button of bar.querySelectorAll("[data-preset]")) {
      const { values } = spec.presets[Number(button.getAttribute("data-preset"))];
      const is = (/** @type {string} */ name) =>
        Math.abs(tidy(model.get(name)) - values[name]) <= 1e-9 * Math.abs(values[name]);
      button.setAttribute("aria-pressed", String(Object.keys(values).every(is)));
    }
    return result;
  };
  const request = () => { if (!pending) pending = requestAnimationFrame(redraw); };
  // Sliders settle while they are made; after that a change is the reader's, and ends the question.
  const changed = () => { if (settled && veiled) unveil(); request(); };

  const atStart = () => names.every((name) => name === "seed" || tidy(model.get(name)) === spec.start[name]);

  /** @type {Panel} */
  const panel = {
    spec, figure, state, redraw: request,
    /** Whether every parameter but the seed has its start value: what the question is about. */
    atStart,
    data: model.get("_data"),
    /** The text of the explorer's module: for a worker that runs it. */
    source: model.get("_esm"),
    /** A chart in the figure: the options of makeChart. */
    chart(options) { return makeChart(figure, { ...options, redraw: request }); },
    /** A row of buttons above the picture. */
    row(className, label) {
      const row = element("div", className);
      if (label) { row.setAttribute("role", "group"); row.setAttribute("aria-label", label); }
      figure.before(row);
      return row;
    },
    /** Entries of the legend: [className of the swatch, words] pairs. */
    legend(items) {
      legend.replaceChildren(...items.map(([className, words]) => {
        const item = element("span", "arbook-key", words);
        const swatch = svgElement("svg", { width: 22, height: 12, "aria-hidden": "true" });
        if (className.includes("band")) svgElement("rect", { width: 22, height: 12, class: className }, swatch);
        else if (className.includes("dot")) svgElement("circle", { cx: 11, cy: 6, r: 4, class: className }, swatch);
        else {
          const d = className.includes("cross") ? "M7,2l8,8M7,10l8,-8" : "M0,6H22";
          svgElement("path", { d, class: className }, swatch);
        }
        item.prepend(swatch);
        return item;
      }));
    },
    /** Set parameters; the sliders and Python follow. */
    set(values) {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    },
    /** A button in the bar of presets. */
    button(words, act, { title = "", parent = bar } = {}) {
      const button = element("button", "arbook-button", words);
      button.type = "button";
      if (title) button.title = title;
      button.addEventListener("click", act);
      parent.append(button);
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
    /**
     * What to do beside lifting the veil so that the picture shows everything: for a still, where nobody presses
     * a button.
     */
    whenTold(act) { tellMore = act; },
    /** Count a guess, right or wrong, in the reader's scores. */
    score(hit) { scores.add(hit); showScores(); },
    element,
  };

  // question and guess
  function unveil() {
    veiled = false;
    if (!guess) ask.querySelector("form")?.remove();
    request();
  }
  function answer(value) {
    const at = spec.guess.choices ? null : value;
    guess = { value: at, index: spec.guess.choices ? value : null };
    panel.set(spec.start);
    veiled = false;
    cancelAnimationFrame(pending);
    const truth = redraw()?.truth ?? NaN;
    const verdict = element("p", "arbook-verdict");
    let hit;
    if (spec.guess.choices) {
      hit = value === truth;
      const so = hit ? "So it is." : `It is: ${spec.guess.choices[truth]}.`;
      verdict.textContent = `You said: ${spec.guess.choices[value]}. ${so}`;
    } else {
      const off = Math.abs(value / truth - 1);
      hit = off <= 0.25;
      const near = Math.abs(Math.log(value / truth)) <= Math.LN2;
      const far = near ? "Within a factor of two." : "Far off: worth finding out why.";
      const words = off <= 0.1 ? "Very close." : hit ? "Close." : far;
      const [yours, its] = [value, truth].map((number) => formatNumber(number, spec.guess.digits));
      verdict.textContent = `You guessed ${yours}, the truth is ${its} ${spec.guess.unit}. ${words}`;
    }
    verdict.append(" ", spec.guess.because);
    panel.score(hit);
    ask.querySelector("form")?.replaceWith(verdict);
    verdict.tabIndex = -1;
    verdict.focus({ preventScroll: true });
  }
  function buildQuestion() {
    if (!spec.guess) return ask.remove();
    ask.append(element("p", "arbook-ask", spec.guess.text));
    const form = element("form", "arbook-guess");
    form.noValidate = true;
    if (spec.guess.choices) {
      for (const [index, words] of spec.guess.choices.entries()) {
        panel.button(words, () => answer(index), { parent: form });
      }
    } else {
      const label = element("label", "", "Your guess "), input = element("input");
      Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", size: 5, name: "guess" });
      label.append(input, ` ${spec.guess.unit}`);
      const go = element("button", "arbook-button arbook-primary", "Commit");
      const note = element("span", "arbook-note");
      note.setAttribute("role", "alert");
      form.append(label, go, note);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const value = Number(input.value.trim().replace(",", ".") || NaN);
        if (value > 0) answer(value);
        else { note.textContent = `Write a number above 0, such as ${spec.guess.example}.`; input.focus(); }
      });
    }
    panel.button("Just show me", unveil, { parent: form });
    form.addEventListener("submit", (event) => event.preventDefault());
    ask.append(form);
  }

  // presets, new seed, reset
  function buildBar() {
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Presets");
    spec.presets.forEach((preset, index) => {
      const button = panel.button(preset.name, () => { panel.set(preset.values); unveil(); }, { title: preset.note });
      button.dataset.preset = index;
    });
    const act = (name, words, values) => {
      panel.button(words, () => { panel.set(values()); unveil(); }, { parent: actions }).dataset.act = name;
    };
    if (spec.seed !== null) act("seed", "New seed", () => ({ seed: model.get("seed") + 1 }));
    act("reset", "Reset", () => ({ ...spec.start, ...(spec.seed === null ? {} : { seed: spec.seed }) }));
    bar.append(actions);
  }

  // link and scores
  const scoreWords = element("span", "arbook-scores");
  /** @type {HTMLButtonElement | undefined} */
  let forget;
  function showScores() {
    const { tries, hits } = scores.get();
    scoreWords.textContent = tries ? `Your guesses here: ${hits} of ${tries} right or close.` : "";
    if (forget) forget.hidden = !tries;
  }
  function buildTools() {
    const linked = element("span", "arbook-note");
    linked.setAttribute("role", "status");
    if (onPage) {
      panel.button("Link to this state", async () => {
        const { veiled: _v, guess: _g, ...values } = state();
        const fragment = writeFragment(spec.name, values);
        history.replaceState(null, "", fragment);
        try { await navigator.clipboard.writeText(location.href); linked.textContent = `Copied: ${fragment}`; }
        catch { linked.textContent = `The address bar has it: ${fragment}`; }
      }, { parent: tools }).dataset.act = "link";
      tools.append(linked);
    }
    if (spec.after) {
      const after = element("details", "arbook-after");
      after.append(element("summary", "", spec.after.text), element("p", "", spec.after.answer));
      root.append(after);
    }
    tools.append(scoreWords);
    forget = panel.button("Forget my scores", () => { scores.reset(); showScores(); }, { parent: tools });
    showScores();
  }
  function openFragment() {
    const values = readFragment(location.hash, spec.name, names);
    if (!values) return;
    for (const p of parameters) {
      if (p.name in values) values[p.name] = Math.min(Math.max(values[p.name], p.low), p.high);
      if (p.name in values && p.whole) values[p.name] = Math.round(values[p.name]);
    }
    if ("seed" in values) values.seed = Math.min(Math.max(Math.round(values.seed), 0), 2 ** 31 - 1);
    veiled = false;
    ask.querySelector("form")?.remove();
    panel.set(values);
    request();
    root.scrollIntoView({ block: "nearest" });
  }

  const stop = () => {
    stopped = true;
    removeEventListener("hashchange", openFragment);
    cancelAnimationFrame(pending);
  };
  stop.tell = () => { unveil(); tellMore(); };
  stop.start = () => {
    buildQuestion();
    buildBar();
    buildTools();
    draw = build(panel);
    for (const name of names) model.on(`change:${name}`, changed);
    const wait = model.get("_controls").map((reference, index) => {
      const p = spec.parameters[index], slot = element("div", "arbook-slot");
      slot.dataset.control = p.name;
      (p.more ? moreControls : controls).append(slot);
      return hostControl(model.widget_manager, reference, slot, p, signal);
    });
    if (onPage) { addEventListener("hashchange", openFragment); openFragment(); }
    redraw();
    const still = findStill(root);
    if (still) still.dataset.replaced = root.dataset.still = "";
    root.dataset.drawn = "";
    Promise.all(wait).then(() => { settled = true; root.dataset.ready = ""; });
  };
  return stop;
}
