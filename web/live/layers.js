// What lies in a diagram's panels: curves and cells, drawn as the book draws them.

import { svg } from "./draw.js";
import { path, scale } from "./scale.js";

/**
 * @typedef {{ left: number, top: number, width: number, height: number, x: [number, number], y: [number, number] }} Panel
 *   where it is in the picture, and the ends of its axes
 * @typedef {{ kind: "Curve", points: ([number, number] | null)[], color: number | null, dashed: boolean,
 *   mark: number | null, line: boolean }} Curve
 * @typedef {{ kind: "Cells", rows: string[], names: string[] }} Cells
 * @typedef {{ kind: "Handle", at: [number, number], name: string, sets: [string | null, string | null] }} Handle
 * @typedef {Curve | Cells | Handle} Layer
 * @typedef {import("./draw.js").Style & { gray: string, thin: number, tint: number }} Style
 */

/**
 * The scales of a panel.
 * @param {Panel} panel
 */
export function scales({ left, top, width, height, x, y }) {
  return { x: scale(x, [left, left + width]), y: scale(y, [top + height, top]) };
}

/**
 * Draw a curve.
 * @param {Panel} panel
 * @param {Curve} curve
 * @param {Style} style
 */
export function curve(panel, { points, color, dashed, mark, line }, { colors, gray, thin, marks, sizes }) {
  const { x, y } = scales(panel);
  /** @type {[number, number][]} */
  const places = points.map((at) => (at ? [x.place(at[0]), y.place(at[1])] : [NaN, NaN]));
  const stroke = color === null ? gray : colors[color];
  const width = color === null ? thin : sizes.line;
  /** @type {Record<string, string | number>} */
  const ends = dashed ? { "stroke-dasharray": `${3.7 * width} ${1.6 * width}` } : { "stroke-linecap": "square" };
  const look = { class: "diagram-line", stroke, "stroke-width": width, ...ends };
  const lines = line ? [svg("path", { d: path(places), ...look })] : [];
  const seen = mark === null ? [] : places.filter(([across, up]) => Math.abs(across) < 1e4 && Math.abs(up) < 1e4);
  const dots = seen.map(([across, up]) => {
    const transform = `translate(${across.toFixed(2)} ${up.toFixed(2)}) scale(${sizes.mark})`;
    return svg("path", { d: marks[mark ?? 0], transform, fill: stroke });
  });
  return svg("g", {}, ...lines, ...dots);
}

/**
 * Draw cells: one outline a class, of its runs along the rows.
 * @param {Panel} panel
 * @param {Cells} cells
 * @param {Style} style
 */
export function cells({ left, top, width, height }, { rows, names }, { colors, tint }) {
  const across = width / rows[0].length;
  const up = height / rows.length;
  const outlines = names.map((_, which) => {
    const boxes = rows.flatMap((row, j) =>
      [...row.matchAll(new RegExp(`${which}+`, "g"))].map(({ index, 0: run }) => {
        const [x, y] = [left + index * across, top + height - (j + 1) * up];
        return `M${x} ${y}h${run.length * across}v${up}H${x}Z`;
      }),
    );
    const look = { fill: colors[which], "fill-opacity": tint, "shape-rendering": "crispEdges" };
    return svg("path", { class: "diagram-class", d: boxes.join(""), ...look });
  });
  return svg("g", {}, ...outlines);
}
