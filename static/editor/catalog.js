// What completion offers, fetched once for each address (studio/ui/vocabulary.py): {"fields": [{"name", "type", "arg"?,
// "description"?}], "operators": {type: [operator]}, "macros": [{"name", "description"}], "lists": […]}.
const fetched = new Map();
const NOTHING = { fields: [], operators: () => [], macros: [], lists: [] };

export function catalogFrom(address) {
  if (!address) return () => Promise.resolve(NOTHING);
  return () => {
    if (!fetched.has(address)) {
      const coming = fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
        .then(completions)
        .catch(() => { fetched.delete(address); return NOTHING; });
      fetched.set(address, coming);
    }
    return fetched.get(address);
  };
}

const option = (type) => ({ name, type: detail, arg, description }) => ({
  label: name,
  type,
  ...(detail && { detail: arg ? `${arg} ${detail}` : detail }),
  ...(description && { info: description }),
});

// Everything as CodeMirror's completions; operators by the name of the field before them, all where it is not known.
function completions({ fields, operators, macros, lists }) {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const all = [...new Set(Object.values(operators).flat())];
  return {
    fields: fields.map(option("property")),
    macros: macros.map(option("function")),
    lists: lists.map(option("variable")),
    operators: (field) => (operators[types.get(field)] ?? all).map((label) => ({ label, type: "keyword" })),
  };
}
