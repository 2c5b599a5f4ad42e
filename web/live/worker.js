// Runs Python off the main thread: Pyodide, with the package's standard-library half and the exercises.
// In: { module, name, argument: JSON text }. Out: { type: "progress" | "ready" | "failed" | "answer", ... }.

const pyodideFolder = new URL("../pyodide/", import.meta.url);

/**
 * Fetch, counting what arrives. What comes is taken for what it should be, whatever type the server calls it, unless it
 * is a page: many servers send one in the place of what they have not.
 * @param {Record<string, number>} sizes
 */
function countingFetch(sizes) {
  const plainFetch = self.fetch.bind(self);
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  let loaded = 0;
  const count = () =>
    new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        postMessage({ type: "progress", loaded, total });
        controller.enqueue(chunk);
      },
    });
  /** @type {typeof fetch} */
  return async (resource, options) => {
    const name = new URL(String(resource), import.meta.url).pathname.split("/").pop() ?? "";
    const response = await plainFetch(resource, options).catch(() => undefined);
    const page = response?.headers.get("Content-Type")?.startsWith("text/html");
    if (!response?.ok || !response.body || page) {
      const why = page ? "the server sends a page in its place" : (response?.status ?? "no answer");
      const missing = `${name} is not to be had (${why})`;
      fail(missing); // now: Pyodide waits for ever for a file that does not come
      throw new Error(missing);
    }
    const headers = name.endsWith(".wasm") ? { "Content-Type": "application/wasm" } : response.headers;
    return new Response(response.body.pipeThrough(count()), { headers });
  };
}

/** @returns {Promise<Record<string, number>>} bytes of each file that is fetched, as the build wrote them */
async function sizesOfFiles() {
  const response = await fetch(new URL("sizes.json", import.meta.url)).catch(() => undefined);
  return response?.ok ? response.json().catch(() => ({})) : {};
}

/** Compile as ever, but say where it fails: Pyodide would wait for ever. */
function compileOrFail() {
  const compile = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = (source, imports) =>
    compile(source, imports).catch((error) => {
      fail(`WebAssembly is not to be had here (${error.message})`);
      throw error;
    });
}

/** A module of Pyodide's. @param {string} name */
function imported(name) {
  return import(new URL(name, pyodideFolder).href).catch(() => {
    throw new Error(`${name} is not to be had`);
  });
}

/** @param {unknown} reason */
function fail(reason) {
  postMessage({ type: "failed", message: String(reason) });
}

async function start() {
  compileOrFail();
  self.fetch = countingFetch(await sizesOfFiles());
  const [{ loadPyodide }, archive] = await Promise.all([
    imported("pyodide.js"),
    fetch(new URL("python.zip", import.meta.url)).then((response) => response.arrayBuffer()),
  ]);
  const pyodide = await loadPyodide({ indexURL: pyodideFolder.href });
  pyodide.unpackArchive(archive, "zip", { extractDir: "/book" });
  const call = pyodide.runPython("import sys; sys.path.insert(0, '/book'); from bridge import call; call");
  // Not the Python function itself: a promise would look for `then` in it.
  return (/** @type {string[]} */ ...texts) => call(...texts);
}

const calling = start();
calling.then(
  () => postMessage({ type: "ready" }),
  (error) => fail(error.message ?? error),
);

addEventListener("message", async ({ data: { module, name, argument } }) => {
  const call = await calling;
  try {
    postMessage({ type: "answer", text: call(module, name, argument) });
  } catch (error) {
    // The bridge reports Python's own errors, so this one is the machine's, which is of no use from here on.
    fail(error);
  }
});
