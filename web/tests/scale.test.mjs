import { expect, test } from "vitest";
import { brief, extent, path, scale, ticks, wantsLog } from "../live/scale.mjs";

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
  expect([0, 0.4, 12.3456, 1e-7, 123456, 2.5e12].map(brief)).toEqual(["0", "0.4", "12.35", "1e-7", "1.23e5", "2.5e12"]);
});
