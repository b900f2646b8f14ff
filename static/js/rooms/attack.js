// Arrow keys in the ATT&CK matrix: up and down within a tactic, left and right between tactics, Home and End to its ends.
// Tab goes on working as everywhere; the keys only shorten the way.
const STOPS = ".attack-column > h2 a, .attack-column li > a, .attack-column summary";
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const SIDES = { ArrowRight: 1, ArrowLeft: -1 };

const visible = (element) => element.checkVisibility();
const stopsOf = (column) => [...column.querySelectorAll(STOPS)].filter(visible);
const clamp = (number, length) => Math.min(Math.max(number, 0), length - 1);

function within(column, from, key) {
  const stops = stopsOf(column);
  if (key === "Home") return stops[0];
  if (key === "End") return stops.at(-1);
  return stops[clamp(stops.indexOf(from) + STEPS[key], stops.length)];
}

function across(column, from, key) {
  const columns = [...column.parentElement.querySelectorAll(".attack-column")];
  const next = columns[clamp(columns.indexOf(column) + SIDES[key], columns.length)];
  if (next === column) return from;
  const height = from.getBoundingClientRect().top;
  const distance = (element) => Math.abs(element.getBoundingClientRect().top - height);
  return stopsOf(next).reduce((best, element) => (distance(element) < distance(best) ? element : best));
}

document.addEventListener("keydown", (event) => {
  const column = event.target.closest?.(".attack-column");
  if (!column || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const move = event.key in SIDES ? across : event.key in STEPS || ["Home", "End"].includes(event.key) ? within : null;
  if (!move) return;
  event.preventDefault();
  move(column, event.target, event.key)?.focus();
});
