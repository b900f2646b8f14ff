// Completion: in conditions what fits where the cursor is (a field or macro first, then an operator of the field's type, then a
// value that the field can have, or a list); in outputs a field after "%".
const WORD = /[\w.$/-]*/;
const KEYWORDS = ["and", "or", "not"].map((label) => ({ label, type: "keyword" }));
const FIELD = "([a-z]\\w*(?:\\.\\w+)+(?:\\[[^\\]]*\\])?)\\)*";
const TEXT_OPERATORS = "i?contains|bcontains|b?startswith|endswith|i?glob|regex";
const IN_LIST = new RegExp(`${FIELD}\\s+(?:in|intersects|pmatch|(?:${TEXT_OPERATORS})\\s+(?:anyof|allof|oneof))\\s*\\([^()]*$`);
const AT_VALUE = new RegExp(`${FIELD}\\s*(?:[=!]=|=|${TEXT_OPERATORS})$`);
const AFTER_FIELD = new RegExp(`(?:^|[\\s(])(?:\\w+\\()*${FIELD}$`);

export const inCondition = (catalog) => async (context) => {
  const word = context.matchBefore(WORD);
  if (!context.explicit && (!word || word.from === word.to)) return null;
  const before = context.state.sliceDoc(Math.max(0, word.from - 2000), word.from).trimEnd();
  if (insideQuotes(before)) return null;
  return { from: word.from, options: fitting(before, await catalog()), validFor: /^[\w.$/-]*$/ };
};

function insideQuotes(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return (line.replace(/\\./g, "").match(/"/g)?.length ?? 0) % 2 === 1;
}

function fitting(before, { fields, operators, values, macros, lists, words, modifiers }) {
  const listed = IN_LIST.exec(before)?.[1];
  if (listed) return [...values(listed), ...lists];
  const compared = AT_VALUE.exec(before)?.[1];
  if (compared) return [...values(compared), ...(/[a-z]$/.test(before) ? modifiers : [])];
  if (before === "" || /(?:\(|\b(?:and|or|not))$/.test(before)) return [...fields, ...macros, ...words, ...KEYWORDS.slice(2)];
  if (/[=<>!,]$/.test(before)) return [];
  const field = AFTER_FIELD.exec(before)?.[1];
  return field ? [...operators(field), ...KEYWORDS] : KEYWORDS;
}

export const inOutput = (catalog) => async (context) => {
  const word = context.matchBefore(/%[\w.]*/);
  if (!word) return null;
  const { fields } = await catalog();
  const options = fields.map((field) => ({ ...field, label: `%${field.label}` }));
  return { from: word.from, options, validFor: /^%[\w.]*$/ };
};
