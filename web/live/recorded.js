// The runs that the build recorded: what they gave, by the state that asked for it.

import { read } from "./files.js";
import { encode } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{ runs: import("./draw.js").Result[], snippet: string, torch?: Torch }} Results
 * @typedef {{ runs: import("./draw.js").Points[], said: string }} Torch torch's own runs beside them
 */

export class Recorded {
  /** @type {Map<string, Results>} */
  #results = new Map();
  /** @type {Map<string, Promise<void>>} */
  #loading = new Map();

  /**
   * Load a file, once, or again where it did not come.
   * @param {string} file
   * @param {State[]} states whose results it holds, in their order
   */
  load(file, states) {
    const loading = this.#loading.get(file) ?? this.#load(file, states);
    this.#loading.set(file, loading);
    loading.catch(() => this.#loading.delete(file));
    return loading;
  }

  /**
   * @param {string} file
   * @param {State[]} states
   */
  async #load(file, states) {
    /** @type {Results[]} */
    const results = await read(new URL(file, location.href), "What the build recorded of the runs");
    states.forEach((state, i) => this.#results.set(encode(state), results[i]));
  }

  /** @param {State} state */
  get(state) {
    return this.#results.get(encode(state));
  }
}
