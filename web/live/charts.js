// Quantities of the runs against the step.

import { clipTo, svg } from "./draw.js";
import { brief, extent, path, scale, ticks, wantsLog } from "./scale.js";

/**
 * @typedef {import("./draw.js").Result} Result
 * @typedef {import("./draw.js").Style} Style
 * @typedef {import("./draw.js").Frame} Frame
 */

/** The charts of a lab. */
export function charts() {
  return [
    new Chart("objective", (run) => run.objective),
    new Chart("gradient norm", (run) => run.uphill.map((gradient) => Math.hypot(...gradient))),
    new Chart("step length", (run) => run.moves.map((move) => Math.hypot(...move))),
  ];
}

/** A quantity of the runs against the step. */
export class Chart {
  /** @type {Frame} */
  frame = { left: 52, top: 24, width: 196, height: 116 };

  /**
   * @param {string} title
   * @param {(run: Result) => number[]} quantity
   */
  constructor(title, quantity) {
    this.title = title;
    this.quantity = quantity;
    this.element = svg("svg", { viewBox: "0 0 260 176", class: "lab-chart", role: "img", "aria-label": title });
    this.mark = svg("path", { class: "lab-mark" });
  }

  /**
   * @param {Result[]} runs
   * @param {Style} style
   */
  draw(runs, { colors, ink }) {
    const { left, top, width, height } = this.frame;
    const drawn = runs.map(this.quantity);
    const values = drawn.flat();
    const log = wantsLog(values);
    const ys = widened(extent(values), log);
    const last = Math.max(1, ...runs.map((run) => run.moves.length));
    this.x = scale([0, last], [left, left + width]);
    const y = scale(ys, [top + height, top], log);
    const { clip, id } = clipTo(this.frame);
    const place = this.x.place;
    const lines = drawn.map((held, i) => {
      const first = runs[i].positions.length - held.length; // 1 of what a step has, and no point
      /** @type {[number, number][]} */
      const points = held.map((value, t) => [place(t + first), y.place(value)]);
      return svg("path", { d: path(points), stroke: colors[i] });
    });
    this.element.setAttribute("color", ink);
    const title = svg("text", { class: "lab-title", x: left, y: 14 }, log ? `${this.title} (log)` : this.title);
    this.element.replaceChildren(
      clip,
      title,
      axes(this.frame, this.x, y, [[0, last], ys]),
      svg("g", { class: "lab-lines", "clip-path": `url(#${id})` }, ...lines),
      this.mark,
    );
    const ends = runs.map(({ rule }, i) => `${rule} ends at ${brief(drawn[i].at(-1) ?? 0)}`);
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
 */
function axes({ left, top, width, height }, x, y, [xs, ys]) {
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
  const below = svg("text", { x: left + width / 2, y: bottom + 29, "text-anchor": "middle" }, "step");
  return svg("g", { class: "lab-axes" }, frame, ...across, ...up, below);
}

/**
 * @param {number} value
 * @param {number} x
 * @param {number} y
 * @param {string} anchor
 */
function label(value, x, y, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, brief(value));
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
