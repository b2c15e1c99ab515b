import { EditorView } from "@codemirror/view";

/** How the editor looks: with the colours of the page, which reach into its shadow root. */
export const theme = EditorView.theme({
  "&": {
    minHeight: "180px",
    maxHeight: "60vh",
    color: "var(--ink)",
    background: "var(--bg)",
    border: "1px solid var(--field)",
    borderRadius: "var(--radius)",
    fontSize: "var(--text-meta)",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": {
    minHeight: "178px",
    fontFamily: "var(--mono)",
    lineHeight: "1.5",
    overflow: "auto",
  },
  ".cm-content": { padding: "12px 0", caretColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--ink2)", background: "var(--bg)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--sunken)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--level-1)" },
  "&.cm-focused .cm-matchingBracket": {
    background: "var(--soft)",
    outline: "1px solid var(--field)",
  },
  ".cm-foldPlaceholder": {
    minHeight: "24px",
    margin: "0",
    padding: "0 8px",
    color: "var(--ink2)",
    background: "var(--sunken)",
    border: "1px solid var(--field)",
    font: "inherit",
  },
  ".cm-tooltip": {
    color: "var(--ink)",
    background: "var(--bg)",
    border: "1px solid var(--field)",
    borderRadius: "var(--radius)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    maxHeight: "none",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    minHeight: "24px",
    padding: "3px 8px",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: "var(--ink)",
    background: "var(--soft)",
    boxShadow: "inset 3px 0 var(--accent)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": { color: "var(--ink2)", fontStyle: "normal" },
  ".cm-completionInfo": {
    maxWidth: "320px",
    padding: "8px",
    fontFamily: "var(--sans)",
  },
  ".cm-diagnostic": {
    padding: "8px 12px",
    fontFamily: "var(--sans)",
    overflowWrap: "anywhere",
  },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--fault)" },
  ".cm-diagnostic-warning, .cm-diagnostic-info": {
    borderLeft: "4px solid var(--warn)",
  },
  ".cm-lintRange-error": {
    background: "none",
    textDecoration: "underline wavy var(--fault)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning, .cm-lintRange-info": {
    background: "none",
    textDecoration: "underline dotted var(--warn)",
    textUnderlineOffset: "3px",
  },
  ".cm-specialChar": { color: "var(--fault)" },
});
