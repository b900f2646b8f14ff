// What completion and tooltips know, fetched once for each address (studio/ui/vocabulary.py): {"fields": [{"name", "type",
// "arg"?, "description"?, "since"?, "empty"?, …}], "operators": {type: [operator]}, "values": {field: [value]}, "arguments":
// {argument: [value]}, "macros": [{"name", "description", "condition"}], "lists": [{"name", "description", "items"}], …}.
const fetched = new Map();
const NOTHING = { fields: [], operators: () => [], values: () => [], macros: [], lists: [], words: [], modifiers: [], about: () => null };

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
const plain = (type) => (label) => ({ label, type });

// "proc.aname[2]" and "tolower(proc.name)" are about their field, "evt.arg.flags" about evt.arg.
const bare = (field) => field.replace(/\[.*/, "").replace(/^(evt\.(?:raw)?arg)\..*/, "$1");

// Everything as CodeMirror's completions; operators and values by the field before them, all operators where it is not known.
function completions({ fields, operators, macros, lists, values = {}, arguments: named = {}, modifiers = [], transformers = [] }) {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const all = [...new Set(Object.values(operators).flat())];
  const kinds = [["field", fields], ["macro", macros], ["list", lists]];
  const known = new Map(kinds.flatMap(([kind, entries]) => entries.map((entry) => [entry.name, { kind, ...entry }])));
  const valuesOf = (field) => {
    const argument = /^evt\.(?:raw)?arg[.[](\w+)/.exec(field)?.[1];
    if (argument) return named[argument] ?? [];
    return values[bare(field)] ?? (types.get(bare(field)) === "BOOL" ? ["true", "false"] : []);
  };
  return {
    fields: fields.map(option("property")),
    macros: macros.map(option("function")),
    lists: lists.map(option("variable")),
    words: transformers.map((label) => ({ label, type: "keyword", detail: "transformer", apply: `${label}(` })),
    modifiers: modifiers.map(plain("keyword")),
    operators: (field) => (operators[types.get(bare(field))] ?? all).map(plain("keyword")),
    values: (field) => valuesOf(field).map(plain("constant")),
    about: (name) => known.get(name) ?? known.get(bare(name)) ?? null,
  };
}
