// Keyboard: "mod+k" and single letters on elements with data-shortcut, "g" then a letter for the rail, "?" for the list.
const typing = (element) =>
  element.closest("input, textarea, select, [contenteditable=true], mews-editor, dialog[open]") !== null;

function act(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
    element.dispatchEvent(new CustomEvent("mews:summoned"));
  } else element.click();
}

let waiting = 0;

function second(event) {
  const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  waiting = 0;
  if (!link) return;
  event.preventDefault();
  link.click();
}

document.addEventListener("keydown", (event) => {
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey || event.isComposing || event.defaultPrevented) return;
  if (mod && !event.shiftKey) {
    const element = document.querySelector(`[data-shortcut="mod+${CSS.escape(event.key.toLowerCase())}"]`);
    if (element) {
      event.preventDefault();
      act(element);
    }
    return;
  }
  if (mod || typing(event.composedPath()[0])) return;
  if (waiting > Date.now()) return second(event);
  if (event.key === "g") waiting = Date.now() + 1500;
  else if (event.key === "?") document.getElementById("shortcuts")?.showModal();
  else if (event.key.length === 1) {
    const element = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (element) {
      event.preventDefault();
      act(element);
    }
  }
});
