// The site's own data, or a sentence why it is not there.

import { AGAIN } from "./ui.js";

/**
 * What a JSON file holds.
 * @param {URL} url
 * @param {string} what it is, for the sentence
 * @returns {Promise<any>}
 */
export async function read(url, what) {
  const response = await fetch(url).catch(() => undefined);
  const held = response?.ok ? await response.json().catch(() => undefined) : undefined;
  if (held === undefined) throw new Error(`${what} could not be loaded. ${AGAIN}`);
  return held;
}
