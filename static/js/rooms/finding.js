// A field that shows those cards of the page that say all its words; what a swap brings is held to them too.
const field = () => document.querySelector("[data-finds]");

function find() {
  const input = field();
  if (!input) return;
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const cards = [...document.querySelectorAll(input.dataset.finds)];
  for (const card of cards) {
    const text = card.textContent.toLowerCase();
    card.hidden = !words.every((word) => text.includes(word));
  }
  const shown = cards.filter((card) => !card.hidden).length;
  document.getElementById(`${input.id}-says`).textContent = words.length ? `${shown} of ${cards.length}` : "";
}

document.addEventListener("input", ({ target }) => target === field() && find());
document.addEventListener("htmx:afterSettle", find);
