// The code editor: CodeMirror, bundled by the Sphinx extension into one module that a page loads when it is asked for.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The page's own colours, light and dark: editor.css sets them.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], color: "var(--code-name)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--pst-color-text-base)", backgroundColor: "var(--pst-color-surface)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "3px solid var(--pst-color-primary)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--pst-font-family-monospace)", lineHeight: "1.5" },
  ".cm-gutters": { color: "var(--pst-color-text-muted)", backgroundColor: "transparent", border: "0" },
  ".cm-cursor": { borderLeftColor: "var(--pst-color-text-base)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  "@media print": {
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { overflow: "visible" }, // or what page breaks push down is cut off below
    ".cm-cursorLayer": { display: "none" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  },
});

/**
 * Put an editor into an element. It lives in a shadow root, where its styles need no style element and so no exception
 * from the page's Content-Security-Policy.
 * @param {HTMLElement} host
 * @param {{ text: string, label: string, onChange(text: string): void, onRun(): void, onCheck(): void }} options
 */
export function createEditor(host, { text, label, onChange, onRun, onCheck }) {
  const root = host.attachShadow({ mode: "open" });
  /** @param {() => void} act */
  const command = (act) => () => (act(), true);
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Ctrl-Enter", run: command(onRun), shift: command(onCheck) },
          ...defaultKeymap,
          ...historyKeymap,
          indentWithTab,
        ]),
        history(),
        lineNumbers(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of("    "),
        python(),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({
          "aria-label": label,
          autocapitalize: "off",
          spellcheck: "false",
          tabindex: "0", // editable text is focusable anyway, but not every checker knows
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
  };
}
