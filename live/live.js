// "Run here": the code of the page becomes editable and runs in the page. This file is loaded when
// the reader asks for it (assets/book.js); Python is loaded by the worker.
import { makeEditor } from "./editor.js";
import { Kernel } from "./kernel.js";

const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
const here = new URL("_static/live/", root);

/** @typedef {import("./kernel.js").Message} Message */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [words]
 */
const make = (tag, className = "", words = "") =>
  Object.assign(document.createElement(tag), { className, textContent: words });
/** @param {URL} address */
const json = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return answer.json();
};
/** @type {(tag: "link" | "script", attributes: Record<string, string>) => Promise<unknown>} */
const load = (tag, attributes) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.onload = resolve;
  element.onerror = () => reject(new Error(`${attributes.src ?? attributes.href} cannot be reached`));
  document.head.append(element);
});

// ---------------------------------------------------------------- outputs

/**
 * Returns a function that adds outputs to a place, one message after another.
 * @param {Element} place
 * @param {Kernel} kernel
 * @returns {(message: Message) => void}
 */
function shower(place, kernel, alt = "") {
  /** @type {{ name: string, pre: Element } | undefined} where more text of its kind goes */
  let stream;
  let clear = false;
  /** @type {(className: string, child: Node | string) => Element} */
  const add = (className, child) => {
    const box = make("div", `output ${className}`);
    box.append(child);
    place.append(box);
    return box;
  };
  const text = (/** @type {string} */ words) => {
    const box = make("div", "highlight");
    box.append(make("pre", "", words));
    return box;
  };
  /** @type {(type: string, data: string) => Element} */
  const picture = (type, data) => {
    const words = alt || "The figure that this code draws";
    return add("image_live", Object.assign(make("img"), { src: `data:${type},${data}`, alt: words }));
  };
  return (message) => {
    if (message.kind === "clear") {
      if (message.wait) clear = true; else place.replaceChildren();
      stream = undefined;
      return;
    }
    if (clear) { place.replaceChildren(); clear = false; stream = undefined; }
    if (message.kind === "stream") {
      if (stream?.name !== message.name) {
        const box = text("");
        add(`stream ${message.name}`, box);
        stream = { name: message.name, pre: box.children[0] };
      }
      const pre = /** @type {Element} */ (stream?.pre); // a progress bar writes over its line
      pre.textContent = (pre.textContent + message.text).replace(/^.*\r(?!\n)/gm, "");
      return;
    }
    stream = undefined;
    if (message.kind === "error") { add("traceback", text(message.traceback)); return; }
    const { data } = message, of = (/** @type {string} */ type) => [data[type]].flat().join("");
    const widget = data["application/vnd.jupyter.widget-view+json"];
    if (widget) showWidget(kernel, widget.model_id, add("widget-subarea", ""));
    else if (data["text/html"]) add("text_html", "").innerHTML = of("text/html");
    else if (data["image/svg+xml"]) picture("image/svg+xml", encodeURIComponent(of("image/svg+xml")));
    else if (data["image/png"]) picture("image/png;base64", of("image/png").trim());
    else if (data["text/plain"]) add("text_plain", text(of("text/plain")));
  };
}

/** @type {(kernel: Kernel, id: string, place: Element) => Promise<void>} */
async function showWidget(kernel, id, place) {
  try {
    const view = await kernel.manager.create_view(await kernel.manager.get_model(id));
    globalThis.arbookWidgets.Widget.attach(view.luminoWidget, place);
  } catch (error) {
    place.textContent = `This control cannot be shown: ${messageOf(error)}`;
  }
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

// ---------------------------------------------------------------- cells

const KEPT = `arbook-live:${location.pathname}`;
/** @returns {Record<string, string>} */
const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT) ?? "{}") ?? {}; } catch { return {}; } };
/** @type {(original: string, code: string) => void} */
function keep(original, code) {
  const all = kept();
  if (code === original) delete all[original]; else all[original] = code;
  try { localStorage.setItem(KEPT, JSON.stringify(all)); } catch { /* private windows keep nothing */ }
}

class Cell {
  state = "new";
  alone = false;
  alt = "";
  box = make("div", "live-cell");
  mark = make("span", "live-mark");
  /** @type {HTMLElement | undefined} */
  output;

  /**
   * `element` is the cell in the page; without one, the cell is not shown and only runs.
   * @param {number} number
   * @param {string} code
   * @param {HTMLElement | null} element
   * @param {Page} page
   */
  constructor(number, code, element, page) {
    this.number = number;
    this.original = this.code = code;
    this.element = element;
    this.page = page;
  }

  /** Put the editor in the place of the code, or above what the code made. */
  open() {
    this.code = kept()[this.original] ?? this.original;
    if (!this.element) return;
    const bar = make("div", "live-tools");
    const label = `Code ${this.number}`;
    const button = make("button", "live-button", "Run");
    const undo = make("button", "live-button live-quiet", "Original code");
    const editor = makeEditor(this.box, this.code, label, {
      run: () => this.page.runTo(this),
      changed: (code) => { this.code = code; keep(this.original, code); undo.hidden = code === this.original; },
    });
    button.setAttribute("aria-label", `Run ${label}`);
    button.onclick = () => this.page.runTo(this);
    undo.hidden = this.code === this.original;
    undo.onclick = () => {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: this.original } });
    };
    button.type = undo.type = "button";
    bar.append(button, undo, this.mark);
    this.box.append(bar);
    /** @type {HTMLElement | null} */
    const code = this.element.matches(".cell") ? this.element.querySelector(".cell_input") : this.element;
    const folded = this.element.querySelector("details.hide");
    if (folded instanceof HTMLDetailsElement) folded.open = true;
    if (code) { code.after(this.box); code.hidden = true; } else this.element.prepend(this.box);
  }

  /**
   * The place of the outputs: where the build's were, above the caption of a figure.
   * @param {HTMLElement} element
   */
  place(element) {
    if (this.output) return this.output;
    this.output = make("div", "live-output");
    if (!element.matches(".cell")) { this.box.append(this.output); return this.output; }
    const there = element.querySelector(":scope > .cell_output");
    const area = there ?? element.appendChild(make("div", "cell_output"));
    const figure = area.querySelector("figure");
    this.alt = area.querySelector("img")?.alt ?? "";
    const caption = figure?.querySelector("figcaption");
    (figure ?? area).replaceChildren(this.output, ...(caption ? [caption] : []));
    return this.output;
  }

  /** @type {(state: string, words: string) => void} */
  tell(state, words) {
    this.state = state;
    if (!this.element) return;
    this.element.dataset.live = state;
    this.mark.textContent = words;
  }

  /** @param {Kernel} kernel */
  async run(kernel) {
    this.tell("running", "running …");
    /** @type {(message: Message) => void} */
    let show = () => {};
    if (this.element) {
      const place = this.place(this.element);
      place.style.minHeight = `${place.offsetHeight}px`; // the page does not jump
      place.replaceChildren();
      show = shower(place, kernel, this.code === this.original ? this.alt : "");
    }
    const ok = await kernel.run(this.number, this.code, show);
    if (this.output) this.output.style.minHeight = "";
    this.tell(ok ? "done" : "failed", ok ? "done" : "stopped with an error");
    return ok;
  }
}

// ---------------------------------------------------------------- the page

class Page {
  /** @type {Cell[]} */
  cells = [];
  opened = false;
  seen = 0;
  /** @type {Promise<void>} */
  queue = Promise.resolve();
  /** @type {Kernel | undefined} */
  kernel;
  /** @type {HTMLButtonElement | undefined} */
  again;

  /** @param {HTMLElement} bar */
  constructor(bar) {
    this.bar = bar;
    this.start = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-live-start]"));
    this.status = /** @type {HTMLElement} */ (bar.querySelector("[role=status]"));
    this.progress = /** @type {HTMLProgressElement} */ (bar.querySelector("progress"));
  }

  /** @type {(words: string, state?: string) => void} */
  say(words, state) {
    this.status.textContent = words;
    if (state) this.bar.dataset.state = state;
  }

  async open() {
    /** @type {{ code: string, hidden: boolean }[]} */
    const codes = await json(new URL(`notebooks/${this.bar.dataset.name}.json`, root));
    const elements = [...document.querySelectorAll(".bd-article div.cell")].filter((e) => e instanceof HTMLElement);
    if (codes.filter(({ hidden }) => !hidden).length !== elements.length) {
      throw new Error("the page and its code do not match: reload the page");
    }
    this.cells = codes.map(({ code, hidden }, i) =>
      new Cell(i + 1, code, hidden ? null : elements.shift() ?? null, this));
    for (const block of document.querySelectorAll(".bd-article .exercise div.highlight-python")) {
      const code = block.querySelector("pre")?.textContent?.trim() ?? "";
      const cell = new Cell(this.cells.length + 1, code, /** @type {HTMLElement} */ (block), this);
      cell.alone = true; // an exercise is run when the reader asks for it
      this.cells.push(cell);
    }
  }

  async boot() {
    this.start.disabled = true;
    this.say("Loading the page's tools", "starting");
    try {
      if (!this.cells.length) await this.open();
      const lite = new URL("lite/", root), settings = await json(new URL("live.json", lite));
      if (!globalThis.arbookWidgets) {
        await Promise.all([
          load("link", { rel: "stylesheet", href: new URL("_static/widgets/widgets.css", root).href }),
          load("script", { src: new URL("_static/widgets/widgets.js", root).href }),
        ]);
      }
      let step = "Starting";
      /** @param {Message} message */
      const told = ({ kind, words, seen }) => {
        if (kind === "step") step = words;
        else { this.seen = seen / 1e6; this.progress.value = this.seen; }
        this.say(`${step}: ${this.seen.toFixed(0)} of about ${settings.megabytes} MB`);
      };
      this.progress.hidden = false;
      this.progress.max = settings.megabytes;
      this.kernel = new Kernel({
        worker: new URL("worker.js", here).href, kernel: new URL("kernel.py", here).href,
        pyodide: new URL("pyodide/", root).href, packages: settings.packages,
        wheels: settings.wheels.map((/** @type {{ address: string, integrity: string }} */ { address, integrity }) =>
          ({ address: new URL(address, lite).href, integrity })),
      }, { ...globalThis.arbookWidgets, show: shower }, told);
      this.kernel.patience = Number(this.bar.dataset.patience) || this.kernel.patience;
      await this.kernel.start();
    } catch (error) {
      return this.fail(error);
    } finally {
      this.progress.hidden = true;
    }
    if (!this.opened) { this.opened = true; for (const cell of this.cells) cell.open(); }
    this.start.hidden = true;
    this.controls();
    const last = this.cells.findLast((cell) => !cell.alone);
    if (last) await this.runTo(last);
  }

  /** @param {unknown} error */
  fail(error) {
    console.info(error); // the page says it in words
    this.start.disabled = false;
    this.start.textContent = "Try again";
    this.say(`Python could not start: ${messageOf(error)}. `
      + "What to do: check the network connection and try again. If this network blocks the address, or there is none, "
      + "download the notebook (the arrow above) and run it with Jupyter, or ask for a site that brings Python along "
      + "(make book PYODIDE=local).", "failed");
  }

  controls() {
    if (this.again) { this.again.hidden = false; return; }
    const again = make("button", "live-button", "Restart Python");
    again.type = "button";
    again.title = "Stops what runs, forgets all values, keeps your code";
    again.onclick = () => {
      this.kernel?.stop();
      for (const cell of this.cells) cell.tell("new", "");
      again.hidden = true;
      this.queue = Promise.resolve();
      this.boot();
    };
    this.start.after(again);
    this.again = again;
  }

  /** Run a cell, and first all above it that have not run since Python started. @param {Cell} last */
  runTo(last) {
    const kernel = this.kernel;
    this.queue = this.queue.then(async () => {
      for (const cell of this.cells) {
        if (!kernel || kernel !== this.kernel) return;
        if (cell !== last && (cell.state === "done" || cell.alone)) continue;
        this.say(`Python is running code ${cell.number} of ${this.cells.length}`, "running");
        const ok = await cell.run(kernel);
        if (kernel !== this.kernel) return;
        if (!ok) {
          return this.say(`Code ${cell.number} stopped with an error; what comes after it has not run.`, "ready");
        }
        if (cell === last) break;
      }
      this.say("Python is ready: change any code or control on this page. "
        + "Your changes to the code stay in this browser.", "ready");
    });
    return this.queue;
  }
}

/** @type {WeakMap<HTMLElement, Page>} */
const pages = new WeakMap();

/** Start Python for the page of a bar. @param {HTMLElement} bar */
export function boot(bar) {
  const page = pages.get(bar) ?? new Page(bar);
  pages.set(bar, page);
  return page.boot();
}
