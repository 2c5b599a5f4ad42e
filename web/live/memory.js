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
    return {}; // storage is blocked, or holds something else
  }
}

/**
 * Change what is remembered of one exercise.
 * @param {string} name
 * @param {Memory} news what is undefined in it is forgotten
 */
export function remember(name, news) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ ...recall(name), ...news }));
  } catch {
    // storage is blocked or full: the exercise works, and is forgotten with the page
  }
}

/** Whether anything at all is remembered. */
export function anything() {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(PREFIX));
  } catch {
    return false;
  }
}

/**
 * Whether this version of an exercise is solved.
 * @param {string} name
 * @param {string} version
 */
export function isSolved(name, version) {
  return recall(name).solved === version;
}
