// What the word under the mouse is: a field with its type, source and history, a macro with its definition, a list with its
// items. F12 or Ctrl-click asks the page for a macro's or list's definition by the event mews:definition.
import { EditorView, hoverTooltip, keymap } from "@codemirror/view";

function wordAt(state, position) {
  const line = state.doc.lineAt(position);
  for (const found of line.text.matchAll(/[A-Za-z_][\w.]*(?:\[[^\]]*\])?/g)) {
    const from = line.from + found.index;
    const to = from + found[0].length;
    if (from <= position && position <= to) return { from, to, text: found[0] };
  }
  return null;
}

const element = (tag, text, className = "") => Object.assign(document.createElement(tag), { textContent: text, className });

function drawn(known) {
  const box = element("div", "", "cm-meaning");
  const { kind, name, type, arg, description, since, plugin, deprecated, empty, events, condition, items, count } = known;
  const head = element("p", "", "");
  head.append(element("strong", name), ` ${[kind === "field" ? "" : kind, arg, type].filter(Boolean).join(" ")}`);
  box.append(head);
  const lines = [
    description,
    plugin && `From the plugin ${plugin}.`,
    since && `Since Falco ${since}.`,
    deprecated && "Falco advises against it.",
    empty,
    events && `On ${events.join(", ")}.`,
    items && `${items.join(", ")}${count > items.length ? ` and ${count - items.length} more` : ""}`,
  ];
  for (const line of lines.filter(Boolean)) box.append(element("p", line));
  if (condition) box.append(element("code", condition));
  return box;
}

export function meaning(catalog) {
  const ask = (view, position) => {
    const word = wordAt(view.state, position);
    if (!word) return false;
    catalog().then(({ about }) => {
      if (!["macro", "list"].includes(about(word.text)?.kind)) return;
      const host = view.dom.getRootNode().host ?? view.dom;
      host.dispatchEvent(new CustomEvent("mews:definition", { bubbles: true, detail: { name: word.text } }));
    });
    return true;
  };
  return [
    hoverTooltip(async (view, position) => {
      const word = wordAt(view.state, position);
      const known = word && (await catalog()).about(word.text);
      return known ? { pos: word.from, end: word.to, above: true, create: () => ({ dom: drawn(known) }) } : null;
    }),
    keymap.of([{ key: "F12", run: (view) => ask(view, view.state.selection.main.head) }]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!event.ctrlKey && !event.metaKey) return false;
        const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
        return position !== null && ask(view, position) && false;
      },
    }),
  ];
}
