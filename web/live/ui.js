// The few parts that every live component is made of: elements, buttons, the status line, the start of Python.

import { Stopped, Unsupported, cancel, onProgress, python } from "./python.js";

/** What to do where something does not come. */
export const AGAIN = "Is there a network? Press again to try once more.";

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean>} [attributes] true sets an empty one, false leaves it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/**
 * A button in the live components' look.
 * @param {string} text
 * @param {(event: MouseEvent) => void} onClick
 * @param {Record<string, string | boolean>} [attributes]
 */
export function button(text, onClick, attributes = {}) {
  const made = element("button", { type: "button", class: "live-button", ...attributes }, text);
  made.addEventListener("click", onClick);
  return made;
}

/**
 * Parts that fold away under a line of words.
 * @param {Node | string} summary
 * @param {boolean} open
 * @param {...Node} parts
 */
export function folded(summary, open, ...parts) {
  return element("details", { class: "lab-fold", open }, element("summary", {}, summary), ...parts);
}

/** A line that a screen reader reads out when its text changes. */
export function statusLine() {
  return element("p", { role: "status", class: "live-status" });
}

/**
 * What is shown while Python starts: a bar, its share, Cancel; afterwards nothing, or one sentence why not.
 * `start()` may be called as often as wished; it rejects where Python does not start, having said so.
 * @param {string} [otherwise] what remains for the reader then
 */
export function startPanel(otherwise = "") {
  const said = statusLine();
  const bar = element("progress", { "aria-label": "Loading Python" });
  const amount = element("span");
  const waiting = element("div", { class: "live-loading", hidden: true }, bar, amount, button("Cancel", cancel));
  const box = element("div", { class: "live-start" }, said, waiting);

  async function start() {
    const slow = setTimeout(() => {
      waiting.hidden = false;
      said.textContent = "Loading Python, once …";
    }, 50);
    const quiet = onProgress((loaded, total) => {
      if (total) [bar.max, bar.value] = [total, loaded];
      amount.textContent = total ? `${Math.round((100 * loaded) / total)} %` : "";
    });
    try {
      const started = await python();
      said.textContent = "";
      return started;
    } catch (error) {
      said.textContent = `${whyNot(/** @type {Error} */ (error))} ${otherwise}`.trim();
      throw error;
    } finally {
      clearTimeout(slow);
      quiet();
      waiting.hidden = true;
    }
  }
  return { element: box, start };
}

/** @param {Error} error */
function whyNot(error) {
  if (error instanceof Stopped || error instanceof Unsupported) return error.message;
  return `Python could not start here: ${error.message}. ${AGAIN}`;
}
