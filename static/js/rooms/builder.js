// The builder: the keyboard moves and removes rows, focus follows the row that was changed, long lists can be searched.
import { csrfToken } from "../csrf.js";

const builder = () => document.getElementById("builder");
let settled = null;
let opener = "";
let opened = [];
let carried = [];

// Sends the builder's form as one of its buttons would.
function press(what) {
  const button = document.createElement("button");
  Object.assign(button, { name: "do", value: what, hidden: true });
  builder().append(button);
  builder().requestSubmit(button);
  button.remove();
}

// What is wrong with a text is said at each keystroke, before it is saved; only the last answer counts.
let checking = null;
document.addEventListener("input", (event) => {
  const editor = event.target.closest?.("mews-editor[data-check]");
  if (!editor?.setFindings) return;
  checking?.abort();
  checking = new AbortController();
  const { signal } = checking;
  setTimeout(async () => {
    if (signal.aborted) return;
    const text = editor.value;
    const body = new URLSearchParams({ condition: text });
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    const answer = await fetch(editor.dataset.check, { method: "POST", body, headers, signal }).catch(() => null);
    const said = answer?.ok ? await answer.json().catch(() => null) : null;
    if (said && editor.value === text) editor.setFindings(said.findings);
  }, 60);
});

// The definition of a macro or list in the text: where the page shows it, else its own page; a text that is not saved stays.
document.addEventListener("mews:definition", ({ target, detail }) => {
  const place = document.getElementById(`macro-${detail.name}`);
  place?.scrollIntoView({ block: "center" });
  place?.focus();
  const { catalog } = target.closest?.("mews-editor")?.dataset ?? {};
  if (place || !catalog) return;
  const page = new URL(`named/${detail.name}/`, new URL(catalog, location.href));
  if (target.closest("#wizard")) location.assign(page);
  else open(page, "_blank", "noopener");
});

// The button that opened a form gets the focus back when the form is closed.
document.addEventListener("submit", ({ submitter }) => {
  if (submitter?.id && /^(select|new):/.test(submitter.value) && submitter.closest("#builder")) opener = submitter.id;
});

const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("#builder");
  if (!form || event.isComposing || event.ctrlKey || event.metaKey) return;
  const row = event.target.matches("[data-row]") ? event.target : null;
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape" && event.target.closest("#editor") && !event.defaultPrevented) {
    event.preventDefault();
    document.getElementById("editor-close").click();
  } else if (event.altKey && MOVES[event.key] && row) {
    event.preventDefault();
    press(`move:${row.dataset.row}:${MOVES[event.key]}`);
  } else if (event.key === "Delete" && row && !typing) {
    event.preventDefault();
    press(`remove:${row.dataset.row}`);
  } else if (row && !event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    const rows = [...form.querySelectorAll("[data-row]")];
    const next = rows[rows.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});

// A menu that is searched by typing, or walked with the arrows, is not drawn anew before the hand rests or the focus leaves.
const REST = 700;
let keyed = -REST;
let held = null;

function release() {
  if (!held) return;
  clearTimeout(held.timer);
  const { menu } = held;
  held = null;
  menu.dispatchEvent(new Event("change", { bubbles: true }));
}

const isMenu = (element) => element.matches?.("#editor select") ?? false;
document.addEventListener("keydown", (event) => {
  if (!isMenu(event.target) || ["Tab", "Enter", "Escape"].includes(event.key)) return;
  keyed = performance.now();
  if (!held) return;
  clearTimeout(held.timer);
  held.timer = setTimeout(release, REST);
}, true);
document.addEventListener("change", (event) => {
  if (!event.isTrusted || !isMenu(event.target) || performance.now() - keyed > REST) return;
  event.stopImmediatePropagation();
  clearTimeout(held?.timer);
  held = { menu: event.target, timer: setTimeout(release, REST) };
}, true);
document.addEventListener("focusout", (event) => event.target === held?.menu && release());
document.addEventListener("submit", () => {
  clearTimeout(held?.timer);
  held = null;
}, true);

// What was changed in the open form is saved a moment later; whoever leaves by a link at once has it saved before.
let due = false;
document.addEventListener("change", ({ target }) => {
  if (target.closest?.("#editor[hx-post]")) due = true;
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.closest?.("#builder")) due = false;
});
document.addEventListener("click", ({ target }) => {
  if (due && builder() && target.closest?.("a[href]")) press("set");
}, true);

// Whoever types on while an answer is on its way keeps what was typed since: it is carried into the form that comes.
function carry({ requestConfig }) {
  carried = [];
  if (asked(requestConfig) !== "typed") return;
  for (const input of document.querySelectorAll("#editor :is(input, textarea, select)[id][name]")) {
    const sent = requestConfig.parameters[input.name];
    if (input.type === "checkbox" || input.value === (sent ?? "").replaceAll("\r\n", "\n")) continue;
    carried.push({ id: input.id, value: input.value, start: input.selectionStart, end: input.selectionEnd });
  }
}

function restore() {
  for (const { id, value, start, end } of carried) {
    const input = document.getElementById(id);
    if (!input || input.value === value) continue;
    input.value = value;
    if (start !== null && start !== undefined) input.setSelectionRange?.(start, end);
    const changed = () => input.dispatchEvent(new Event("change", { bubbles: true }));
    if (input === document.activeElement) input.addEventListener("blur", changed, { once: true });
    else setTimeout(changed, 0);
  }
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  opened = [...document.querySelectorAll("#builder details[open][id]")].map((one) => one.id);
  if (builder() && detail.requestConfig) carry(detail);
});
for (const name of ["htmx:oobAfterSwap", "htmx:afterSwap"]) document.addEventListener(name, restore);

// What was asked of the builder: the verb of a button, or "typed" where a form only followed what is typed in it.
function asked({ elt, parameters, path }) {
  if (elt.id === "editor" || path.endsWith("/blank/")) return "typed";
  return elt.id === "builder" || elt.closest?.("#builder") ? String(parameters.do ?? "set").split(":")[0] : "";
}

// Chips stay open; the focus goes where the work goes on, unless it still is somewhere.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const { requestConfig } = detail;
  if (!builder() || !requestConfig || requestConfig === settled) return;
  settled = requestConfig;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  const verb = asked(requestConfig);
  const lost = document.activeElement === document.body || document.activeElement.id === "stage-title";
  if (!verb || (verb === "typed" && !lost)) return;
  const fresh = verb === "select" || verb === "new" ? document.querySelector("#editor input:not([type=hidden]), #editor button, #editor select") : null;
  const row = builder().querySelector(`[data-row="${builder().dataset.at}"]`);
  const back = verb === "close" ? document.getElementById(opener) : null;
  const target = fresh ?? back ?? row ?? builder().querySelector("[data-row], button:not([tabindex])");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
});

// A long list of values: those that hold the text that is searched, each with a button to take it out.
document.addEventListener("input", (event) => {
  const { filters } = event.target.dataset ?? {};
  if (!filters) return;
  event.stopPropagation();
  const area = document.getElementById(filters);
  const found = event.target.parentElement.querySelector(".bfound");
  const wanted = event.target.value.trim().toLowerCase();
  const hits = wanted ? area.value.split("\n").filter((line) => line.toLowerCase().includes(wanted)) : [];
  found.replaceChildren(...hits.slice(0, 40).map((line) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: line });
    button.dataset.takesOut = filters;
    button.setAttribute("aria-label", `Take out ${line}`);
    item.append(button);
    return item;
  }));
  if (wanted) found.append(Object.assign(document.createElement("li"), { textContent: `${hits.length} found`, className: "text-secondary" }));
});
document.addEventListener("change", (event) => event.target.dataset?.filters && event.stopPropagation(), true);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-takes-out]");
  if (!button) return;
  const area = document.getElementById(button.dataset.takesOut);
  const lines = area.value.split("\n");
  lines.splice(lines.indexOf(button.textContent), 1);
  area.value = lines.join("\n");
  button.parentElement.remove();
  area.dispatchEvent(new Event("change", { bubbles: true }));
});
