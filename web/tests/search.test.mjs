import { expect, test } from "vitest";
import { form, searcher } from "../search.mjs";

/** @typedef {import("../search.mjs").Section} Section */

/** @param {string} text @param {Partial<Section>} [more] @returns {Section} */
const section = (text, more) => ({ address: text, heading: "A heading", page: "A page", prose: text, code: "", ...more });

/** @param {ReturnType<ReturnType<typeof searcher>>} found */
const addresses = ({ results }) => results.map(({ address }) => address);

/** @param {import("../search.mjs").Part[]} parts */
const hits = (parts) => parts.filter(({ hit }) => hit).map(({ text }) => text);

test.each([
  ["optimiser", "optimizer"],
  ["optimisers", "optimizer"],
  ["maximise", "maximize"],
  ["maximising", "maximizing"],
  ["maximises", "maximizes"],
  ["generalisation", "generalization"],
  ["analyse", "analyze"],
  ["colour", "color"],
  ["colours", "color"],
  ["coloured", "colored"],
  ["behavioural", "behavioral"],
  ["neighbouring", "neighboring"],
  ["neighbourhood", "neighborhood"],
  ["centre", "center"],
  ["centred", "centered"],
  ["centring", "centering"],
  ["modelling", "modeling"],
  ["labelled", "labeled"],
  ["defence", "defense"],
  ["catalogue", "catalog"],
  ["grey", "gray"],
  ["Classes", "class"],
  ["losses", "loss"],
  ["trajectories", "trajectory"],
  ["β₂", "beta2"],
  ["ﬁne", "fine"],
])("%s and %s are one word", (one, other) => {
  expect(form(one)).toBe(form(other));
});

test.each([
  ["four", "for"],
  ["hour", "hor"],
  ["loss", "los"],
  ["bus", "bu"],
  ["rise", "rize"],
  ["rate", "rat"],
  ["string", "stering"],
])("%s and %s are two", (one, other) => {
  expect(form(one)).not.toBe(form(other));
});

test("a title comes before a heading, that before prose, and code last, however often it has the word", () => {
  const search = searcher([
    section("code", { prose: "Words.", code: "clip clip_value" }),
    section("prose", { prose: "Words and words, among which clip is one." }),
    section("heading", { heading: "How to clip a gradient", prose: "Words." }),
    section("title", { title: "To clip", heading: undefined, page: undefined, prose: "Words." }),
  ]);
  expect(addresses(search("clip"))).toEqual(["title", "heading", "prose", "code"]);
});

test("a section is found once, though its heading, its prose and its code have the word", () => {
  const one = section("one", { heading: "Adam", prose: "Adam, and Adam.", code: "adam" });
  const search = searcher([one, section("other")]);
  expect(addresses(search("adam"))).toEqual(["one"]);
});

test("an excerpt is prose around the first hit; where only the code has hits, these are told", () => {
  const before = "long before ".repeat(30);
  const after = "long after ".repeat(30);
  const search = searcher([section("a", { prose: `${before}momentum ${after}`, code: "momentum lookahead" })]);
  const [{ excerpt }] = search("momentum").results;
  expect(hits(excerpt)).toEqual(["momentum"]);
  const text = excerpt.map(({ text }) => text).join("");
  expect(text).toMatch(/^… (before )?(long before )+momentum (long after )+(long )?…$/);
  expect(text.length).toBeLessThan(240);
  const [code] = search("lookahead").results;
  expect(code).toMatchObject({ excerpt: [], code: ["lookahead"] });
});

test("an excerpt shows its hit, however long the word around it", () => {
  const address = `https://${"a/".repeat(90)}momentum/${"b/".repeat(120)}`;
  const search = searcher([section("a", { prose: `${"long before ".repeat(30)}${address} after` })]);
  expect(hits(search("momentum").results[0].excerpt)).toEqual(["momentum"]);
});

test("what was meant is marked, as the book spells it", () => {
  const search = searcher([section("a", { heading: "Optimizers", prose: "An optimizer's colors" })]);
  const [{ heading, excerpt }] = search("optimiser colour").results;
  expect(hits(heading)).toEqual(["Optimizers"]);
  expect(hits(excerpt)).toEqual(["optimizer", "colors"]);
});

test("a word is found while it is typed", () => {
  const search = searcher([section("Momentum rolls."), section("Adam adapts.")]);
  for (const typed of ["mom", "momen", "Momentum", " momentum "])
    expect(addresses(search(typed))).toEqual(["Momentum rolls."]);
});

test("a near miss finds the nearest words, and is named; a word of the book is not stretched", () => {
  const search = searcher([section("comentum"), section("momentum"), section("nesterov")]);
  expect(search("momentm")).toMatchObject({ strange: ["momentm"], all: true });
  expect(addresses(search("momentm"))).toEqual(["momentum"]);
  expect(addresses(search("moemntum"))).toContain("momentum");
  expect(addresses(search("nestrov"))).toEqual(["nesterov"]);
  expect(search("momentum")).toMatchObject({ strange: [] });
  expect(addresses(search("momentum"))).toEqual(["momentum"]);
});

test("sections with all the words come first, and others follow where these are few", () => {
  const search = searcher([section("bias alone"), section("the bias correction"), section("nothing")]);
  expect(search("bias correction")).toMatchObject({ all: true });
  expect(addresses(search("bias correction"))).toEqual(["the bias correction", "bias alone"]);
  const many = Array.from({ length: 12 }, (_, i) => section(`bias correction ${i}`));
  expect(addresses(searcher([section("bias"), ...many])("bias correction"))).not.toContain("bias");
  expect(search("alone correction")).toMatchObject({ all: false });
  expect(addresses(search("alone correction")).toSorted()).toEqual(["bias alone", "the bias correction"]);
});

test("what a question is put with is not looked for, unless there is nothing else", () => {
  const search = searcher([section("why and how"), section("adam diverges")]);
  expect(addresses(search("why does Adam diverge?"))).toEqual(["adam diverges"]);
  expect(addresses(search("why"))).toEqual(["why and how"]);
});

test("a short word is only the beginning of another where the book has it not itself", () => {
  const search = searcher([section("numbers"), section("the factor ν"), section("10.5 percent"), section("10 or 5")]);
  expect(addresses(search("ν"))).toEqual(["the factor ν"]);
  expect(addresses(search("pe"))).toEqual(["10.5 percent"]);
  expect(addresses(search("10.5"))).toEqual(["10.5 percent"]);
});

test("code is not guessed at, nor are short words", () => {
  const search = searcher([section("a bit", { code: "arange" }), section("maxima")]);
  for (const unknown of ["lagrange", "big"]) expect(addresses(search(unknown))).toEqual([]);
  expect(addresses(search("maximum"))).toEqual(["maxima"]);
});

test.each(["", "  ", "?!", "qqqqqqqq", "zq"])("nothing is found for %j", (query) => {
  expect(searcher([section("momentum"), section("z")])(query).results).toEqual([]);
});
