// What the browser remembers of an exercise: the reader's text, the stub it was written for, and which version is solved.

/**
 * @typedef {{ text?: string, version?: string, solved?: string }} Memory
 *   `version` marks the stub that `text` was made from, `solved` the one that was solved.
 */

const PREFIX = "exercise:";

/** @param {string} name @returns {Memory} */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "{}") ?? {};
  } catch {
    return {}; // storage holds something else
  }
}

/**
 * Change what is remembered of one exercise.
 * @param {string} name
 * @param {Memory} news what is undefined in it is forgotten
 * @returns {boolean} whether it outlives the page
 */
export function remember(name, news) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ ...recall(name), ...news }));
    return lasts();
  } catch {
    return false; // storage is full
  }
}

/** Whether the browser keeps anything: where it does not, every page brings a stand-in (templates/storage.js). */
export function lasts() {
  return localStorage instanceof Storage;
}

/** Whether anything at all is remembered. */
export function anything() {
  const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? "");
  return keys.some((key) => key.startsWith(PREFIX));
}

/**
 * Whether this version of an exercise is solved.
 * @param {string} name
 * @param {string} version
 */
export function isSolved(name, version) {
  return recall(name).solved === version;
}
