import { expect, test } from "vitest";
import { brief, extent, notches, path, scale, ticks, wantsLog } from "../live/scale.js";

test("a scale maps both ends, and back", () => {
  const x = scale([-6, 6], [40, 352]);
  expect([x.place(-6), x.place(0), x.place(6)]).toEqual([40, 196, 352]);
  expect(x.value(x.place(1.25))).toBeCloseTo(1.25, 12);
});

test("a logarithmic scale gives each power of ten the same room", () => {
  const y = scale([0.001, 10], [0, 400], true);
  expect([0.001, 0.01, 0.1, 1, 10].map(y.place)).toEqual([0, 100, 200, 300, 400].map((n) => expect.closeTo(n, 9)));
  expect(y.value(200)).toBeCloseTo(0.1, 12);
});

test("a scale of one value alone is no division by zero", () => {
  expect(scale([3, 3], [0, 10]).place(3)).toBe(0);
});

test.each(/** @type {[number, number, boolean][]} */ ([
  [1, 500, true], [0, 200, true], [0, 0.999, false], [0.9, 1, false], [0, 1, false], [0.0001, 10, false], [1e-10, 1, false],
  [0.001, 0.5, false], [0.001, 2, false], [0.02, 3, false], [0.5, 40, false],
]))("each place of a slider from %d to %d has a value of its own", (low, high, whole) => {
  const { last, value, notch } = notches([low, high], whole);
  const all = Array.from({ length: last + 1 }, (_, i) => value(i));
  expect(all.map(notch)).toEqual(all.map((_, i) => i));
  expect([all[0], all[last]]).toEqual([low, high]);
  expect(notch(low - 1)).toBe(0);
  expect(notch(high + 1)).toBe(last);
  expect(last).toBeGreaterThan(100);
});

test("a slider's values are round, and each power of ten is among them", () => {
  expect([0, 200, 230].map(notches([0.001, 10]).value)).toEqual([0.001, 0.1, 0.2]);
  expect([0, 100, 200, 270].map(notches([0.001, 0.5]).value)).toEqual([0.001, 0.01, 0.1, 0.5]);
  expect([9, 900].map(notches([0, 0.999]).value)).toEqual([0.009, 0.9]);
  expect(notches([1, 500], true).value(59)).toBe(60);
});

test("logarithms are for what is positive and spans powers of ten", () => {
  expect(wantsLog([1, 0.5, 0.001])).toBe(true);
  expect(wantsLog([1, 2, 3])).toBe(false);
  expect(wantsLog([100, 1, 0])).toBe(false);
  expect(wantsLog([-1, 1000])).toBe(false);
});

test("the extent of many values needs no arguments on the stack", () => {
  expect(extent(Array.from({ length: 500_000 }, (_, i) => i))).toEqual([0, 499_999]);
});

test("ticks are round numbers within the range", () => {
  expect(ticks([-6, 6], false)).toEqual([-5, 0, 5]);
  expect(ticks([0, 1], false)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1].map((n) => expect.closeTo(n, 12)));
  expect(ticks([0.0005, 20], true)).toEqual([0.001, 0.01, 0.1, 1, 10].map((n) => expect.closeTo(n, 12)));
  expect(ticks([1e-7, 1], true, 4)).toHaveLength(4);
});

test("a path is rounded, and lifted over what is not finite", () => {
  expect(path([[0, 1], [2.04, 3.06]])).toBe("M0 1L2 3.1");
  expect(path([[0, 0], [Infinity, 1], [2, 2]])).toBe("M0 0M2 2");
  expect(path([[0, 1e300], [1, -1e300]])).toBe("M0 100000L1 -100000");
});

test("numbers for the eye", () => {
  expect([0, 0.4, -12.3456, 1e-7, 123456, 2.5e12].map(brief)).toEqual(["0", "0.4", "−12.35", "1e−7", "1.23e5", "2.5e12"]);
});
