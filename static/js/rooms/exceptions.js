// Exceptions as tables: blocks from a spreadsheet, Enter to the next row, Alt with an arrow moves the row, focus that follows.
// What gets the focus once the step has been drawn anew; answers that leave the step alone change nothing.
let wanted = [];
let stage = null;
const want = (ids) => {
  wanted = ids;
  stage = document.getElementById("stage");
};

const placeOf = (cell) => cell.id.split("-").slice(1).map(Number);
const press = (id, then) => {
  const button = document.getElementById(id);
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.click();
  want(then);
};

// A block goes in from the cell that has the focus, by the same form that takes pasted rows without JavaScript.
document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/(\r?\n)+$/, "");
  if (!cell || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const [table, row, column] = placeOf(cell);
  const { form } = cell;
  form.elements.block.value = text;
  form.elements.at.value = `${row}-${column}`;
  form.requestSubmit(document.getElementById(`paste-${table}`));
  want([cell.id]);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const at = detail.elt?.matches?.(".exception form") && detail.elt.elements.at;
  if (!at) return;
  if (!detail.successful) wanted = [];
  if (at.value && !detail.successful) detail.elt.elements.block.closest("details").open = true;
  at.value = "";
});

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  if (!cell || event.isComposing || event.ctrlKey || event.metaKey) return;
  const [table, row, column] = placeOf(cell);
  if (event.key === "Enter" && !event.altKey) {
    event.preventDefault();
    const line = cell.closest("tr");
    const next = (event.shiftKey ? line.previousElementSibling : line.nextElementSibling)?.querySelectorAll("[data-cell]")[column];
    if (next) next.select();
    else if (!event.shiftKey && !document.getElementById(`rows-after-${table}`)) press(`add-row-${table}`, [`cell-${table}-${row + 1}-${column}`]);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const down = event.key === "ArrowDown";
    press(`${down ? "down" : "up"}-row-${table}-${row}`, [`cell-${table}-${row + (down ? 1 : -1)}-${column}`]);
  }
});

// The focus goes where the moved thing went, and to a neighbour of what was removed.
const STEPS = { up: -1, left: -1, down: 1, right: 1 };
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.('.exception button[name="do"]');
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const [verb, what, place] = button.value.split("-");
  const table = Number(button.form.elements.index.value);
  const number = Number(place);
  if (what === "row" && verb in STEPS) want([`${verb}-row-${table}-${number + STEPS[verb]}`]);
  else if (what === "field" && verb in STEPS) want([`${verb}-${table}-${number + STEPS[verb]}`]);
  else if (verb in STEPS) want([`${verb}-${table + STEPS[verb]}`]);
  else if (button.value === "add-row") want([`first-new-${table}`]);
  else if (button.value === "add-field") want([`last-field-${table}`]);
  else if (what === "row") want([`drop-row-${table}-${number}`, `drop-row-${table}-${number - 1}`, `add-row-${table}`]);
  else if (what === "field") want([`field-${table}-${Math.max(number - 1, 0)}`]);
});

const find = (id) => {
  const [which, what, table] = id.split("-");
  const all = (selector) => document.querySelectorAll(`#exception-${table} ${selector}`);
  if (which === "first" && what === "new") return [...all("tbody tr")].at(-1)?.querySelector("[data-cell]");
  if (which === "last" && what === "field") return [...all('input[name^="field-"]')].at(-1);
  return document.getElementById(id);
};

document.addEventListener("htmx:afterSettle", () => {
  if (!wanted.length || document.getElementById("stage") === stage) return;
  const found = wanted.map(find).find(Boolean);
  wanted = [];
  found?.focus();
  found?.scrollIntoView({ block: "nearest" });
});
document.addEventListener("htmx:responseError", () => { wanted = []; });
