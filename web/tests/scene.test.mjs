import { expect, test } from "vitest";
import { clock, figure } from "../live/scene.js";

/** @type {import("../live/scene.js").Relief} */
const relief = {
  axes: ["x", "y", "f"],
  x: [0, 1],
  y: [0, 1],
  heights: [[0, 10], [20, 100]],
  optima: [[0, 0, 0]],
  paths: [
    { label: "plain", line: [[1, 1, 100], [0.5, 0.5, 30], [0, 0, 0]], steps: [[1, 1, 100], [0, 0, 0]] },
    { label: "adam", line: [[1, 1, 100]], steps: [[1, 1, 100]] },
  ],
  colors: ["#0072b2", "#c84e00"],
  ink: "#23282e",
  ground: ["#eef1f3", "#9fb2c0"],
  view: { elevation: 30, azimuth: -90 },
};

test("one surface, a line and marks for each run, and the optima", () => {
  const { data } = figure(relief);
  expect(data.map((part) => part.type)).toEqual(["surface", ...Array(6).fill("scatter3d")]);
  expect(data.map((/** @type {any} */ part) => part.name).filter(Boolean)).toEqual(["plain", "adam", "optimum"]);
  expect(/** @type {any} */ (data[1]).line.color).toBe("#0072b2");
  expect(figure({ ...relief, optima: [] }).data).toHaveLength(6);
});

test("paths lie a little above the surface, so that they are seen", () => {
  const [, line] = /** @type {any[]} */ (figure(relief).data);
  expect(line.x).toEqual([1, 0.5, 0]);
  for (const [i, z] of [100, 30, 0].entries()) {
    expect(line.z[i]).toBeGreaterThan(z);
    expect(line.z[i]).toBeLessThan(z + 3);
  }
});

test("it is first seen from where the picture is seen", () => {
  const { x, y, z } = figure(relief).layout.scene.camera.eye;
  expect(x).toBeCloseTo(0, 10);
  expect(y).toBeLessThan(0);
  expect(z / Math.hypot(x, y, z)).toBeCloseTo(0.5, 10);
});

test("a point of each run follows a clock, and stays where its run ends", () => {
  const { x, y, z } = clock(relief)(1);
  expect([x, y]).toEqual([[[0, 1]], [[0, 1]]]);
  expect(z[0][0]).toBeGreaterThan(0);
  expect(z[0][1]).toBeGreaterThan(100);
});
