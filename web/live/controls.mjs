// The controls of a lab: where the runs start and how long they are, and each run's rule and hyperparameters.

import { brief, scale } from "./scale.mjs";
import { button, element } from "./ui.mjs";

/**
 * @typedef {import("./state.mjs").State} State
 * @typedef {import("./state.mjs").Run} Run
 * @typedef {{ name: string, label: string, unit: string, default: number, range: [number, number] }} Hyperparameter
 * @typedef {{ landscapes: Record<string, import("./draw.mjs").Landscape>, rules: Record<string, Hyperparameter[]> }} Known
 * @typedef {{ id: string, label: string, unit: string, value: number, range: [number, number], whole?: boolean,
 *   set(value: number): void }} Quantity
 */

const MOST_RUNS = 4;
const NOTCHES = 1000; // of a slider

/**
 * @param {string} name the lab's
 * @param {Known} known
 * @param {Record<string, [number, number]>} ranges
 * @param {State} state changed in place
 * @param {(anew: boolean) => void} changed told when it was; anew: the controls themselves are no longer right
 */
export function controls(name, known, ranges, state, changed) {
  const { coordinates } = known.landscapes[state.landscape];
  const landscape = select(`${name}-landscape`, "Landscape", Object.keys(known.landscapes), state.landscape, (chosen) => {
    state.landscape = chosen;
    state.start = [...known.landscapes[chosen].start];
    delete state.maximize;
    changed(true);
  });
  const start = coordinates.map((coordinate, i) =>
    typed(`${name}-start-${i}`, `start ${coordinate}`, state.start[i], (value) => {
      state.start[i] = value;
      changed(false);
    }),
  );
  const steps = pair({
    id: `${name}-steps`,
    label: "length",
    unit: "steps",
    value: state.steps,
    range: [1, 500],
    whole: true,
    set: (value) => {
      state.steps = value;
      changed(false);
    },
  });
  const runs = state.runs.map((run, i) => fieldset(`${name}-${i}`, i, run));
  const add = button("Add a rule to the race", () => {
    const rules = Object.keys(known.rules);
    const rule = rules.find((each) => state.runs.every((run) => run.rule !== each)) ?? rules[0];
    state.runs.push({ rule, hyperparameters: defaults(known.rules[rule]) });
    changed(true);
  });
  add.hidden = state.runs.length >= MOST_RUNS;
  const where = element("fieldset", { class: "lab-run" }, element("legend", {}, "All runs"), landscape, ...start, steps);
  return element("div", { class: "lab-controls" }, where, ...runs, add);

  /**
   * @param {string} id
   * @param {number} i
   * @param {Run} run
   */
  function fieldset(id, i, run) {
    const rule = select(`${id}-rule`, "Rule", Object.keys(known.rules), run.rule, (chosen) => {
      run.rule = chosen;
      run.hyperparameters = defaults(known.rules[chosen]);
      changed(true);
    });
    const pairs = known.rules[run.rule].map(({ name: which, label, unit, range, default: usual }) =>
      pair({
        id: `${id}-${which}`,
        label,
        unit,
        value: run.hyperparameters[which] ?? usual,
        range: ranges[which] ?? range,
        set: (value) => {
          run.hyperparameters[which] = value;
          changed(false);
        },
      }),
    );
    const remove = button("Remove", () => {
      state.runs.splice(i, 1);
      changed(true);
    });
    remove.setAttribute("aria-label", `Remove run ${i + 1}, ${run.rule}`);
    remove.hidden = state.runs.length === 1;
    const legend = element("legend", {}, swatch(i), `Run ${i + 1}`);
    return element("fieldset", { class: "lab-run" }, legend, rule, ...pairs, remove);
  }
}

/**
 * A piece of the line that draws a run.
 * @param {number} i
 */
export function swatch(i) {
  return element("span", { class: `lab-swatch lab-line-${i}`, "aria-hidden": "true" });
}

/** @param {Hyperparameter[]} hyperparameters */
function defaults(hyperparameters) {
  return Object.fromEntries(hyperparameters.map(({ name, default: usual }) => [name, usual]));
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string[]} options
 * @param {string} chosen
 * @param {(value: string) => void} set
 */
function select(id, label, options, chosen, set) {
  const list = element("select", { id }, ...options.map((each) => element("option", { selected: each === chosen }, each)));
  list.addEventListener("change", () => set(list.value));
  return element("div", { class: "lab-field" }, element("label", { for: id }, label), list);
}

/**
 * @param {string} id
 * @param {string} label
 * @param {number} value
 * @param {(value: number) => void} set
 */
function typed(id, label, value, set) {
  const input = element("input", { id, type: "number", step: "any", value: String(value) });
  input.addEventListener("input", () => Number.isFinite(input.valueAsNumber) && set(input.valueAsNumber));
  return element("div", { class: "lab-field" }, element("label", { for: id }, label), input);
}

/**
 * A slider and a number to type, which show one value; logarithmic where the range spans powers of ten.
 * @param {Quantity} quantity
 */
function pair({ id, label, unit, value, range, whole, set }) {
  const log = range[0] > 0 && range[1] / range[0] >= 100 && !whole;
  const notches = scale(range, [0, NOTCHES], log);
  const slider = element("input", { id, type: "range", min: "0", max: String(NOTCHES), step: "1" });
  const number = element("input", { type: "number", step: "any", "aria-label": `${label}, typed`, value: String(value) });
  const shown = element("span", { class: "lab-unit" }, ` (${unit})`);
  const slide = (/** @type {number} */ to) => {
    slider.value = String(notches.place(Math.min(range[1], Math.max(range[0], to))));
    slider.setAttribute("aria-valuetext", `${brief(to)} ${unit}`);
  };
  slide(value);
  slider.addEventListener("input", () => {
    const at = notches.value(slider.valueAsNumber);
    const to = whole ? Math.round(at) : Number(at.toPrecision(3));
    number.value = String(to);
    slide(to);
    set(to);
  });
  number.addEventListener("input", () => {
    const to = number.valueAsNumber;
    if (!Number.isFinite(to)) return;
    slide(to);
    set(to);
  });
  return element("div", { class: "lab-pair" }, element("label", { for: id }, label, shown), slider, number);
}
