// Draws runs: their paths on a landscape, and a quantity against the step. SVG, restyled by the page's style sheet.

import { path, scale } from "./scale.js";

/**
 * @typedef {{ rule: string, positions: number[][], objective: number[], uphill: number[][], moves: number[][],
 *   held: Record<string, (number | null)[][]>, directions: string[], equations: import("./worked.js").Equation[][],
 *   ended: string, outcome: string }} Result
 * @typedef {{ positions: number[][], objective: number[] }} Points
 * @typedef {{ coordinates: string[], domain: [number, number][], start: number[], optima: number[][], heights: number[],
 *   dimension: number, picture: string, size: [number, number], frame: Frame }} Landscape
 * @typedef {{ left: number, top: number, width: number, height: number }} Frame
 * @typedef {{ colors: string[], marks: string[], star: string, ink: string, casing: string, most: number,
 *   sizes: { line: number, mark: number, edge: number, dot: number, ring: number, star: number } }} Style the book's own
 */

let clips = 0;

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** The runs' paths on the picture of their landscape that the book drew; as in its figures. */
export class Picture {
  constructor() {
    this.element = svg("svg", { class: "lab-picture", role: "group", "aria-label": "Paths" });
    this.casings = svg("g", { class: "lab-lines" });
    this.paths = svg("g", { class: "lab-lines" });
    this.arrows = svg("g", { class: "lab-arrows" });
    this.handles = svg("g");
  }

  /**
   * Show a landscape: its levels and axes, its optima.
   * @param {Landscape} landscape
   * @param {Style} style
   */
  show(landscape, style) {
    this.style = style;
    const { left, top, width, height } = landscape.frame;
    const [across, up] = landscape.size;
    const [xs, ys] = landscape.domain;
    this.x = scale(xs, [left, left + width]);
    this.y = scale(ys, [top + height, top]);
    this.dimension = landscape.dimension;
    const { clip, id } = clipTo(landscape.frame);
    const href = new URL(landscape.picture, import.meta.url).href;
    const stars = landscape.optima.map((at, i) => this.#star(this.place(at, landscape.heights[i]), style));
    const inside = { "clip-path": `url(#${id})` };
    this.element.setAttribute("viewBox", `0 0 ${across} ${up}`);
    this.element.setAttribute("color", style.ink);
    this.handles.replaceChildren();
    this.element.replaceChildren(
      clip,
      svg("image", { class: "lab-land", href, width: across, height: up }),
      svg("g", inside, this.casings, this.paths, this.arrows),
      this.handles,
      svg("g", { class: "lab-stars", ...inside }, ...stars),
    );
  }

  /**
   * @param {[number, number]} at
   * @param {Style} style
   */
  #star(at, { star, ink, casing, sizes }) {
    return mark(star, at, sizes.star, { class: "lab-star", fill: ink, stroke: casing, "stroke-width": sizes.edge / sizes.star });
  }

  /**
   * The place of a point in the picture.
   * @param {number[]} position
   * @param {number} objective
   * @returns {[number, number]}
   */
  place(position, objective) {
    const height = this.dimension === 1 ? objective : position[1];
    return [this.x?.place(position[0]) ?? 0, this.y?.place(height) ?? 0];
  }

  /**
   * A vector of parameters, as the picture turns and stretches it.
   * @param {(number | null)[]} vector
   * @returns {[number, number]}
   */
  turned([across, up]) {
    const { x, y } = this;
    if (!x || !y) return [0, 0];
    const unit = (/** @type {import("./scale.js").Scale} */ one) => one.place(1) - one.place(0);
    return [(across ?? 0) * unit(x), this.dimension === 1 ? 0 : (up ?? 0) * unit(y)];
  }

  /**
   * Draw the runs up to a step, with a mark at each of some forty steps, and at the one they have come to.
   * @param {Result[]} runs
   * @param {number} step
   * @param {Points[]} [others] runs of which the marks are drawn alone, as dots
   */
  draw(runs, step, others = []) {
    const style = this.style;
    if (!style) return;
    const { colors, casing, marks, most, sizes } = style;
    const reached = (/** @type {Points} */ run) => {
      const points = run.positions.slice(0, step + 1).map((position, t) => this.place(position, run.objective[t]));
      const every = Math.max(1, Math.floor(run.positions.length / most));
      const last = points.length < run.positions.length ? points.length - 1 : -1;
      return { line: path(points), marked: points.filter((at, t) => (t % every === 0 || t === last) && inSight(at)) };
    };
    const drawn = runs.map(reached);
    /** @param {number} i @param {string} color @param {number} edge */
    const run = (i, color, edge) => {
      const line = svg("path", { d: drawn[i].line, stroke: color, "stroke-width": sizes.line + 2 * edge });
      return svg("g", {}, line, ...drawn[i].marked.map((at) => mark(marks[i], at, sizes.mark + 2 * edge, { fill: color })));
    };
    this.casings.replaceChildren(...drawn.map((_, i) => run(i, casing, sizes.edge)));
    const dots = others.flatMap((each) => reached(each).marked.map((at) => dot(at, style)));
    this.paths.replaceChildren(...drawn.map((_, i) => run(i, colors[i], 0)), ...dots);
  }
}

/**
 * A piece of the line that draws a run, with its mark.
 * @param {Style} style
 * @param {number} i which run
 */
export function swatch({ colors, marks, sizes }, i) {
  const line = svg("path", { d: "M0 4h20", stroke: colors[i], "stroke-width": sizes.line });
  return inLegend(line, mark(marks[i], [10, 4], sizes.mark, { fill: colors[i] }));
}

/**
 * The dot that marks another's run.
 * @param {Style} style
 */
export function dotted(style) {
  return inLegend(dot([10, 4], style));
}

/** @param {...SVGElement} drawn */
function inLegend(...drawn) {
  return svg("svg", { viewBox: "0 0 20 8", class: "lab-swatch", "aria-hidden": "true" }, ...drawn);
}

/**
 * @param {[number, number]} at
 * @param {Style} style
 */
function dot([x, y], { casing, ink, sizes }) {
  const look = { fill: casing, stroke: ink, "stroke-width": sizes.edge };
  return svg("circle", { cx: round(x), cy: round(y), r: sizes.dot / 2, ...look });
}

/**
 * @param {string} d the mark's outline, of size 1
 * @param {[number, number]} at
 * @param {number} size
 * @param {Record<string, string | number>} look
 */
function mark(d, [x, y], size, look) {
  return svg("path", { d, transform: `translate(${round(x)} ${round(y)}) scale(${size})`, ...look });
}

/** @param {Frame} frame */
export function clipTo({ left, top, width, height }) {
  const id = `lab-clip-${++clips}`;
  const clip = svg("clipPath", { id }, svg("rect", { x: left, y: top, width, height }));
  return { clip, id };
}

/** Whether a point is near enough to the picture to be seen in it. @param {[number, number]} at */
function inSight([x, y]) {
  return Math.abs(x) < 1e4 && Math.abs(y) < 1e4; // false of what is no number
}

/** @param {number} place */
function round(place) {
  return Math.round(100 * place) / 100;
}
