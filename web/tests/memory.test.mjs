import { beforeEach, expect, test, vi } from "vitest";
import { anything, isSolved, recall, remember } from "../live/memory.js";

/** @type {Record<string, string>} */
let stored;

class Storage {
  getItem = (/** @type {string} */ key) => stored[key] ?? null;
  setItem = (/** @type {string} */ key, /** @type {string} */ text) => void (stored[key] = text);
  key = (/** @type {number} */ i) => Object.keys(stored)[i] ?? null;
  get length() {
    return Object.keys(stored).length;
  }
}

beforeEach(() => {
  stored = {};
  vi.stubGlobal("Storage", Storage);
  vi.stubGlobal("localStorage", new Storage());
});

test("what is remembered is recalled, each exercise by itself", () => {
  expect(recall("adam")).toEqual({});
  remember("adam", { text: "a = 1", version: "v1" });
  remember("ball", { text: "b = 2", version: "v1" });
  expect(recall("adam")).toEqual({ text: "a = 1", version: "v1" });
});

test("to solve it keeps the text, and to forget the text keeps it solved", () => {
  remember("adam", { text: "a = 1", version: "v1" });
  remember("adam", { solved: "v1" });
  expect(recall("adam")).toEqual({ text: "a = 1", version: "v1", solved: "v1" });
  remember("adam", { text: undefined, version: undefined });
  expect(recall("adam")).toEqual({ solved: "v1" });
});

test("an exercise that has changed is not solved, and its text is still there", () => {
  remember("adam", { text: "a = 1", version: "v1", solved: "v1" });
  expect(isSolved("adam", "v1")).toBe(true);
  expect(isSolved("adam", "v2")).toBe(false);
  expect(recall("adam").text).toBe("a = 1");
});

test("only exercises count as something", () => {
  stored.theme = "dark";
  expect(anything()).toBe(false);
  remember("adam", { solved: "v1" });
  expect(anything()).toBe(true);
});

test("nonsense in the storage is nothing remembered", () => {
  stored["exercise:adam"] = "{";
  expect(recall("adam")).toEqual({});
  stored["exercise:adam"] = "null";
  expect(recall("adam")).toEqual({});
});

test("what is kept is told from what is not", () => {
  expect(remember("adam", { text: "a = 1" })).toBe(true);
  const full = Object.assign(new Storage(), {
    setItem() {
      throw new DOMException("Quota exceeded.", "QuotaExceededError");
    },
  });
  vi.stubGlobal("localStorage", full);
  expect(remember("adam", { text: "a = 2" })).toBe(false);
  expect(recall("adam")).toEqual({ text: "a = 1" });
  const { getItem, setItem } = new Storage();
  vi.stubGlobal("localStorage", { getItem, setItem }); // the page's stand-in
  expect(remember("adam", { text: "a = 3" })).toBe(false);
  expect(recall("adam")).toEqual({ text: "a = 3" });
});
