// One Python for the whole page, in a worker that starts when it is first needed. Calls run one after another.

import { keep } from "./offline.js";

/**
 * @typedef {{ signal?: AbortSignal, timeoutMs?: number }} CallOptions
 *   `timeoutMs` counts from when the call's turn comes and Python is ready.
 * @typedef {{ call(module: string, name: string, argument: unknown, options?: CallOptions): Promise<any> }} Python
 * @typedef {{ module: string, name: string, argument: unknown, options: CallOptions,
 *   resolve(value: any): void, reject(error: Error): void }} Call
 * @typedef {(loadedBytes: number, totalBytes: number) => void} ProgressListener
 */

/** An error that Python raised. */
export class PythonError extends Error {
  /** @param {{ error: string, kind: string, traceback: string }} answer */
  constructor({ error, kind, traceback }) {
    super(error);
    this.name = kind;
    this.pythonTraceback = traceback;
  }
}

/** What a call or a start ends with when it was stopped, by the reader or by the clock. */
export class Stopped extends Error {
  name = "Stopped";
}

/** What a start ends with in a browser that cannot run Python at all. */
export class Unsupported extends Error {
  name = "Unsupported";
}

const SILENCE = 60_000; // milliseconds: a start of which nothing is heard for so long has failed

/** @type {Python} */
const handle = { call };
/** @type {Set<ProgressListener>} */
const listeners = new Set();
/** @type {Call[]} */
const waiting = [];
/** @type {Call | undefined} */
let running;
let ready = false;
let clock = 0;
/** @type {{ worker: Worker, promise: Promise<Python>, reject(error: Error): void } | undefined} */
let started;

/** Start Python, or return the one that is started. @returns {Promise<Python>} */
export async function python() {
  started ??= start();
  return started.promise;
}

/**
 * Listen to how much of Python has arrived.
 * @param {ProgressListener} listener
 * @returns {() => void} stops listening
 */
export function onProgress(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Give up a start that is under way. */
export function cancel() {
  if (started && !ready) end(new Stopped("Cancelled: Python was not started."));
}

/** End Python and every call; the next `python()` starts it afresh. */
export function stop() {
  end(new Stopped("Python was stopped."));
}

/**
 * Call a Python function with one JSON argument. Stopping a running call ends the worker; it starts anew when next
 * needed. Floats that JSON lacks come as "inf", "-inf" and "nan".
 * @param {string} module
 * @param {string} name
 * @param {unknown} argument
 * @param {CallOptions} [options]
 * @returns {Promise<any>}
 */
function call(module, name, argument, options = {}) {
  return new Promise((resolve, reject) => {
    const one = { module, name, argument, options, resolve, reject };
    const { signal } = options;
    if (signal?.aborted) return reject(new Stopped("Stopped."));
    signal?.addEventListener("abort", () => drop(one, new Stopped("Stopped.")), { once: true });
    waiting.push(one);
    next();
  });
}

/** @returns {NonNullable<typeof started>} */
function start() {
  /** @type {(python: Python) => void} */
  let resolve = () => {};
  /** @type {(error: Error) => void} */
  let reject = () => {};
  const promise = /** @type {Promise<Python>} */ (new Promise((...both) => ([resolve, reject] = both)));
  const worker = moduleWorker(new URL("worker.js", import.meta.url));
  const listen = () => {
    clearTimeout(clock);
    if (!ready) clock = window.setTimeout(() => end(new Error("nothing has come for a minute")), SILENCE);
  };
  listen();
  worker.addEventListener("error", (event) => end(new Error(event.message || "its files are not there")));
  worker.addEventListener("message", ({ data }) => {
    if (!ready) listen();
    if (data.type === "progress") for (const tell of listeners) tell(data.loaded, data.total);
    else if (data.type === "failed") end(new Error(data.message));
    else if (data.type === "answer") finish(JSON.parse(data.text));
    else {
      ready = true;
      clearTimeout(clock);
      resolve(handle);
      next();
      keep("_static/live/", "_static/pyodide/");
    }
  });
  return { worker, promise, reject };
}

/**
 * A worker that is a module.
 * @param {URL} url
 */
function moduleWorker(url) {
  if (!("WebAssembly" in window)) throw new Unsupported("Python needs WebAssembly, which this browser has not.");
  let asked = false;
  const options = {
    get type() {
      asked = true; // an older browser does not ask
      return /** @type {WorkerType} */ ("module");
    },
  };
  // From a file a worker would have no policy; what the page makes has the page's, and reaches no other host.
  const text = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" });
  const own = URL.createObjectURL(text);
  const worker = new Worker(own, options);
  if (asked) return worker;
  worker.terminate();
  throw new Unsupported("Python needs workers that are modules, which this browser has not.");
}

function next() {
  if (running || !waiting.length) return;
  if (!ready) return void python().catch(() => {});
  running = waiting.shift();
  if (!running) return;
  const { module, name, argument, options } = running;
  const stopped = running;
  if (options.timeoutMs !== undefined) {
    const after = `Stopped: it ran for more than ${options.timeoutMs / 1000} seconds.`;
    clock = window.setTimeout(() => drop(stopped, new Stopped(after)), options.timeoutMs);
  }
  started?.worker.postMessage({ module, name, argument: JSON.stringify(argument) });
}

/** @param {any} answer */
function finish(answer) {
  const one = running;
  clearTimeout(clock);
  running = undefined;
  if (answer.error === undefined) one?.resolve(answer.value);
  else one?.reject(new PythonError(answer));
  next();
}

/**
 * End one call, and the worker with it where the call is running.
 * @param {Call} one
 * @param {Error} error
 */
function drop(one, error) {
  const place = waiting.indexOf(one);
  if (one !== running && place < 0) return;
  one.reject(error);
  if (place >= 0) return void waiting.splice(place, 1);
  endWorker(error);
  next();
}

/** @param {Error} error */
function end(error) {
  const calls = [...(running ? [running] : []), ...waiting.splice(0)];
  endWorker(error);
  for (const one of calls) one.reject(error);
}

/** @param {Error} error */
function endWorker(error) {
  clearTimeout(clock);
  started?.worker.terminate();
  started?.reject(error);
  started = running = undefined;
  ready = false;
}

addEventListener("pagehide", stop);
