// Makes one style sheet of those on standard input, without the rules that no page and no script of the site can use.
// Arguments: the site's folder, the style sheet to write, and whether all rules may stay, which is faster.
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const [site, sheet, all] = process.argv.slice(2);
const bundled = await build({
  stdin: { contents: await text(process.stdin), loader: "css", resolveDir: site },
  bundle: true,
  external: ["woff", "woff2", "ttf", "png", "webp"].map((ending) => `${site}/_static/*.${ending}`),
  outfile: sheet,
  write: false,
});
const { text: whole } = bundled.outputFiles[0];
const { code } = await transform(all ? whole : await used(whole), { loader: "css", minify: true });
await writeFile(sheet, code);

async function used(raw) {
  const content = [`${site}/**/*.html`, `${site}/_static/**/*.{js,mjs}`];
  // The index of the search holds each word of the book, and draws nothing.
  const skippedContentGlobs = [`${site}/_static/{plotly,pyodide,search}/**`, `${site}/_static/scripts/fontawesome.js`];
  // What Plotly draws with.
  const safelist = { standard: [/plotly/, "main-svg"], greedy: [/data-theme/] };
  const [{ css }] = await new PurgeCSS().purge({ content, css: [{ raw }], skippedContentGlobs, safelist });
  return css;
}
