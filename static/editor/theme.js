// The editor in the page's colours: custom properties reach into the shadow root, so light and dark follow by themselves.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const theme = EditorView.theme({
  "&": { color: "var(--mews-ink)", backgroundColor: "var(--mews-surface)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--tblr-font-monospace)", lineHeight: "1.6", maxHeight: "60vh", minHeight: "min(calc(var(--mews-rows, 3) * 1.6em + 1rem), 50vh)" },
  ".cm-content": { caretColor: "var(--mews-link)", padding: "0.5rem 0" },
  ".cm-line": { padding: "0 0.75rem 0 0.5rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--mews-link)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--mews-ink-soft)", border: "0" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--mews-accent-soft)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--mews-accent-soft)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mews-accent-soft)", outline: "1px solid var(--mews-link)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--mews-error-soft)", color: "var(--mews-error)" },
  ".cm-tooltip": {
    backgroundColor: "var(--mews-surface)",
    color: "var(--mews-ink)",
    border: "1px solid var(--mews-line-strong)",
    borderRadius: "6px",
    boxShadow: "var(--mews-shadow-high)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--tblr-font-monospace)", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.1875rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--mews-accent-soft)", color: "var(--mews-link)" },
  ".cm-completionDetail": { color: "var(--mews-ink-soft)", fontStyle: "normal", marginLeft: "1rem" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-meaning": { padding: "0.5rem 0.75rem", maxWidth: "26rem", fontSize: "0.8125rem", overflowWrap: "anywhere" },
  ".cm-meaning p": { margin: "0 0 0.125rem" },
  ".cm-meaning code": { fontFamily: "var(--tblr-font-monospace)", fontSize: "0.75rem" },
  ".cm-completionInfo": { padding: "0.5rem 0.75rem", maxWidth: "22rem" },
  ".cm-diagnostic": { padding: "0.375rem 0.625rem", borderLeftWidth: "3px", maxWidth: "32rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--mews-error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--mews-warning)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--mews-info)" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px solid var(--mews-error)" },
  ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px solid var(--mews-warning)" },
  ".cm-lintRange-info": { backgroundImage: "none", borderBottom: "2px dotted var(--mews-info)" },
  ".cm-panels": { backgroundColor: "var(--mews-sunk)", color: "var(--mews-ink)", borderColor: "var(--mews-line)" },
  ".cm-textfield": { backgroundColor: "var(--mews-surface)", borderColor: "var(--mews-field-line)", color: "inherit" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--mews-surface)", borderColor: "var(--mews-line-strong)", color: "inherit" },
});

export const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--mews-code-keyword)", fontWeight: "600" },
  { tag: [tags.operator, tags.operatorKeyword], color: "var(--mews-code-operator)" },
  { tag: tags.propertyName, color: "var(--mews-code-field)" },
  { tag: tags.string, color: "var(--mews-code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--mews-code-number)" },
  { tag: [tags.variableName, tags.function(tags.variableName)], color: "var(--mews-code-name)" },
  { tag: tags.comment, color: "var(--mews-ink-soft)", fontStyle: "italic" },
]);
