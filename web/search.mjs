// The search: MiniSearch over the book's sections. The Sphinx extension makes one script of it and them.

import MiniSearch from "minisearch";

/**
 * @typedef {{ address: string, prose: string, code: string, title?: string, heading?: string, page?: string }} Section
 *   with the title that it opens a page with, or else its heading and its page's title; of its code, the words
 * @typedef {{ text: string, hit: boolean }} Part of a text
 * @typedef {{ address: string, page: string, heading: Part[], excerpt: Part[], code: string[] }} Result
 *   whose excerpt is of its prose, or, where only the code has hits, is empty; then these are they
 */

const BOOST = { title: 20, heading: 6, prose: 1, code: 1 };
const PROSE = ["title", "heading", "prose"];
const FIELDS = [...PROSE, "code"];
const LOOSE = [1, 0.25]; // letters that may be wrong: one, a quarter of them
const WORD = /\p{N}+\.\p{N}+|[\p{L}\p{N}]+/gu;
const ENOUGH = 10; // results; where fewer sections have all the words, others with some of them follow
const BEFORE = 60; // characters that an excerpt has before its first hit at least, where there are so many,
const AFTER = 160; // and from there on

const GREEK = `alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu
  nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega`;
const NAMES = new Map(words(GREEK).map((name, i) => [String.fromCodePoint(0x3b1 + i), name]));

// What a question is put with; it says nothing of where the answer is.
const STOP = new Set(
  words(`a an and are as at be but by can could do does for from has have how i if in is it its my of on or our should so
    than that the their then there these this to too very was what when where which who why will with would you your`),
);

// British and American spellings, and one thing and many, are the same word. That its form is not always one that is
// written does no harm: the book's words and the reader's get it alike.
/** @type {[RegExp, string][]} */
const SPELLINGS = [
  [/(?<=[xtn]i)ma$/, "mum"],
  [/(?<=...)ies$/, "y"],
  [/(?<=..[^s])s$|(?<=ss)es$/, ""],
  [/(?<=...)is(?=(e|ed|er|ing|able|ation|ational)$)/, "iz"],
  [/(?<=[aeo]l)ys(?=(e|ed|er|ing)$)/, "yz"],
  [/(?<=...)our(?=(ed|er|ing|al|able|ful|hood|less|ite)?$)/, "or"],
  [/(?<=..[bt])re$/, "er"],
  [/(?<=..[bt])r(?=(ed|ing)$)/, "er"],
  [/(?<=[ei]n)ce$/, "se"],
  [/ll(?=(ed|er|ing)$)/, "l"],
  [/(?<=[lo])ogue$/, "og"],
  [/^grey/, "gray"],
];

/** The form that a word is found by. @param {string} word */
export function form(word) {
  const plain = word
    .normalize("NFKC") // β₂ is β2,
    .toLowerCase()
    .replace(/[α-ω]/g, (letter) => NAMES.get(letter) ?? letter); // which is beta2
  return SPELLINGS.reduce((form, [written, same]) => form.replace(written, same), plain);
}

/** @param {string} text @returns {string[]} */
function words(text) {
  return text.match(WORD) ?? [];
}

/**
 * The search in some sections. For a query it gives the results, the best first; whether any holds all its words; and
 * which of these are not in the book, so that words spelt like them were taken.
 * @param {Section[]} sections
 */
export function searcher(sections) {
  const index = new MiniSearch({ fields: FIELDS, idField: "address", tokenize: words, processTerm: form });
  index.addAll(sections);
  const at = new Map(sections.map((section) => [section.address, section]));

  /** How a form is to be read to be in the book: as it is if it is short, or as the beginning of one, or loosely. */
  function reading(/** @type {string} */ form) {
    const ways = [
      ...(form.length > 2 ? [] : [{ fields: FIELDS, prefix: false, fuzzy: 0 }]),
      { fields: FIELDS, prefix: true, fuzzy: 0 },
      ...(form.length > 3 ? LOOSE.map((fuzzy) => ({ fields: PROSE, prefix: true, fuzzy })) : []),
    ];
    const asItIs = (/** @type {string} */ form) => form;
    return ways.find((way) => index.search(form, { ...way, processTerm: asItIs }).length);
  }

  return (/** @type {string} */ query) => {
    const written = words(query.replaceAll(/\bgradient_ascent\.(?=\w)/g, "")); // the API's headings are without it
    const told = written.filter((word) => !STOP.has(word.toLowerCase()));
    const asked = told.length ? told : written;
    const read = new Map(asked.map((word) => [form(word), reading(form(word))]));
    const prefix = (/** @type {string} */ word) => read.get(word)?.prefix ?? true;
    const fuzzy = (/** @type {string} */ word) => read.get(word)?.fuzzy ?? 0;
    // What the prose holds comes before what only the code does, which is never guessed at.
    const find = (/** @type {"AND" | "OR"} */ combineWith) =>
      [{ fields: PROSE, fuzzy }, { fields: FIELDS }].flatMap((how) =>
        index.search(asked.join(" "), { prefix, boost: BOOST, combineWith, ...how }),
      );
    const all = once(find("AND"));
    const found = all.length < ENOUGH ? once([...all, ...find("OR")]) : all;
    const results = all.length ? found.slice(0, Math.max(all.length, ENOUGH)) : found;
    return {
      results: results.map((hit) => shown(/** @type {Section} */ (at.get(hit.id)), hit)),
      all: all.length > 0,
      strange: asked.filter((word) => read.get(form(word))?.fuzzy),
    };
  };
}

/** The first of the hits in each section. @param {import("minisearch").SearchResult[]} hits */
function once(hits) {
  return hits.filter(({ id }, i) => hits.findIndex((hit) => hit.id === id) === i);
}

/** @param {Section} section @param {import("minisearch").SearchResult} hit @returns {Result} */
function shown({ address, title, heading = title ?? "", page = "", prose, code }, { match, terms }) {
  const hits = new Set(terms);
  const inProse = Object.values(match).flat().some((field) => field !== "code");
  return {
    address,
    page,
    heading: parts(heading, hits),
    excerpt: inProse ? parts(excerpt(prose, hits), hits) : [],
    code: inProse ? [] : words(code).filter((word) => hits.has(form(word))),
  };
}

/** The part of a text around its first hit, or its beginning. @param {string} text @param {Set<string>} terms */
function excerpt(text, terms) {
  const first = [...text.matchAll(WORD)].find(([word]) => terms.has(form(word)))?.index ?? 0;
  const start = first > BEFORE ? text.lastIndexOf(" ", first - BEFORE) + 1 : 0;
  const space = text.indexOf(" ", first + AFTER);
  const end = space < 0 ? text.length : space;
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

/** A text, cut where its hits begin and end. @param {string} text @param {Set<string>} terms @returns {Part[]} */
function parts(text, terms) {
  return text
    .split(new RegExp(`(${WORD.source})`, "u"))
    .filter(Boolean)
    .map((part) => ({ text: part, hit: terms.has(form(part)) }));
}
