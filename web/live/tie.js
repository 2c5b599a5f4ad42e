// What ties a diagram to a lab of its page: each sets the other, and neither answers its own echo.

/**
 * @typedef {{ lab: string, landscape: string, rule: string, sets: Record<string, [string, number]> }} Drives
 *   `sets`: for a hyperparameter, which parameter it is, and by what that is divided
 * @typedef {Record<string, number>} Values
 */

/**
 * Tell a lab what a diagram's parameters mean there.
 * @param {Drives} drives
 * @param {Values} values
 */
export function tell({ lab, rule, sets }, values) {
  const set = Object.entries(sets).map(([name, [from, by]]) => [name, round(values[from] / by)]);
  const detail = { lab, rule, hyperparameters: Object.fromEntries(set) };
  document.dispatchEvent(new CustomEvent("lab:set", { detail }));
}

/**
 * Listen to the lab: which values its run means here.
 * @param {Drives} drives
 * @param {(values: Values) => void} heard
 */
export function listen({ lab, landscape, rule, sets }, heard) {
  document.addEventListener("lab:state", (event) => {
    const { detail } = /** @type {CustomEvent<{ lab: string, state: import("./state.js").State }>} */ (event);
    if (detail.lab !== lab || detail.state.landscape !== landscape) return;
    const run = detail.state.runs.find((each) => each.rule === rule);
    /** @type {Values} */
    const values = {};
    for (const [name, [to, by]] of Object.entries(sets)) {
      const value = run?.hyperparameters[name];
      if (typeof value === "number") values[to] = round(value * by);
    }
    heard(values);
  });
}

/** Without what the last bits of a quotient add. @param {number} value */
function round(value) {
  return Number(value.toPrecision(12));
}
