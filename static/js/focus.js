// Where the keyboard is stays known: errors take the focus once, and a swap gives it back to the same control.
const focusMarked = (root) => root.querySelector?.("[data-focus]")?.focus();

document.addEventListener("DOMContentLoaded", () => focusMarked(document));
focusMarked(document);

let held = null;

// An element without id is found again by its name and value inside the same swapped region.
function describe(element) {
  if (!element || element === document.body || element.id) return null;
  const name = element.getAttribute("name");
  const key = element.dataset.key;
  if (key) return `[data-key="${CSS.escape(key)}"]`;
  if (!name) return null;
  const value = element.matches("button, [type=radio], [type=checkbox]") ? `[value="${CSS.escape(element.value)}"]` : "";
  return `${element.localName}[name="${CSS.escape(name)}"]${value}`;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { activeElement } = document;
  held = event.detail.target?.contains(activeElement) ? describe(activeElement) : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const summary = event.detail.elt?.querySelector?.("[data-focus]");
  if (summary) summary.focus();
  else if (held && document.activeElement === document.body) document.querySelector(held)?.focus();
  held = null;
});
