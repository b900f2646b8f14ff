// Messages become toasts: a button closes each, and what reports success leaves by itself unless somebody looks at it.
const LEAVES_AFTER = { success: 6000, info: 8000, debug: 8000 };
const ICONS = { success: "circle-check", info: "info-circle", warning: "alert-triangle", error: "alert-circle" };

const svg = (name) => {
  const sprite = document.querySelector('meta[name="mews-icons"]').content;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  icon.append(use);
  return icon;
};

function equip(note) {
  if (note.dataset.equipped) return;
  note.dataset.equipped = "1";
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", "Close this message");
  close.append(svg("x"));
  close.addEventListener("click", () => note.remove());
  note.append(close);
  const delay = LEAVES_AFTER[note.dataset.level];
  if (!delay) return;
  let timer = setTimeout(() => note.remove(), delay);
  for (const stay of ["mouseenter", "focusin"]) note.addEventListener(stay, () => clearTimeout(timer));
  for (const go of ["mouseleave", "focusout"]) note.addEventListener(go, () => { timer = setTimeout(() => note.remove(), delay); });
}

const equipAll = () => document.querySelectorAll(".toast-note").forEach(equip);

export function toast(level, text) {
  const place = document.getElementById("messages");
  if (!place) return;
  const words = document.createElement("div");
  words.className = "wrap-anywhere";
  words.textContent = text;
  const note = document.createElement("div");
  note.className = `toast-note toast-note-${level}`;
  note.dataset.level = level;
  note.append(svg(ICONS[level] ?? "info-circle"), words);
  place.append(note);
  equip(note);
}

document.addEventListener("htmx:load", equipAll);
document.addEventListener("htmx:oobAfterSwap", equipAll);
equipAll();
