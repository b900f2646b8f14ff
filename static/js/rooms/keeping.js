// What is typed in a draft is never lost: it is kept on this machine from the first key until the server has it, sent again
// when the server is back, and offered after a reload.
import { toast } from "../toasts.js";

const OLDEST = 14 * 24 * 3600 * 1000;
const LARGEST = 400_000;
const PAUSES = [2, 4, 8, 15, 30];
const TEXTS = "textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=search])";

const wizard = document.getElementById("wizard");
const sign = document.getElementById("kept");
const prefix = wizard ? `mews:kept:${wizard.dataset.person}:${wizard.dataset.draft}:` : "";
const typed = new Map(); // form id → number of the last keystroke
const sent = new WeakMap(); // request → that number when it left, and the form, which the answer may take off the page
let keystroke = 0;
let failed = 0;
let timer = 0;

const nameOf = (form) => form.id || form.querySelector("[name=table], [name=argument]")?.value || form.getAttribute("action");
const keyOf = (form) => `${prefix}${wizard.dataset.step}:${nameOf(form)}`;
const fieldsOf = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
const formOf = (element) => {
  const form = element?.closest?.("form[hx-post]") ?? element?.form;
  return form?.matches("#wizard form[hx-post]:not([data-saves-nothing])") ? form : null;
};
const withoutVersion = (fields) => JSON.stringify(fields.filter(([name]) => name !== "version" && name !== "about").map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(form) {
  const key = keyOf(form);
  const fields = fieldsOf(form);
  const version = read(key)?.version ?? form.elements.version?.value ?? wizard.dataset.version;
  const text = JSON.stringify({ version, step: wizard.dataset.step, form: form.id, action: form.getAttribute("hx-post"), at: Date.now(), fields });
  if (text.length > LARGEST) return;
  try {
    localStorage.setItem(key, text);
  } catch {
    // the store is full or closed: the text is still on the page
  }
}

function forget(form) {
  typed.delete(nameOf(form));
  localStorage.removeItem(keyOf(form));
}

function say(words) {
  if (!sign) return;
  sign.hidden = !words;
  sign.querySelector("[data-words]").textContent = words;
}

const waitingForms = () => [...document.querySelectorAll("#wizard form[hx-post]")].filter((form) => typed.has(nameOf(form)));

// The server answered, and the page says what it answered: nothing to try again. The text stays kept until it is saved.
function rest(form) {
  typed.delete(nameOf(form));
  failed = 0;
  clearTimeout(timer);
  say("");
}

function failure(words) {
  say(`Not saved: ${words}. Kept on this machine.`);
  clearTimeout(timer);
  timer = setTimeout(again, 1000 * PAUSES[Math.min(failed, PAUSES.length - 1)]);
  failed += 1;
}

function again() {
  clearTimeout(timer);
  for (const form of waitingForms()) {
    const button = form.id === "builder" ? { do: "set" } : {};
    window.htmx.ajax("POST", form.getAttribute("hx-post"), { source: form, values: button, swap: "none" });
  }
}

function begin() {
  document.addEventListener("input", ({ target }) => {
    const form = formOf(target);
    if (!form || !target.matches(TEXTS) || !target.name) return;
    keystroke += 1;
    typed.set(nameOf(form), keystroke);
    keep(form);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = formOf(detail.elt) ?? formOf(detail.requestConfig?.triggeringEvent?.target);
    sent.set(detail.xhr, { keystroke, form });
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { form, keystroke: last } = sent.get(detail.xhr) ?? {};
    if (form && [409, 422].includes(detail.xhr.status)) rest(form);
    if (!form || detail.requestConfig.verb !== "post" || !typed.has(nameOf(form)) || !detail.xhr.getResponseHeader("HX-Trigger")?.includes("draft:saved")) return;
    const number = typed.get(nameOf(form));
    if (number > last) return; // typed on since: the next save takes it
    forget(form);
    if (!failed) return;
    failed = 0;
    clearTimeout(timer);
    say("");
    toast("success", "The connection is back. What you typed is saved.");
  });
  for (const [name, words] of [["sendError", "no connection"], ["timeout", "Mews took too long to answer"], ["responseError", "Mews could not answer"]]) {
    document.addEventListener(`htmx:${name}`, (event) => {
      const form = formOf(event.detail.elt);
      if (!form || !typed.has(nameOf(form)) || (name === "responseError" && event.detail.xhr.status < 500)) return;
      event.detail.kept = true;
      failure(words);
    }, true);
  }
  addEventListener("online", again);
  // The page of a collision holds the text itself; whoever decides there has decided.
  document.addEventListener("click", ({ target }) => { if (target.closest?.(".conflict .form-end :is(a, button)")) for (const key of keys()) localStorage.removeItem(key); });
}

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

function tidy() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("mews:kept:") && !(Date.now() - (read(key)?.at ?? 0) < OLDEST)) localStorage.removeItem(key);
  }
}

// After a reload: what never reached the server, unless it did by another way.
function offer() {
  const place = document.getElementById("kept-offer");
  for (const key of keys()) {
    const kept = read(key);
    const form = kept?.form && kept.step === wizard.dataset.step ? document.getElementById(kept.form) : null;
    if (!kept || (form && withoutVersion(fieldsOf(form)) === withoutVersion(kept.fields))) localStorage.removeItem(key);
    else place?.append(band(key, kept));
  }
}

function band(key, kept) {
  const made = document.getElementById("kept-template").content.firstElementChild.cloneNode(true);
  const step = document.querySelector(`.wsteps a[href$="/${CSS.escape(kept.step)}/"] .wstep-title`)?.textContent ?? kept.step;
  const text = kept.fields.filter(([name]) => !["version", "action", "view", "about"].includes(name)).map(([, value]) => value).join("\n").trim();
  made.querySelector("[data-when]").textContent = `${step}, ${new Date(kept.at).toLocaleString()}`;
  made.querySelector("pre").textContent = text.slice(0, 2000);
  made.querySelector("[data-send]").addEventListener("click", () => send(key, kept));
  made.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(key);
    made.remove();
    document.getElementById("stage-title")?.focus();
  });
  return made;
}

// Sent with the version that it was typed over: where somebody wrote since, both versions are shown.
async function send(key, kept) {
  const values = Object.fromEntries(kept.fields);
  if (kept.form === "builder") values.do = "set";
  values.version = kept.version;
  let answered = false;
  const hear = ({ detail }) => { answered = answered || Boolean(detail.xhr.getResponseHeader("HX-Trigger")?.includes("draft:saved")); };
  document.addEventListener("htmx:afterRequest", hear);
  await window.htmx.ajax("POST", kept.action, { source: "#kept-offer", values, swap: "none" });
  document.removeEventListener("htmx:afterRequest", hear);
  if (!answered) return;
  localStorage.removeItem(key);
  location.assign(kept.action + location.search);
}

if (wizard?.dataset.person) {
  tidy();
  begin();
  offer();
}
