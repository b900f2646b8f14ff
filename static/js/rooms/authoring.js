// The wizard: every form carries the draft's version, nothing typed is lost on the way to another page, focus stays.
const wizard = () => document.getElementById("wizard");
let running = 0;
let waiting = null;

const inWizard = (element) => element?.closest?.("#wizard, #history") ?? null;

// The server says the new version with every save; all forms on the page go on from there. The buttons of undo and redo
// are never swapped: one may be under the mouse while a save comes back.
document.addEventListener("draft:saved", ({ detail }) => {
  for (const input of document.querySelectorAll('input[name="version"]')) input.value = detail.version;
  for (const name of ["undo", "redo"]) document.getElementById(name)?.setAttribute("aria-disabled", String(!detail[name]));
});

// A press that waits in the queue keeps its button: htmx forgets which one it was as soon as the focus moves on.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const button = detail.triggeringEvent?.submitter;
  if (button?.name) detail.formData.set(button.name, button.value);
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (inWizard(detail.elt) && detail.requestConfig.verb === "post") running += 1;
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!inWizard(detail.elt) && !detail.requestConfig) return;
  if (detail.requestConfig?.verb === "post" && running > 0) running -= 1;
  if (!running && waiting) {
    const go = waiting;
    waiting = null;
    setTimeout(go, 0);
  }
});

// A plain form or link that is used while a save is on its way waits for it: its version would be stale, or the save lost.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!wizard() || !running || event.defaultPrevented) return;
  event.preventDefault();
  const { submitter } = event;
  waiting = () => form.requestSubmit(submitter ?? undefined);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!wizard() || !running || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.matches("[data-panel]") || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  waiting = () => location.assign(link.href);
});

// Buttons that have nothing to do say so and do nothing.
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.('button[aria-disabled="true"]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

// A control that a swap took away hands the focus to the stage's heading, so that the keyboard is never lost.
// A button that takes itself away says in data-then who gets it first.
let within = false;
let then = [];
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("#wizard button[name]");
  if (button) then = (button.dataset.then ?? "").split(" ");
});
document.addEventListener("htmx:beforeSwap", () => {
  within = Boolean(inWizard(document.activeElement));
});
document.addEventListener("htmx:afterSettle", () => {
  if (within && document.activeElement === document.body) {
    const next = [...then, "stage-title"].map((id) => document.getElementById(id)).find(Boolean);
    next?.focus({ preventScroll: true });
  }
  within = false;
});

// The tabs of the side panel: all three views are on the page, the chosen one is shown, also after a swap.
function showPanel(name) {
  for (const link of document.querySelectorAll("#side [data-panel]")) {
    const chosen = link.dataset.panel === name;
    if (chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    document.getElementById(`panel-${link.dataset.panel}`).hidden = !chosen;
  }
}

let panel = document.querySelector("#side [aria-current]")?.dataset.panel;
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#side [data-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  panel = link.dataset.panel;
  document.cookie = `mews_panel=${panel}; path=/; samesite=lax`;
  showPanel(panel);
});
document.addEventListener("htmx:oobAfterSwap", () => panel && showPanel(panel));

// Complaints that came with a save are shown in the editor, and a link to one goes to its place.
document.addEventListener("htmx:afterSettle", () => {
  for (const source of document.querySelectorAll("[data-findings-for]")) {
    document.getElementById(source.dataset.findingsFor)?.setAttribute("data-findings", source.dataset.findings);
  }
});

async function goToPlace() {
  const [, from, to] = location.hash.match(/^#at-(\d+)-(\d+)$/) ?? [];
  const editor = document.querySelector("#wizard mews-editor");
  if (!from || !editor) return;
  await customElements.whenDefined("mews-editor");
  editor.goTo(Number(from), Number(to));
}
addEventListener("hashchange", goToPlace);
goToPlace();

// Fields go into the output where the cursor stands; without JavaScript the server puts them at its end.
// Before anybody went into the text they go to its end.
let visited = null;
document.addEventListener("focusin", ({ target }) => {
  if (target.closest?.("#output-editor, #id_output")) visited = document.getElementById("id_output");
});

function insert(text) {
  const area = document.getElementById("id_output");
  const { value } = area;
  const [start, end] = visited === area ? [area.selectionStart, area.selectionEnd] : [value.length, value.length];
  const before = start > 0 && !/\s$/.test(value.slice(0, start)) ? " " : "";
  const after = /^\S/.test(value.slice(end)) ? " " : "";
  area.setRangeText(before + text + after, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const keyOf = (name) => name.replace(/[.[]/g, "_").replace(/\]/g, "").toLowerCase();

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-insert]");
  const button = event.target.closest?.("[data-insert-from]");
  if (chip) {
    event.preventDefault();
    insert(chip.dataset.insert);
  } else if (button) {
    event.preventDefault();
    const field = document.getElementById(button.dataset.insertFrom);
    const name = field.value.trim().replace(/^%/, "");
    if (!name) return field.focus();
    insert(`${keyOf(name)}=%${name}`);
    field.value = "";
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-insert-field]")) return;
  event.preventDefault();
  event.target.nextElementSibling.click();
});

// Undo and redo of the draft by keyboard, outside of text fields, which have their own.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  if (event.composedPath()[0].closest?.("input, textarea, select, [contenteditable=true]")) return;
  const button = document.getElementById(event.shiftKey ? "redo" : "undo");
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Ctrl-Enter goes on from anywhere: with what was pasted while it waits to be taken, else to the next step. What is being
// typed is left first, so that it is saved.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || !wizard() || document.querySelector("dialog[open]")) return;
  const button = (event.target.id === "command" && document.getElementById("take")) || document.querySelector(".wizard-foot .btn-primary");
  if (!button) return;
  event.preventDefault();
  document.activeElement.blur();
  button.click();
});

// Who comes from another page of the wizard begins at the step's question.
if (wizard() && !location.hash && document.activeElement === document.body && /\/drafts\/(\d+|new)\//.test(document.referrer)) {
  document.getElementById("stage-title")?.focus({ preventScroll: true });
}
