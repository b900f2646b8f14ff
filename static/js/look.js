// Theme, density and rail switch at once; the cookies are the same that the server writes (studio/ui/look.py).
const YEAR = 365 * 24 * 3600;
const ATTRIBUTE = { theme: "bsTheme", contrast: "contrast", density: "density", rail: "rail" };

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-look]");
  if (!button) return;
  event.preventDefault();
  const { look } = button.dataset;
  document.cookie = `mews_${look}=${button.value};path=/;max-age=${YEAR};samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  document.documentElement.dataset[ATTRIBUTE[look]] = button.value;
  for (const one of document.querySelectorAll(`button[data-look="${look}"][aria-pressed]`)) {
    one.setAttribute("aria-pressed", String(one.value === button.value));
  }
  if (look === "rail") flip(button);
  document.dispatchEvent(new CustomEvent("mews:look"));
});

// The rail's one button offers what is not the case.
function flip(button) {
  const slim = button.value === "slim";
  const words = slim ? "Show words" : "Icons only";
  button.value = slim ? "wide" : "slim";
  button.title = words;
  button.querySelector(".rail-word").textContent = words;
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#layout-sidebar-left-${slim ? "expand" : "collapse"}`));
}
