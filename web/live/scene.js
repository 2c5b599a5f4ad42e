// A landscape in relief, as Plotly draws it. Dark ink on nothing, as the pictures: the style sheet turns it light.

import { eye } from "./camera.js";

/**
 * @typedef {[number, number, number][]} Points
 * @typedef {{ axes: [string, string, string], x: number[], y: number[], heights: number[][], optima: Points,
 *   paths: { label: string, line: Points, steps: Points }[], colors: string[], ground: [string, string], ink: string,
 *   view: { azimuth: number, elevation: number } }} Relief what the build wrote
 */

const FONT = '"Source Serif 4 Variable", serif'; // the page's
const LINES = "#c3ccd3";
const LIFT = 0.012; // of the whole height: a path that lies in the surface is half hidden by it
export const DISTANCE = 2.1;
export const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false };

/** @param {Relief} relief */
export function figure(relief) {
  const lift = lifted(relief);
  const paths = relief.paths.flatMap(({ label, line, steps }, i) => [
    track(raised(line, lift), { mode: "lines", line: { color: relief.colors[i], width: 5 }, hoverinfo: "skip", showlegend: false }),
    track(raised(steps, lift), {
      mode: "markers",
      marker: { color: relief.colors[i], size: 3.5 },
      name: label,
      hovertemplate: `${label}, step %{pointNumber}<br>height %{z:.3g}<extra></extra>`,
    }),
  ]);
  const stars = track(raised(relief.optima, lift), {
    mode: "markers",
    marker: { color: relief.ink, size: 6, symbol: "diamond" },
    name: "optimum",
    hoverinfo: "skip",
  });
  const points = track([], { mode: "markers", marker: { color: relief.ink, size: 7 }, hoverinfo: "skip", showlegend: false });
  return { data: [ground(relief), ...paths, ...(relief.optima.length ? [stars] : []), points], layout: layout(relief) };
}

/**
 * Where the paths are after some steps: what the last of the traces is to show.
 * @param {Relief} relief
 */
export function clock(relief) {
  const lift = lifted(relief);
  return (/** @type {number} */ step) => {
    const here = raised(relief.paths.map(({ steps }) => steps[Math.min(step, steps.length - 1)]), lift);
    return { x: [here.map(([x]) => x)], y: [here.map(([, y]) => y)], z: [here.map(([, , z]) => z)] };
  };
}

/** How far above the surface paths are drawn. @param {Relief} relief */
function lifted({ heights }) {
  const all = heights.flat();
  return LIFT * (Math.max(...all) - Math.min(...all));
}

/** @param {Points} points @param {number} lift @returns {Points} */
function raised(points, lift) {
  return points.map(([x, y, z]) => [x, y, z + lift]);
}

/** @param {Points} points @param {object} how */
function track(points, how) {
  const [x, y, z] = [0, 1, 2].map((axis) => points.map((point) => point[axis]));
  return { type: "scatter3d", x, y, z, ...how };
}

/** @param {Relief} relief */
function ground({ x, y, heights, ground: [low, high] }) {
  /** @param {number[]} axis */
  const lines = (axis) => {
    const [start, end] = [axis[0], axis[axis.length - 1]];
    return { show: true, color: LINES, width: 1, start, end, size: (end - start) / 20 };
  };
  return {
    type: "surface",
    x,
    y,
    z: heights,
    colorscale: [[0, low], [1, high]],
    showscale: false,
    hoverinfo: "skip",
    contours: { x: { ...lines(x), highlight: false }, y: { ...lines(y), highlight: false }, z: { highlight: false } },
    lighting: { ambient: 0.85, diffuse: 0.35, specular: 0, roughness: 1 },
  };
}

/** @param {Relief} relief */
function layout({ axes, view, ink }) {
  /** @param {string} text */
  const axis = (text) => ({
    title: { text: text.replace(/^([a-z])(\d*)$/, "<i>$1</i><sub>$2</sub>") },
    color: ink,
    nticks: 5,
    showbackground: false,
    showspikes: false,
    showgrid: false,
    zeroline: false,
    showline: true,
    linecolor: ink,
  });
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    font: { family: FONT, size: 14, color: ink },
    legend: { orientation: "h", x: 0.5, xanchor: "center", y: 1, yanchor: "top", itemclick: false, itemdoubleclick: false, itemsizing: "constant" },
    scene: {
      xaxis: axis(axes[0]),
      yaxis: axis(axes[1]),
      zaxis: axis(axes[2]),
      aspectmode: "manual",
      aspectratio: { x: 1, y: 1, z: 0.7 },
      dragmode: false,
      bgcolor: "rgba(0,0,0,0)",
      camera: { eye: eye({ ...view, distance: DISTANCE }), center: { x: 0, y: 0, z: -0.08 } },
    },
  };
}
