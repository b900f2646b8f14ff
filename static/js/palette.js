// The palette: the search field of the bar becomes a combobox over pages, rules, drafts, techniques, behaviours and actions.
// Without JavaScript the same field leads to the search page, which lists the same things.
import { csrfToken } from "./csrf.js";

const WAIT = 70;
const input = document.getElementById("search");
const list = document.getElementById("palette");
let before = null;
let asking = null;
let timer = 0;
let enter = false;

const options = () => [...list.querySelectorAll('[role="option"]')];
const chosen = () => list.querySelector('[aria-selected="true"]');
const isOpen = () => !list.hidden;

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function open() {
  if (isOpen()) return;
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  ask(0);
}

function close(giveBack = false) {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  enter = false;
  if (isOpen()) {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(null);
  }
  if (giveBack && document.activeElement === input) (before?.isConnected ? before : document.getElementById("main"))?.focus({ preventScroll: true });
}

function ask(wait = WAIT) {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  timer = setTimeout(async () => {
    const query = new URLSearchParams({ q: input.value, at: location.pathname });
    const answer = await fetch(`${list.dataset.source}?${query}`, { signal, headers: { "HX-Request": "true", "HX-Current-URL": location.href } }).catch(() => null);
    if (signal.aborted) return;
    asking = null;
    if (!answer?.ok || answer.status === 204) return answer ? submit() : tell("Mews does not answer. Press Enter to try the search page.");
    const text = await answer.text();
    if (!signal.aborted) show(text);
  }, wait);
}

// Nothing is parsed but what our own server drew.
function show(html) {
  list.innerHTML = html;
  options().forEach((one, number) => { one.id = `palette-${number}`; });
  choose(input.value.trim() ? options()[0] : null);
  tell(`${options().length} found`);
  if (enter) run(chosen());
}

function tell(words) {
  document.getElementById("palette-count").textContent = words;
}

const submit = () => input.form.requestSubmit();

// A button of the page that does the same is pressed; else a link is followed, or the fields are posted.
function run(option) {
  enter = false;
  if (!option) return submit();
  const same = option.dataset.presses && document.getElementById(option.dataset.presses);
  close();
  if (same && same.getAttribute("aria-disabled") !== "true" && same.offsetParent) {
    (before?.isConnected ? before : same).focus({ preventScroll: true });
    return same.click();
  }
  if (option.dataset.url && !option.dataset.look) return post(option.dataset.url, JSON.parse(option.dataset.fields));
  if (option.dataset.look) {
    input.value = "";
    before?.isConnected && before.focus({ preventScroll: true });
  }
  option.dataset.run = "1";
  option.click();
}

function post(url, fields) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: url, hidden: true });
  const here = location.pathname + location.search;
  for (const [name, value] of [...fields, ["csrfmiddlewaretoken", csrfToken()], ["next", here]]) {
    if (name === "next" && fields.some(([one]) => one === "next")) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.requestSubmit();
}

const KEYS = {
  ArrowDown: (all, at) => all[(at + 1) % all.length],
  ArrowUp: (all, at) => all[(at <= 0 ? all.length : at) - 1],
  PageDown: (all, at) => all[Math.min(at + 8, all.length - 1)],
  PageUp: (all, at) => all[Math.max(at - 8, 0)],
};

function key(event) {
  if (event.isComposing) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    if (!isOpen()) return open();
    const all = options();
    if (all.length) choose(KEYS[event.key](all, all.indexOf(chosen())));
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  } else if (event.key === "Enter" && isOpen()) {
    event.preventDefault();
    if (asking) enter = true;
    else run(chosen());
  } else if (event.key === "Tab") close();
}

if (input && list) {
  input.setAttribute("role", "combobox");
  for (const [name, value] of [["expanded", "false"], ["controls", "palette"], ["autocomplete", "list"], ["haspopup", "listbox"]]) input.setAttribute(`aria-${name}`, value);
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (relatedTarget === input && !list.contains(target)) before = target;
  });
  input.addEventListener("mews:summoned", open);
  input.addEventListener("click", open);
  input.addEventListener("input", () => { enter = false; isOpen() ? ask() : open(); });
  input.addEventListener("keydown", key);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey || option.dataset.run) return;
    event.preventDefault();
    event.stopPropagation();
    run(option);
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".topbar-search")) close(); });
}
