// The editor's parts for a mode. Tab is left to the page, so that the keyboard can leave.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { inCondition, inOutput } from "./completion.js";
import { condition, output } from "./languages.js";
import { meaning } from "./meaning.js";
import { colours, theme } from "./theme.js";

const MODES = {
  condition: (catalog) => [condition, lineNumbers(), lintGutter(), completing(inCondition(catalog)), meaning(catalog)],
  output: (catalog) => [output, completing(inOutput(catalog))],
  yaml: () => [yaml(), lineNumbers()],
};

const completing = (source) => autocompletion({ override: [source], icons: false, maxRenderedOptions: 60 });

export function setup({ mode, fixed, attributes, catalog, updated, left, submit }) {
  return [
    (MODES[mode] ?? MODES.condition)(catalog),
    theme,
    syntaxHighlighting(colours),
    highlightSpecialChars(),
    drawSelection(),
    history(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    tooltips({ position: "fixed" }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of(attributes),
    EditorState.readOnly.of(fixed),
    EditorView.updateListener.of(updated),
    EditorView.domEventHandlers({ blur: () => { left(); return false; } }),
    keymap.of([
      { key: "Mod-Enter", run: () => { submit(); return true; } },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
  ];
}
