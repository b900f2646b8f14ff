// CodeMirror comes only to pages that have an editor, also when a swap brings one.
let coming = null;

function look(root) {
  if (coming || !(root.localName === "mews-editor" || root.querySelector?.("mews-editor"))) return;
  coming = import(document.querySelector('meta[name="mews-editor"]').content);
}

look(document.documentElement);
document.addEventListener("htmx:load", (event) => look(event.detail.elt));
