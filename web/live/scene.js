// A landscape in relief, as Plotly draws it. Dark ink on nothing, as the pictures: the style sheet turns it light.

import { eye } from "./camera.js";

/**
 * @typedef {[number, number, number][]} Points
 * @typedef {{ axes: [string, string, string], x: number[], y: number[], heights: number[][], optima: Points,
 *   paths: { label: string, line: Points, steps: Points }[], colors: string[], ground: [string, string],
 *   view: { azimuth: number, elevation: number } }} Relief what the build wrote
 */

const INK = "#23282e";
const LINES = "#c3ccd3";
const LIFT = 0.012; // of the whole height: a path that lies in the surface is half hidden by it
export const DISTANCE = 2.1;
export const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false };

/** @param {Relief} relief */
export function figure(relief) {
  const heights = relief.heights.flat();
  const lift = LIFT * (Math.max(...heights) - Math.min(...heights));
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
    marker: { color: INK, size: 6, symbol: "diamond" },
    name: "optimum",
    hoverinfo: "skip",
  });
  return { data: [ground(relief), ...paths, ...(relief.optima.length ? [stars] : [])], layout: layout(relief) };
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
function layout({ axes, view }) {
  /** @param {string} text */
  const axis = (text) => ({
    title: { text },
    color: INK,
    nticks: 5,
    showbackground: false,
    showspikes: false,
    showgrid: false,
    zeroline: false,
    showline: true,
    linecolor: INK,
  });
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 12, color: INK },
    legend: { orientation: "h", x: 0.5, xanchor: "center", y: 1, yanchor: "top", itemclick: false, itemdoubleclick: false, itemsizing: "constant" },
    scene: {
      xaxis: axis(axes[0]),
      yaxis: axis(axes[1]),
      zaxis: axis(axes[2]),
      aspectmode: "manual",
      aspectratio: { x: 1, y: 1, z: 0.7 },
      dragmode: "turntable",
      bgcolor: "rgba(0,0,0,0)",
      camera: { eye: eye({ ...view, distance: DISTANCE }), center: { x: 0, y: 0, z: -0.08 } },
    },
  };
}
