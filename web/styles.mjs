// Makes one style sheet of those on standard input, without the rules that no page and no script of the site can use.
// Arguments: the site's folder, then the style sheet to write.
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const [site, sheet] = process.argv.slice(2);
const bundled = await build({
  stdin: { contents: await text(process.stdin), loader: "css", resolveDir: site },
  bundle: true,
  external: ["woff", "woff2", "ttf", "png"].map((ending) => `${site}/_static/*.${ending}`),
  outfile: sheet,
  write: false,
});
const content = [`${site}/**/*.html`, `${site}/_static/**/*.{js,mjs}`];
const skippedContentGlobs = [`${site}/_static/{plotly,pyodide}/**`, `${site}/_static/scripts/fontawesome.js`];
// Names that scripts put together, and what Plotly draws with.
const safelist = { standard: [/^lab-line-/, /plotly/, "main-svg"], greedy: [/data-theme/] };
const css = [{ raw: bundled.outputFiles[0].text }];
const [used] = await new PurgeCSS().purge({ content, css, skippedContentGlobs, safelist });
const { code } = await transform(used.css, { loader: "css", minify: true });
await writeFile(sheet, code);
