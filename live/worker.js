// The worker of "Run here": loads Pyodide, then the wheels of this site, then answers one message
// after another. A worker has no page's content security policy, so it may fetch what the page may not. What comes
// from elsewhere is checked: Pyodide is this site's, and its lock file has the hashes of its packages.
/** @type {any} */
let python; // Pyodide
/** @type {any} */
let kernel; // the module live/kernel.py in it
let seen = 0;
const post = (/** @type {string} */ kind, rest = {}) => postMessage({ kind, ...rest });

// Count the bytes that arrive: the page shows them, and notices when nothing comes any more.
const fetchAsIs = self.fetch;
self.fetch = async (address, options) => {
  const answer = await fetchAsIs(address, options);
  if (!answer.ok) throw new Error(`${answer.status} from ${answer.url || address}`);
  if (!answer.body) return answer;
  const counter = new TransformStream({
    transform(chunk, controller) { seen += chunk.byteLength; post("bytes", { seen }); controller.enqueue(chunk); },
  });
  return new Response(answer.body.pipeThrough(counter), { status: answer.status, headers: answer.headers });
};

/** @type {Record<string, (message: Record<string, any>) => unknown>} */
const commands = {
  async start({ pyodide, packages, wheels, kernel: address }) {
    const source = fetch(address).then((answer) => answer.text());
    /** @type {(wheel: { address: string, integrity: string }) => Promise<ArrayBuffer>} */
    const load = async ({ address: place, integrity }) => (await fetch(place, { integrity })).arrayBuffer();
    const files = wheels.map(load);
    Promise.allSettled([source, ...files]); // a failure is told below, not twice
    post("step", { words: "Loading Python" });
    try {
      importScripts(`${pyodide}pyodide.js`);
    } catch {
      throw new Error(`${pyodide} cannot be reached`);
    }
    python = await loadPyodide({ indexURL: pyodide });
    post("step", { words: "Loading NumPy, SciPy and Matplotlib" });
    /** @type {string[]} */
    const errors = [];
    const errorCallback = (/** @type {string} */ words) => errors.push(words);
    await python.loadPackage(packages, { messageCallback() {}, errorCallback });
    if (errors.length) {
      const what = "packages cannot be reached, or are not those that this book was made with";
      throw new Error(`${what} (${errors.join("; ")})`);
    }
    post("step", { words: "Starting Python" });
    for (const file of files) python.unpackArchive(await file, "wheel");
    python.FS.writeFile("/home/pyodide/arbook_kernel.py", await source);
    kernel = python.pyimport("arbook_kernel");
    kernel.start((/** @type {string} */ text, /** @type {unknown} */ buffers) => {
      postMessage({ ...JSON.parse(text), buffers });
    });
    post("ready");
  },
  async run({ cell, code }) {
    const ok = await kernel.run(cell, code);
    post("done", { cell, ok });
  },
  comm({ id, text, buffers }) {
    kernel.comm_message(text, buffers);
    post("handled", { id });
  },
};

let queue = Promise.resolve();
self.onmessage = ({ data }) => {
  const failed = (/** @type {Error} */ error) => post("failed", { words: error.message, cell: data.cell });
  queue = queue.then(() => commands[data.do](data)).then(() => {}, failed);
};
