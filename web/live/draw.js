// Draws runs: their paths on a landscape, and a quantity against the step. SVG, restyled by the page's style sheet.

import { brief, extent, path, scale, ticks, wantsLog } from "./scale.js";

/**
 * @typedef {{ rule: string, positions: number[][], objective: number[], gradient_norm: number[], step_size: number[],
 *   rate: number[], ended: string, outcome: string }} Result
 * @typedef {{ coordinates: string[], domain: [number, number][], start: number[], optima: number[][],
 *   maximize: boolean, lines: string[], dimension: number }} Landscape
 * @typedef {{ left: number, top: number, width: number, height: number }} Frame
 */

const SIDE = 1000; // of the level lines' own coordinates
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

/** The runs' paths on their landscape. */
export class Picture {
  /** @type {Frame} */
  frame = { left: 40, top: 8, width: 312, height: 250 };

  constructor() {
    this.element = svg("svg", { viewBox: "0 0 360 300", class: "lab-picture", role: "group", "aria-label": "Paths" });
    this.paths = svg("g", { class: "lab-lines" });
    this.ends = svg("g", { class: "lab-ends" });
  }

  /**
   * Show a landscape: its lines, its optima, its axes.
   * @param {Landscape} landscape
   */
  show(landscape) {
    const { left, top, width, height } = this.frame;
    const [xs, ys] = landscape.domain;
    this.x = scale(xs, [left, left + width]);
    this.y = scale(ys, [top + height, top]);
    this.dimension = landscape.dimension;
    const { clip, id } = clipTo(this.frame);
    const fit = `translate(${left} ${top + height}) scale(${width / SIDE} ${-height / SIDE})`;
    const lines = landscape.lines.map((d) => svg("path", { d, "vector-effect": "non-scaling-stroke" }));
    const names = [landscape.coordinates[0], landscape.coordinates[1] ?? "objective"];
    const stars = this.dimension === 1 ? [] : landscape.optima.map((at) => this.#star(at));
    this.element.replaceChildren(
      clip,
      svg("g", { class: "lab-land", transform: fit }, ...lines),
      axes(this.frame, this.x, this.y, landscape.domain, names),
      svg("g", { "clip-path": `url(#${id})` }, ...stars, this.paths, this.ends),
    );
  }

  /** @param {number[]} at */
  #star([x, y]) {
    return svg("text", { class: "lab-star", x: this.x?.place(x) ?? 0, y: (this.y?.place(y) ?? 0) + 5 }, "★");
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
   * Draw the runs up to a step.
   * @param {Result[]} runs
   * @param {number} step
   */
  draw(runs, step) {
    const drawn = runs.map((run) =>
      run.positions.slice(0, step + 1).map((position, t) => this.place(position, run.objective[t])),
    );
    this.paths.replaceChildren(...drawn.map((points, i) => svg("path", { d: path(points), class: `lab-line-${i}` })));
    this.ends.replaceChildren(
      ...drawn.map((points, i) => {
        const [cx, cy] = points[points.length - 1];
        return svg("circle", { cx: inside(cx), cy: inside(cy), r: 4, class: `lab-line-${i}` });
      }),
    );
  }
}

/** A quantity of the runs against the step. */
export class Chart {
  /** @type {Frame} */
  frame = { left: 52, top: 24, width: 196, height: 116 };

  /**
   * @param {string} title
   * @param {"objective" | "rate" | "gradient_norm"} quantity
   */
  constructor(title, quantity) {
    this.title = title;
    this.quantity = quantity;
    this.element = svg("svg", { viewBox: "0 0 260 176", class: "lab-chart", role: "img", "aria-label": title });
    this.mark = svg("path", { class: "lab-mark" });
  }

  /** @param {Result[]} runs */
  draw(runs) {
    const { left, top, width, height } = this.frame;
    const values = runs.flatMap((run) => run[this.quantity]);
    const log = wantsLog(values);
    const ys = widened(extent(values), log);
    const last = Math.max(1, ...runs.map((run) => run.step_size.length));
    this.x = scale([0, last], [left, left + width]);
    const y = scale(ys, [top + height, top], log);
    const { clip, id } = clipTo(this.frame);
    const first = this.quantity === "rate" ? 1 : 0; // the first step has the first rate
    const place = this.x.place;
    const lines = runs.map((run, i) => {
      /** @type {[number, number][]} */
      const points = run[this.quantity].map((value, t) => [place(t + first), y.place(value)]);
      return svg("path", { d: path(points), class: `lab-line-${i}` });
    });
    const title = svg("text", { class: "lab-title", x: left, y: 14 }, log ? `${this.title} (log)` : this.title);
    this.element.replaceChildren(
      clip,
      title,
      axes(this.frame, this.x, y, [[0, last], ys], ["step", ""]),
      svg("g", { class: "lab-lines", "clip-path": `url(#${id})` }, ...lines),
      this.mark,
    );
    const ends = runs.map((run) => `${run.rule} ends at ${brief(run[this.quantity].at(-1) ?? 0)}`);
    this.element.setAttribute("aria-label", `${this.title} against the step: ${ends.join(", ")}`);
  }

  /**
   * Mark the step that the picture shows.
   * @param {number} step
   */
  point(step) {
    const x = this.x?.place(step) ?? 0;
    this.mark.setAttribute("d", `M${x} ${this.frame.top}v${this.frame.height}`);
  }
}

/**
 * @param {Frame} frame
 * @param {import("./scale.js").Scale} x
 * @param {import("./scale.js").Scale} y
 * @param {[number, number][]} domain
 * @param {string[]} names
 */
function axes({ left, top, width, height }, x, y, [xs, ys], names) {
  const bottom = top + height;
  const across = ticks(xs, false).map((value) => {
    const place = x.place(value);
    return svg("g", {}, svg("path", { d: `M${place} ${bottom}v4` }), label(value, place, bottom + 15, "middle"));
  });
  const up = ticks(ys, y.log).map((value) => {
    const place = y.place(value);
    return svg("g", {}, svg("path", { d: `M${left} ${place}h-4` }), label(value, left - 6, place + 4, "end"));
  });
  const frame = svg("path", { d: `M${left} ${top}v${height}h${width}` });
  const below = svg("text", { x: left + width / 2, y: bottom + 29, "text-anchor": "middle" }, names[0]);
  const beside = svg("text", { x: 10, y: top + height / 2, class: "lab-beside" }, names[1]);
  return svg("g", { class: "lab-axes" }, frame, ...across, ...up, below, beside);
}

/**
 * @param {number} value
 * @param {number} x
 * @param {number} y
 * @param {string} anchor
 */
function label(value, x, y, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, brief(value).replace("-", "−"));
}

/** @param {Frame} frame */
function clipTo({ left, top, width, height }) {
  const id = `lab-clip-${++clips}`;
  const clip = svg("clipPath", { id }, svg("rect", { x: left, y: top, width, height }));
  return { clip, id };
}

/**
 * Room above and below, and some at all where all values are one.
 * @param {[number, number]} values
 * @param {boolean} log
 * @returns {[number, number]}
 */
function widened([low, high], log) {
  if (log) return [low / 1.3, high * 1.3];
  const room = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [low - room, high + room];
}

/** @param {number} place */
function inside(place) {
  return Math.max(-100, Math.min(1e4, place));
}
