// Reads a log beside the page, in a worker that runs this explorer's own module; where there is none, in the page, a
// slice at a time. Either way the page goes on, knows how far it is, and can stop it.
import { stepsOfReading } from "./reader.js";
import { RunLog } from "./reader/run.js";
import { LogError } from "./reader/text.js";

const SLICE = 20; // milliseconds of reading between two looks at the page, or two words to it

if ("WorkerGlobalScope" in globalThis) { // each message is a log to read
  addEventListener("message", async ({ data: { bytes, wishes } }) => {
    const { log, ...found } = await inSlices(bytes, wishes, (progress) => postMessage({ progress }));
    try { postMessage(log ? { log: { ...log } } : found); } catch (error) { postMessage({ failed: String(error) }); }
  });
  postMessage({ ready: true });
}

/**
 * What came of reading: a run, or why there is none. `refused` is what the reader says of the file, `failed` what went
 * wrong with the reader itself.
 * @typedef {{ log?: RunLog, refused?: string, columns?: string[], failed?: string, stopped?: boolean }} Read
 */

/**
 * Begin to read a log. `source` is the text of the module that this one is a part of.
 * @type {(source: string, bytes: Uint8Array, wishes: object, progress: (part: number) => void) =>
 *   { read: Promise<Read>, stop: () => void }}
 */
export function beginReading(source, bytes, wishes, progress) {
  let stop = () => {}, isStopped = false;
  /** @type {Promise<Read>} */
  const stopped = new Promise((resolve) => {
    stop = () => { isStopped = true; resolve({ stopped: true }); };
  });
  const aside = inWorker(source, { bytes, wishes }, progress, stopped);
  const read = aside.then((found) => found ?? inSlices(bytes, wishes, progress, () => isStopped));
  return { read, stop };
}

/**
 * Nothing where a page may not have a worker: some notebooks forbid it, and some browsers cannot.
 * @type {(source: string, log: object, progress: (part: number) => void, stopped: Promise<Read>) =>
 *   Promise<Read | undefined>}
 */
async function inWorker(source, log, progress, stopped) {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  /** @type {Worker | undefined} */
  let worker;
  try {
    const made = new Worker(address, { type: "module" });
    worker = made;
    return await Promise.race([stopped, new Promise((resolve) => {
      let begun = false;
      made.onerror = (event) => {
        event.preventDefault();
        resolve(begun ? { failed: event.message || "the browser ended it" } : undefined);
      };
      made.onmessageerror = () => resolve({ failed: "its answer did not arrive" });
      made.onmessage = ({ data }) => {
        if (data.ready) { begun = true; made.postMessage(log); }
        else if (data.progress) progress(data.progress);
        else resolve(data.log ? { log: new RunLog(data.log) } : data);
      };
    })]);
  } catch {
    return undefined;
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(address);
  }
}

/**
 * Read step by step, and let others work between two slices.
 * @type {(bytes: Uint8Array, wishes: object, progress: (part: number) => void, isStopped?: () => boolean) =>
 *   Promise<Read>}
 */
async function inSlices(bytes, wishes, progress, isStopped = () => false) {
  let looked = performance.now();
  try {
    const steps = stepsOfReading(bytes, wishes);
    let step = steps.next();
    while (!step.done) {
      if (isStopped()) return { stopped: true };
      if (performance.now() - looked > SLICE) {
        progress(step.value);
        await new Promise((resolve) => { setTimeout(resolve); });
        looked = performance.now();
      }
      step = steps.next();
    }
    return { log: step.value };
  } catch (error) {
    if (!(error instanceof LogError)) return { failed: String(error) };
    return { refused: error.message, columns: error.columns };
  }
}
