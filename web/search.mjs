// The search: MiniSearch over the book's sections. The Sphinx extension makes one script of it and them.

import MiniSearch from "minisearch";

/**
 * @typedef {{ address: string, prose: string, code: string, title?: string, heading?: string, page?: string }} Section
 *   with the title that it opens a page with, or else its heading and its page's title; of its code, the words
 * @typedef {{ text: string, hit: boolean }} Part of a text
 * @typedef {{ address: string, page: string, heading: Part[], excerpt: Part[] }} Result
 */

const BOOST = { title: 20, heading: 6, prose: 1, code: 1 };
const PROSE = ["title", "heading", "prose"];
const FIELDS = [...PROSE, "code"];
const LOOSE = [0, 1, 0.25]; // letters that may be wrong: none, one, a quarter of them
const WORD = /[\p{L}\p{N}]+/gu;
const BEFORE = 60; // characters that an excerpt has before its first hit at least, where there are so many,
const AFTER = 160; // and from there on

const GREEK = `alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu
  nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega`;
const NAMES = new Map(words(GREEK).map((name, i) => [String.fromCodePoint(0x3b1 + i), name]));

// British and American spellings, and one thing and many, are the same word. That its form is not always one that is
// written does no harm: the book's words and the reader's get it alike.
/** @type {[RegExp, string][]} */
const SPELLINGS = [
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
 * The search in some sections. For a query it gives the results, the best first; whether they hold all its words, or
 * only some; and which of these are not in the book, so that words spelt like them were taken.
 * @param {Section[]} sections
 */
export function searcher(sections) {
  const index = new MiniSearch({ fields: FIELDS, idField: "address", tokenize: words, processTerm: form });
  index.addAll(sections);
  const at = new Map(sections.map((section) => [section.address, section]));

  /** How loosely a word must be read to be in the book, or the beginning of a word there. @param {string} word */
  function looseness(word) {
    const processTerm = (/** @type {string} */ form) => form; // it has it already
    const loose = word.length > 2 ? LOOSE : [0];
    return loose.find((fuzzy) => index.search(word, { prefix: true, fuzzy, processTerm }).length);
  }

  return (/** @type {string} */ query) => {
    const loose = new Map(words(query).map((word) => [form(word), looseness(form(word))]));
    const fuzzy = (/** @type {string} */ word) => loose.get(word) ?? 0;
    const how = { prefix: true, boost: BOOST, fuzzy };
    // What the prose holds comes before what only the code does.
    const find = (/** @type {"AND" | "OR"} */ combineWith) =>
      [PROSE, FIELDS].flatMap((fields) => index.search(query, { ...how, fields, combineWith }));
    const all = find("AND");
    const found = all.length ? all : find("OR");
    const once = found.filter(({ id }, i) => found.findIndex((hit) => hit.id === id) === i);
    return {
      results: once.map((hit) => shown(/** @type {Section} */ (at.get(hit.id)), new Set(hit.terms))),
      all: all.length > 0,
      strange: words(query).filter((word) => loose.get(form(word))),
    };
  };
}

/** @param {Section} section @param {Set<string>} terms @returns {Result} */
function shown({ address, title, heading = title ?? "", page = "", prose }, terms) {
  return { address, page, heading: parts(heading, terms), excerpt: parts(excerpt(prose, terms), terms) };
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
    .split(/([\p{L}\p{N}]+)/u)
    .filter(Boolean)
    .map((part) => ({ text: part, hit: terms.has(form(part)) }));
}
