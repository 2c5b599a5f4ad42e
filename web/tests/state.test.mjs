import { expect, test } from "vitest";
import { decode, encode, restore, share } from "../live/state.js";

/** @type {import("../live/state.js").State} */
const STATE = {
  landscape: "bowl",
  start: [-5, 0.1 + 0.2],
  steps: 60,
  runs: [
    { rule: "plain", hyperparameters: { lr: 1e-7 } },
    { rule: "momentum", hyperparameters: { lr: 0.1, momentum: 0.8 } },
  ],
};

test("a state survives its way through text, to the last digit", () => {
  expect(decode(encode(STATE))).toEqual(STATE);
  expect(decode(encode({ ...STATE, maximize: true }))).toEqual({ ...STATE, maximize: true });
  expect(decode(encode({ ...STATE, maximize: false }))).toEqual({ ...STATE, maximize: false });
});

test("so do what is true or false, and what is off", () => {
  const hyperparameters = { lr: 0.1, momentum: null, centered: true, eps_in_sqrt: false };
  const state = { ...STATE, runs: [{ rule: "rmsprop", hyperparameters }] };
  expect(encode(state)).toContain("rmsprop(lr=0.1,momentum=null,centered=true,eps_in_sqrt=false)");
  expect(decode(encode(state))).toEqual(state);
});

test("the text is readable", () => {
  expect(encode({ ...STATE, start: [-5, -2] })).toBe("bowl;-5,-2;60;plain(lr=1e-7);momentum(lr=0.1,momentum=0.8)");
});

test.each(["", "bowl", "bowl;1,2;60", "bowl;1,x;60;plain(lr=1)", "bowl;1,2;many;plain(lr=1)", "bowl;;60;plain(lr=1)",
  "bowl;1,2;60;plain(lr)", "bowl;1,2;60;plain(lr=)", "bowl;1,2;60;plain(lr=True)", "bowl;1,2;60;plain(lr=Infinity)", "bowl;1,2;60;plain", "bowl;1,2;60;plain(lr=1);(", "<b>;1;1;<i>()"])(
  "no state: %s",
  (text) => expect(decode(text)).toBeNull(),
);

test("labs of one page keep their states apart", () => {
  const other = { ...STATE, steps: 7 };
  const first = share("https://example.org/a.html#section", "lab-a", STATE);
  const both = share(first, "lab-b", other);
  const { hash } = new URL(both);
  expect(restore(hash, "lab-a")).toEqual(STATE);
  expect(restore(hash, "lab-b")).toEqual(other);
  expect(restore(hash, "lab-c")).toBeUndefined();
  expect(restore("#lab-c=nonsense", "lab-c")).toBeNull();
  expect(restore(new URL(share(both, "lab-a", other)).hash, "lab-a")).toEqual(other);
});
