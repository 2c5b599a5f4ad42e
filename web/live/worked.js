// What a run's rule does in one step: its equations with their numbers, and arrows on the picture.

import { svg } from "./draw.js";
import { brief } from "./scale.js";
import { element } from "./ui.js";

/**
 * @typedef {import("./draw.js").Result} Result
 * @typedef {import("./state.js").Value} Value
 * @typedef {string | ["given" | "before" | "after" | "seen", string]} Token a sign, or where a value is from and its name
 * @typedef {{ name: string, sign: string, tokens: Token[] }} Equation
 */

const LONGEST = 72; // of a gradient's arrow, in the picture's units
const SHORTEST = 3; // of an arrow that is drawn

/**
 * The equations of the step that a run takes from a point on, in names and then in numbers for each coordinate.
 * @param {Result} run
 * @param {Record<string, Value>} given its hyperparameters, with the defaults
 * @param {string[]} coordinates
 * @param {number} t how many steps came before
 */
export function worked(run, given, coordinates, t) {
  if (t >= run.moves.length) return [element("p", {}, `${run.outcome}.`)];
  const lines = run.equations[Math.min(t, 1)].map((equation) => {
    const names = element("code", {}, `${equation.name} ${equation.sign} ${words(equation.tokens, (token) => token[1])}`);
    const numbers = coordinates.map((coordinate, x) => {
      const places = { given: (/** @type {string} */ name) => given[name], ...held(run, t, x) };
      const right = words(equation.tokens, ([source, name]) => value(places[source](name)));
      const left = equation.name === "parameter" ? run.moves[t][x] : places.after(equation.name);
      const whole = right === value(left) ? "" : `${right} = `;
      return element("span", { class: "lab-numbers" }, symbol(coordinate), ` ${whole}${value(left).replace(/[()]/g, "")}`);
    });
    return element("p", {}, names, ...numbers);
  });
  return [...lines, key(run)];
}

/** What the arrows are. @param {Result} run */
function key({ directions }) {
  const dashed = directions.length ? ` dashed: ${directions.join(", ")};` : "";
  return element("p", { class: "lab-key" }, `Arrows: thin: gradient;${dashed} thick: the step. Only the step is to scale.`);
}

/** A coordinate as the text writes it. @param {string} name */
function symbol(name) {
  const [, letter, index] = /** @type {RegExpExecArray} */ (/^(\D+)(\d*)$/.exec(name));
  return element("i", {}, letter, element("sub", {}, index));
}

/**
 * Where a coordinate's values are, in a step.
 * @param {Result} run
 * @param {number} t
 * @param {number} x
 */
function held(run, t, x) {
  return {
    before: (/** @type {string} */ name) => run.held[name][t][x],
    after: (/** @type {string} */ name) => run.held[name][t + 1][x],
    seen: (/** @type {string} */ name) => (name === "gradient" ? run.uphill : run.positions)[t][x],
  };
}

/**
 * @param {Token[]} tokens
 * @param {(token: Exclude<Token, string>) => string} said
 */
function words(tokens, said) {
  return tokens.map((token) => (typeof token === "string" ? token : said(token))).join("");
}

/** A value among signs: a negative one in parentheses. @param {unknown} held */
function value(held) {
  if (typeof held !== "number") return String(held);
  return held < 0 ? `(${brief(held)})` : brief(held);
}

/**
 * Arrows at a run's point: the uphill gradient, what the rule remembers that has a direction, and the step.
 * @param {import("./draw.js").Picture} picture
 * @param {Result} run
 * @param {string} color the run's
 * @param {number} t
 */
export function arrows(picture, run, color, t) {
  if (t >= run.moves.length) return [];
  const here = picture.place(run.positions[t], run.objective[t]);
  const there = picture.place(run.positions[t + 1], run.objective[t + 1]);
  const memories = run.directions.map((name) => run.held[name]);
  const drawn = [run.uphill, ...memories].map((vectors, i) => {
    const tip = scaled(picture, vectors, t + (i && 1));
    return arrow(here, [here[0] + tip[0], here[1] + tip[1]], i ? "lab-memory" : "lab-gradient");
  });
  return [...drawn, arrow(here, there, "lab-step", { stroke: color })];
}

/**
 * A vector in the picture's units, the run's longest made as long as an arrow may be.
 * @param {import("./draw.js").Picture} picture
 * @param {(number | null)[][]} vectors
 * @param {number} t
 */
function scaled(picture, vectors, t) {
  const placed = vectors.map((vector) => picture.turned(vector));
  const longest = Math.max(...placed.map((each) => Math.hypot(...each)).filter(Number.isFinite));
  return placed[t].map((part) => (longest > 0 ? (LONGEST * part) / longest : 0));
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {string} kind
 * @param {Record<string, string>} [look]
 */
function arrow(from, to, kind, look = {}) {
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(across, down);
  if (!(length >= SHORTEST && length < 1e4)) return svg("g");
  const head = Math.min(6, length / 2);
  const way = Math.atan2(down, across);
  const barb = (/** @type {number} */ turn) => `${to[0] - head * Math.cos(way + turn)} ${to[1] - head * Math.sin(way + turn)}`;
  const d = `M${from[0]} ${from[1]}L${to[0]} ${to[1]}M${barb(0.5)}L${to[0]} ${to[1]}L${barb(-0.5)}`;
  return svg("g", { class: kind }, svg("path", { d, class: "lab-casing" }), svg("path", { d, ...look }));
}
