// Completion: in conditions what fits where the cursor is (a field or macro first, an operator after a field, a list or a
// value after "in"); in outputs a field after "%".
const WORD = /[\w.$-]*/;
const KEYWORDS = ["and", "or", "not"].map((label) => ({ label, type: "keyword" }));

export const inCondition = (catalog) => async (context) => {
  const word = context.matchBefore(WORD);
  if (!context.explicit && (!word || word.from === word.to)) return null;
  const before = context.state.sliceDoc(Math.max(0, word.from - 200), word.from).trimEnd();
  if (insideQuotes(before)) return null;
  const { fields, operators, macros, lists } = await catalog();
  return { from: word.from, options: fitting(before, { fields, operators, macros, lists }), validFor: /^[\w.$-]*$/ };
};

function insideQuotes(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return (line.replace(/\\./g, "").match(/"/g)?.length ?? 0) % 2 === 1;
}

function fitting(before, { fields, operators, macros, lists }) {
  const last = /([\w.]+(?:\[[^\]]*\])?|[()=<>!,]+)$/.exec(before)?.[1] ?? "";
  if (/\b(in|intersects|pmatch)\s*\([^)]*$/.test(before)) return lists;
  if (last === "" || /[(]$/.test(last) || /^(and|or|not)$/.test(last)) return [...fields, ...macros, ...KEYWORDS.slice(2)];
  if (/[=<>!]$/.test(last)) return [];
  const field = /^[a-z0-9_]+(\.[a-z0-9_]+)+/.exec(last)?.[0];
  return field ? [...operators(field), ...KEYWORDS] : KEYWORDS;
}

export const inOutput = (catalog) => async (context) => {
  const word = context.matchBefore(/%[\w.]*/);
  if (!word) return null;
  const { fields } = await catalog();
  const options = fields.map((field) => ({ ...field, label: `%${field.label}` }));
  return { from: word.from, options, validFor: /^%[\w.]*$/ };
};
