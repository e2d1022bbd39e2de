// The page's side of the worker: starts it, sends it cells, and is the other end of its widgets.

/** How long nothing at all may arrive while Python starts, in milliseconds. */
const PATIENCE = 60_000;

/**
 * What the worker sends, by `kind`.
 * @typedef {Record<string, any>} Message
 * The page's widget manager and its classes (assets/widgets.js), and what shows outputs.
 * @typedef {{ Manager: any, base: any, show: (place: Element, kernel: Kernel) => (message: Message) => void }} Parts
 */

export class Kernel {
  /** @type {Map<number, (message: Message) => void>} by cell: where its outputs go, later callbacks' too */
  shows = new Map();
  /** @type {Map<number, (ok: boolean) => void>} by cell: what to call when it has run */
  ends = new Map();
  /** @type {Map<string, Comm>} */
  comms = new Map();
  /** @type {Map<string, () => void>} */
  handled = new Map();
  sent = 0;
  patience = PATIENCE;
  /** @type {Worker | undefined} */
  worker;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /**
   * `told` is called with what the worker says about its start: steps and bytes.
   * @param {Record<string, any>} settings
   * @param {Parts} Manager
   * @param {(message: Message) => void} told
   */
  constructor(settings, Manager, told) {
    this.settings = settings;
    this.told = told;
    this.manager = new (widgets(Manager, this))();
  }

  /** Resolves when Python answers; rejects with what went wrong. */
  start() {
    /** @type {Promise<void>} */
    const started = new Promise((resolve, reject) => {
      const wait = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => fail(`nothing has arrived for ${PATIENCE / 1000} seconds`), this.patience);
      };
      const fail = (/** @type {string} */ words) => {
        clearTimeout(this.timer);
        this.stop();
        reject(new Error(words));
      };
      const worker = new Worker(this.settings.worker);
      this.worker = worker;
      worker.onerror = (event) => {
        event.preventDefault?.();
        fail(event.message || "the page could not start a worker");
      };
      worker.onmessage = ({ data }) => {
        if (data.kind === "ready") {
          clearTimeout(this.timer);
          worker.onmessage = (event) => this.receive(event.data);
          worker.onerror = (event) => this.end(event.message);
          resolve();
        } else if (data.kind === "failed") fail(data.words);
        else { wait(); this.told(data); }
      };
      wait();
      worker.postMessage({ do: "start", ...this.settings });
    });
    return started;
  }

  /**
   * Run a cell; `show` is called with each of its outputs. Resolves to whether it went well.
   * @type {(cell: number, code: string, show: (message: Message) => void) => Promise<boolean>}
   */
  run(cell, code, show) {
    return new Promise((resolve) => {
      this.shows.set(cell, show);
      this.ends.set(cell, resolve);
      this.worker?.postMessage({ do: "run", cell, code });
    });
  }

  stop() {
    this.worker?.terminate();
    for (const resolve of this.ends.values()) resolve(false);
    this.ends.clear();
  }

  /** Python itself has ended: say so where it happened. @param {string} words */
  end(words) {
    const message = { kind: "error", traceback: `Python has ended: ${words}` };
    for (const cell of this.ends.keys()) this.shows.get(cell)?.(message);
    this.stop();
  }

  /** @type {(cell: number, ok: boolean) => void} */
  finish(cell, ok) {
    this.ends.get(cell)?.(ok);
    this.ends.delete(cell);
  }

  /** @param {Message} message */
  receive(message) {
    const { kind, cell, into, comm_id } = message, show = this.shows.get(cell);
    if (kind === "done") this.finish(cell, message.ok);
    else if (kind === "failed") { show?.({ kind: "error", traceback: message.words }); this.finish(cell, false); }
    else if (kind === "handled") { this.handled.get(message.id)?.(); this.handled.delete(message.id); }
    else if (kind === "comm_open") this.open(message);
    else if (kind === "comm_msg") this.comms.get(comm_id)?.tell(message);
    else if (kind === "comm_close") this.comms.get(comm_id)?.closed(message);
    else if (into) this.manager.get_model(into).then((/** @type {any} */ model) => model.show(message));
    else if (kind !== "bytes") show?.(message);
  }

  /** @param {Message} message */
  open(message) {
    const comm = new Comm(this, message.comm_id, message.target_name);
    this.comms.set(comm.comm_id, comm);
    if (message.target_name === "jupyter.widget") this.manager.handle_comm_open(comm, asJupyter(message));
  }

  /** @type {(kind: string, comm_id: string, data: any, buffers?: any[], callbacks?: any) => string} */
  send(kind, comm_id, data, buffers, callbacks) {
    const id = String(++this.sent), text = JSON.stringify({ kind, content: { comm_id, data } });
    this.handled.set(id, () => callbacks?.iopub?.status?.({ content: { execution_state: "idle" } }));
    const bytes = (buffers ?? []).map((b) => new Uint8Array(b.buffer ?? b, b.byteOffset ?? 0, b.byteLength));
    this.worker?.postMessage({ do: "comm", id, text, buffers: bytes });
    return id;
  }
}

/** A widget's message as Jupyter would send it. @param {Message} message */
const asJupyter = ({ data, metadata, buffers, comm_id }) => ({
  content: { data, comm_id }, metadata, parent_header: {},
  buffers: buffers.map((/** @type {Uint8Array} */ b) => new DataView(b.buffer, b.byteOffset, b.byteLength)),
});

// One line between a model in the page and its widget in Python, as ipywidgets wants it.
class Comm {
  /** @type {(message: any) => void} */
  ended = () => {};
  /** @type {(message: Message) => void} */
  tell = () => {};

  /**
   * @param {Kernel} kernel
   * @param {string} comm_id
   * @param {string} target_name
   */
  constructor(kernel, comm_id, target_name) {
    this.kernel = kernel;
    this.comm_id = comm_id;
    this.target_name = target_name;
  }

  /** @param {(message: any) => void} call */
  on_msg(call) { this.tell = (message) => call(asJupyter(message)); }
  /** @param {(message: any) => void} call */
  on_close(call) { this.ended = call; }
  /** @param {Message} message */
  closed(message) { this.kernel.comms.delete(this.comm_id); this.ended(asJupyter(message)); }
  open() { return ""; }
  /** @type {(data: any, callbacks?: any, metadata?: any, buffers?: any[]) => string} */
  send(data, callbacks, _metadata, buffers) {
    return this.kernel.send("comm_msg", this.comm_id, data, buffers, callbacks);
  }
  /** @type {(data?: any, callbacks?: any, metadata?: any, buffers?: any[]) => string} */
  close(data, callbacks, _metadata, buffers) {
    this.kernel.comms.delete(this.comm_id);
    return this.kernel.send("comm_close", this.comm_id, data, buffers, callbacks);
  }
}

/**
 * The widget manager of the page, with Python behind it, and with ipywidgets' Output (for `interact`).
 * @type {(parts: Parts, kernel: Kernel) => any}
 */
function widgets({ Manager, base, show }, kernel) {
  class OutputModel extends base.DOMWidgetModel {
    /** @type {Message[]} */
    shown = [];
    /** @param {Message} message */
    show(message) {
      if (message.kind === "clear") this.shown = [];
      this.shown.push(message);
      for (const view of Object.values(this.views ?? {})) view.then((/** @type {any} */ { add }) => add(message));
    }
  }
  class OutputView extends base.DOMWidgetView {
    render() {
      super.render();
      this.add = show(this.el, kernel);
      this.model.shown.forEach(this.add);
    }
  }
  return class extends Manager {
    /** @type {(name: string, module: string) => Promise<any>} */
    async loadClass(name, module) {
      const own = /** @type {Record<string, any>} */ ({ OutputModel, OutputView });
      return own[name] ?? super.loadClass(name, module);
    }
  };
}
