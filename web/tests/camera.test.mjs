import { expect, test } from "vitest";
import { KEYS, eye, turned, view, words } from "../live/camera.js";

const from = { azimuth: -70, elevation: 42, distance: 2 };

test("a view and the point it is seen from say the same", () => {
  for (const azimuth of [-170, -70, 0, 95]) {
    const there = view(eye({ ...from, azimuth }));
    expect(there.azimuth).toBeCloseTo(azimuth, 10);
    expect(there.elevation).toBeCloseTo(42, 10);
    expect(there.distance).toBeCloseTo(2, 10);
  }
  expect(eye({ azimuth: 0, elevation: 90, distance: 1 }).z).toBeCloseTo(1, 10);
});

test("left undoes right, up undoes down, nearer undoes farther", () => {
  for (const [one, other] of [["ArrowLeft", "ArrowRight"], ["ArrowUp", "ArrowDown"], ["+", "-"]]) {
    const there = turned(from, one);
    expect(there).not.toEqual(from);
    const back = turned(there, other);
    expect(back.azimuth).toBeCloseTo(-70, 10);
    expect(back.elevation).toBeCloseTo(42, 10);
    expect(back.distance).toBeCloseTo(2, 10);
  }
});

test("no key goes over the top, through the surface or out of sight", () => {
  for (const key of Object.keys(KEYS)) {
    let there = from;
    for (let i = 0; i < 100; i++) there = turned(there, key);
    expect(there.elevation).toBeGreaterThanOrEqual(5);
    expect(there.elevation).toBeLessThan(90);
    expect(Math.abs(there.azimuth)).toBeLessThanOrEqual(180);
    expect(there.distance).toBeGreaterThan(0.5);
    expect(there.distance).toBeLessThan(5);
  }
});

test("a view is said in words", () => {
  expect(words(from)).toBe("Seen from direction -70°, 42° above.");
});
