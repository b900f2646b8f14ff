// What a person has opened beside a finding stays open while the findings around it are drawn anew.
const ROOTS = ["#side", "#live", "#stage"];
let open = [];

const rootOf = (element) => ROOTS.find((root) => element.closest(root)) ?? "";
const keyOf = (element) => `${rootOf(element)} ${element.dataset.keep}`;

document.addEventListener("htmx:beforeSwap", () => {
  open = [...document.querySelectorAll("details[data-keep][open]")].map((one) => {
    const field = one.querySelector("[name=reason]");
    const held = one.contains(document.activeElement) ? document.activeElement.localName : "";
    return { key: keyOf(one), text: field?.value ?? "", held, at: field === document.activeElement ? field.selectionStart : null };
  });
});

function restore() {
  if (!open.length) return;
  const drawn = new Map([...document.querySelectorAll("details[data-keep]")].map((one) => [keyOf(one), one]));
  for (const { key, text, held, at } of open) {
    const one = drawn.get(key);
    if (!one || one.open) continue;
    one.open = true;
    const field = one.querySelector("[name=reason]");
    if (field && text && !field.value) field.value = text;
    if (!held || document.activeElement !== document.body) continue;
    const element = one.querySelector(at === null ? held : "[name=reason]");
    element?.focus({ preventScroll: true });
    if (at !== null) element?.setSelectionRange?.(at, at);
  }
}

for (const name of ["htmx:oobAfterSwap", "htmx:afterSwap"]) document.addEventListener(name, restore);
document.addEventListener("htmx:afterSettle", () => {
  restore();
  open = [];
});
