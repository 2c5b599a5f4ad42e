// What a lab is set with: lists to choose from, numbers to type, sliders, check boxes; each labelled.

import { brief, notches } from "./scale.js";
import { element } from "./ui.js";

/**
 * @typedef {{ id: string, label: string, unit: string, value: number, range: [number, number], whole?: boolean,
 *   set(value: number): void }} Quantity
 * @typedef {Omit<Quantity, "value" | "set"> & { value: number | null, on: number,
 *   set(value: number | null): void }} Optional `on` is where it starts when it is switched on
 */

/**
 * @param {string} id
 * @param {string} label
 * @param {string[]} options
 * @param {string} chosen
 * @param {(value: string) => void} set
 */
export function select(id, label, options, chosen, set) {
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
export function typed(id, label, value, set) {
  const input = element("input", { id, type: "number", step: "any", value: String(value) });
  input.addEventListener("input", () => Number.isFinite(input.valueAsNumber) && set(input.valueAsNumber));
  return element("div", { class: "lab-field" }, element("label", { for: id }, label), input);
}

/**
 * @param {string} id
 * @param {string} label
 * @param {boolean} value
 * @param {(value: boolean) => void} set
 * @param {Node | string} [unit]
 */
export function check(id, label, value, set, unit = "") {
  const box = element("input", { id, type: "checkbox", checked: value });
  box.addEventListener("change", () => set(box.checked));
  return element("label", { class: "lab-check" }, box, element("span", {}, label, unit));
}

/**
 * A slider and a number to type, which show one value.
 * @param {Quantity} quantity
 */
export function pair(quantity) {
  const { id, label, unit } = quantity;
  return element("div", { class: "lab-pair" }, element("label", { for: id }, label, inUnits(unit)), ...slider(quantity));
}

/**
 * A check box that switches a quantity on, and then its slider and number.
 * @param {Optional} quantity
 */
export function optional({ value, on, set, ...rest }) {
  const { id, label, unit } = rest;
  let last = value ?? on;
  const keep = (/** @type {number} */ to) => set((last = to));
  const inputs = slider({ ...rest, value: last, set: keep });
  inputs[0].setAttribute("aria-label", label); // the visible one is the check box's
  const show = (/** @type {boolean} */ shown) => inputs.forEach((input) => (input.hidden = !shown));
  const turn = (/** @type {boolean} */ to) => {
    show(to);
    set(to ? last : null);
  };
  const switched = check(`${id}-on`, label, value !== null, turn, inUnits(unit));
  show(value !== null);
  return element("div", { class: "lab-pair" }, switched, ...inputs);
}

/** @param {string} unit */
function inUnits(unit) {
  return element("span", { class: "lab-unit" }, unit && ` (${unit})`);
}

/**
 * @param {Quantity} quantity
 * @returns {[HTMLInputElement, HTMLInputElement]}
 */
function slider({ id, label, unit, value, range, whole, set }) {
  const places = notches(range, whole);
  const bar = element("input", { id, type: "range", min: "0", max: String(places.last), step: "1" });
  const number = element("input", { type: "number", step: "any", "aria-label": `${label}, typed`, value: String(value) });
  const slide = (/** @type {number} */ to) => {
    bar.value = String(places.notch(to));
    bar.setAttribute("aria-valuetext", to === 1 && unit === "steps" ? "1 step" : `${brief(to)} ${unit}`.trim());
  };
  slide(value);
  bar.addEventListener("input", () => {
    const to = places.value(bar.valueAsNumber);
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
  return [bar, number];
}
