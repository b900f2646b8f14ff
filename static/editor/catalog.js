// What completion offers, fetched once for each address: {"fields": [{"name", "type", "description"}], "operators": […],
// "macros": […], "lists": […]}; an entry may be a bare name.
const fetched = new Map();
const EMPTY = { fields: [], operators: [], macros: [], lists: [] };
const KINDS = { fields: "property", operators: "keyword", macros: "function", lists: "variable" };

export function catalogFrom(address) {
  if (!address) return () => Promise.resolve(EMPTY);
  return () => {
    if (!fetched.has(address)) {
      const coming = fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
        .then(options)
        .catch(() => { fetched.delete(address); return EMPTY; });
      fetched.set(address, coming);
    }
    return fetched.get(address);
  };
}

// Each entry as CodeMirror's completion.
function options(catalog) {
  const all = Object.keys(KINDS).map((group) => [
    group,
    (catalog[group] ?? []).map((entry) => {
      const { name, type: detail, description: info } = typeof entry === "string" ? { name: entry } : entry;
      return { label: name, type: KINDS[group], ...(detail && { detail }), ...(info && { info }) };
    }),
  ]);
  return Object.fromEntries(all);
}
