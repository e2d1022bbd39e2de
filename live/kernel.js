// The page's side of the worker: starts it, sends it cells, and is the other end of its widgets.

/** How long nothing at all may arrive while Python starts, in milliseconds. */
const PATIENCE = 60_000;

export class Kernel {
  /** `told` is called with what the worker says about its start: steps and bytes. */
  constructor(settings, Manager, told) {
    this.settings = settings;
    this.told = told;
    this.shows = new Map(); // by cell: where its outputs go, also those of a later callback
    this.ends = new Map(); // by cell: what to call when it has run
    this.comms = new Map();
    this.handled = new Map();
    this.sent = 0;
    this.manager = new (widgets(Manager, this))();
  }

  /** Resolves when Python answers; rejects with what went wrong. */
  start() {
    return new Promise((resolve, reject) => {
      const wait = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => fail(`nothing has arrived for ${PATIENCE / 1000} seconds`), this.patience ?? PATIENCE);
      };
      const fail = (words) => { clearTimeout(this.timer); this.stop(); reject(new Error(words)); };
      this.worker = new Worker(this.settings.worker);
      this.worker.onerror = (event) => { event.preventDefault?.(); fail(event.message || "the page could not start a worker"); };
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "ready") {
          clearTimeout(this.timer);
          this.worker.onmessage = (event) => this.receive(event.data);
          this.worker.onerror = (event) => this.end(event.message);
          resolve();
        } else if (data.kind === "failed") fail(data.words);
        else { wait(); this.told(data); }
      };
      wait();
      this.worker.postMessage({ do: "start", ...this.settings });
    });
  }

  /** Run a cell; `show` is called with each of its outputs. Resolves to whether it went well. */
  run(cell, code, show) {
    return new Promise((resolve) => {
      this.shows.set(cell, show);
      this.ends.set(cell, resolve);
      this.worker.postMessage({ do: "run", cell, code });
    });
  }

  stop() {
    this.worker?.terminate();
    for (const resolve of this.ends.values()) resolve(false);
    this.ends.clear();
  }

  /** Python itself has ended: say so where it happened. */
  end(words) {
    for (const cell of this.ends.keys()) this.shows.get(cell)({ kind: "error", traceback: `Python has ended: ${words}` });
    this.stop();
  }

  finish(cell, ok) {
    this.ends.get(cell)?.(ok);
    this.ends.delete(cell);
  }

  receive(message) {
    const { kind, cell, into, comm_id } = message, show = this.shows.get(cell);
    if (kind === "done") this.finish(cell, message.ok);
    else if (kind === "failed") { show?.({ kind: "error", traceback: message.words }); this.finish(cell, false); }
    else if (kind === "handled") { this.handled.get(message.id)?.(); this.handled.delete(message.id); }
    else if (kind === "comm_open") this.open(message);
    else if (kind === "comm_msg") this.comms.get(comm_id)?.tell(message);
    else if (kind === "comm_close") this.comms.get(comm_id)?.closed(message);
    else if (into) this.manager.get_model(into).then((model) => model.show(message));
    else if (kind !== "bytes") show?.(message);
  }

  open(message) {
    const comm = new Comm(this, message.comm_id, message.target_name);
    this.comms.set(comm.comm_id, comm);
    if (message.target_name === "jupyter.widget") this.manager.handle_comm_open(comm, asJupyter(message));
  }

  send(kind, comm_id, data, buffers, callbacks) {
    const id = String(++this.sent);
    this.handled.set(id, () => callbacks?.iopub?.status?.({ content: { execution_state: "idle" } }));
    const bytes = (buffers ?? []).map((b) => new Uint8Array(b.buffer ?? b, b.byteOffset ?? 0, b.byteLength));
    this.worker.postMessage({ do: "comm", id, text: JSON.stringify({ kind, content: { comm_id, data } }), buffers: bytes });
    return id;
  }
}

// A widget's message as Jupyter would send it.
const asJupyter = ({ data, metadata, buffers, comm_id }) => ({
  content: { data, comm_id }, metadata, parent_header: {}, buffers: buffers.map((b) => new DataView(b.buffer, b.byteOffset, b.byteLength)),
});

// One line between a model in the page and its widget in Python, as ipywidgets wants it.
class Comm {
  constructor(kernel, comm_id, target_name) { Object.assign(this, { kernel, comm_id, target_name }); }
  on_msg(call) { this.tell = (message) => call(asJupyter(message)); }
  on_close(call) { this.ended = call; }
  closed(message) { this.kernel.comms.delete(this.comm_id); this.ended?.(asJupyter(message)); }
  open() { return ""; }
  send(data, callbacks, metadata, buffers) { return this.kernel.send("comm_msg", this.comm_id, data, buffers, callbacks); }
  close(data, callbacks, metadata, buffers) { this.kernel.comms.delete(this.comm_id); return this.kernel.send("comm_close", this.comm_id, data, buffers, callbacks); }
  tell() {}
}

/** The widget manager of the page, with Python behind it, and with ipywidgets' Output (for `interact`). */
function widgets({ Manager, base, show }, kernel) {
  class OutputModel extends base.DOMWidgetModel {
    shown = [];
    show(message) {
      if (message.kind === "clear") this.shown = [];
      this.shown.push(message);
      for (const view of Object.values(this.views ?? {})) view.then(({ add }) => add(message));
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
    async loadClass(name, module) {
      return { OutputModel, OutputView }[name] ?? super.loadClass(name, module);
    }
  };
}
