// The worker of "Run here": loads Pyodide, then the wheels of this site, then answers one message
// after another. A worker has no page's content security policy, so it may fetch what the page may not.
let python, seen = 0;
const post = (kind, rest = {}) => postMessage({ kind, ...rest });

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

const commands = {
  async start({ pyodide, packages, wheels, kernel }) {
    const source = fetch(kernel).then((answer) => answer.text());
    const files = wheels.map((wheel) => fetch(wheel).then((answer) => answer.arrayBuffer()));
    Promise.allSettled([source, ...files]); // a failure is told below, not twice
    post("step", { words: "Loading Python" });
    try {
      importScripts(pyodide + "pyodide.js");
    } catch {
      throw new Error(`${pyodide} cannot be reached`);
    }
    python = await loadPyodide({ indexURL: pyodide });
    post("step", { words: "Loading NumPy, SciPy and Matplotlib" });
    const errors = [];
    await python.loadPackage(packages, { messageCallback() {}, errorCallback: (words) => errors.push(words) });
    if (errors.length) throw new Error(errors.join("; "));
    post("step", { words: "Starting Python" });
    for (const file of files) python.unpackArchive(await file, "wheel");
    python.FS.writeFile("/home/pyodide/arbook_kernel.py", await source);
    self.kernel = python.pyimport("arbook_kernel");
    kernel_start();
    post("ready");
  },
  async run({ cell, code }) {
    const ok = await self.kernel.run(cell, code);
    post("done", { cell, ok });
  },
  comm({ id, text, buffers }) {
    self.kernel.comm_message(text, buffers);
    post("handled", { id });
  },
};
const kernel_start = () => self.kernel.start((text, buffers) => postMessage({ ...JSON.parse(text), buffers }));

let queue = Promise.resolve();
onmessage = ({ data }) => {
  queue = queue.then(() => commands[data.do](data)).catch((error) => post("failed", { words: error.message, cell: data.cell }));
};
