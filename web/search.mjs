// The search: MiniSearch over the book's sections. The Sphinx extension bundles it into one script with the sections.

import MiniSearch from "minisearch";

/**
 * @typedef {{ address: string, page: string, heading: string, prose: string, code: string }} Section
 * @typedef {{ text: string, hit: boolean }} Part of a text
 * @typedef {{ address: string, page: Part[], heading: Part[], snippet: Part[] }} Result
 * @typedef {"all" | "some"} Words that a result holds, of those that were asked for
 */

const FIELDS = ["heading", "prose", "page", "code"]; // what a reader means first comes first
const BOOST = { heading: 8, code: 0.2 };
const WORD = /[\p{L}\p{N}]+/gu;
const BEFORE = 60; // characters of a snippet before its first hit,
const LENGTH = 220; // and in all

const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega";
/** @type {Map<string, string>} */
const NAMES = new Map(GREEK.split(" ").map((name, i) => [String.fromCodePoint(0x3b1 + i), name]));

// British and American spellings, and one thing and many, are the same word. That the form is not always one that is
// written does no harm: the book's words and the reader's get it alike.
/** @type {[RegExp, string][]} */
const SPELLINGS = [
  [/(?<=[^s]{3})s$|(?<=ss)es$/, ""],
  [/(?<=...)is(?=(e|ed|er|ing|ation)$)/, "iz"],
  [/(?<=...)our(?=(ed|ing|al|hood|ful|less)?$)/, "or"],
  [/(?<=..[bt])re(?=d?$)/, "er"],
  [/ll(?=(ed|er|ing)$)/, "l"],
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
const words = (text) => text.match(WORD) ?? [];

/**
 * The search in some sections. For a query it gives the results, the best first; which of the words they hold; and the
 * words that it looked for, where some are not the reader's.
 * @param {Section[]} sections
 */
export function searcher(sections) {
  /** @type {Map<string, string>} */
  const written = new Map();
  const index = new MiniSearch({
    fields: FIELDS,
    idField: "address",
    tokenize: words,
    processTerm(word) {
      const found = form(word);
      if (!written.has(found)) written.set(found, word);
      return found;
    },
    searchOptions: { prefix: true, boost: BOOST, processTerm: form },
  });
  index.addAll(sections);
  const bySection = new Map(sections.map((section) => [section.address, section]));

  /** A word of the book: this one, or where it is none, or the beginning of none, one spelt like it. @param {string} word */
  function known(word) {
    if (index.search(word).length) return word;
    const [near] = index.autoSuggest(word, { prefix: false, fuzzy: 0.25, boost: { heading: 1 } });
    return near ? /** @type {string} */ (written.get(near.suggestion)).toLowerCase() : word;
  }

  return (/** @type {string} */ query) => {
    const asked = words(query);
    const meant = asked.map(known);
    const changed = meant.some((word, i) => word !== asked[i]);
    const text = meant.join(" ");
    const all = index.search(text, { combineWith: "AND" });
    const found = all.length ? all : index.search(text);
    const forms = meant.map(form);
    const ranked = found.map((hit) => ({ hit, rank: rank(hit.match, forms) }));
    ranked.sort((one, other) => one.rank - other.rank || other.hit.score - one.hit.score);
    return {
      results: ranked.map(({ hit }) => shown(/** @type {Section} */ (bySection.get(hit.id)), new Set(hit.terms))),
      holds: /** @type {Words} */ (all.length ? "all" : "some"),
      meant: changed ? text : undefined,
    };
  };
}

/** Where the worst placed of the words stands, at its best. @param {Record<string, string[]>} match @param {string[]} forms */
function rank(match, forms) {
  const place = (/** @type {string} */ word) =>
    Object.entries(match).flatMap(([term, fields]) => (term.startsWith(word) ? fields.map((f) => FIELDS.indexOf(f)) : []));
  return Math.max(...forms.map((word) => Math.min(FIELDS.length, ...place(word))));
}

/** @param {Section} section @param {Set<string>} terms @returns {Result} */
function shown({ address, page, heading, prose }, terms) {
  const [name, title, snippet] = [page, heading, excerpt(prose, terms)].map((text) => parts(text, terms));
  return { address, page: name, heading: title, snippet };
}

/** The part of a text around its first hit, or its beginning. @param {string} text @param {Set<string>} terms */
function excerpt(text, terms) {
  const first = [...text.matchAll(WORD)].find(([word]) => terms.has(form(word)))?.index ?? 0;
  const start = first > BEFORE ? text.indexOf(" ", first - BEFORE) + 1 : 0;
  const end = start + LENGTH < text.length ? text.lastIndexOf(" ", start + LENGTH) : text.length;
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

/** A text, cut where its hits begin and end. @param {string} text @param {Set<string>} terms @returns {Part[]} */
function parts(text, terms) {
  return text
    .split(/([\p{L}\p{N}]+)/u)
    .filter(Boolean)
    .map((part) => ({ text: part, hit: terms.has(form(part)) }));
}
