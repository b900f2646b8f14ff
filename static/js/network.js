// Long requests show a line on top; a missing network shows a band; a failed request says what happened.
import { toast } from "./toasts.js";

const SHOW_AFTER = 250;
const root = document.documentElement;
let running = 0;
let timer = 0;

function busy(change) {
  running = Math.max(0, running + change);
  clearTimeout(timer);
  if (running) timer = setTimeout(() => root.classList.add("busy"), SHOW_AFTER);
  else root.classList.remove("busy");
}

document.addEventListener("htmx:beforeRequest", () => busy(1));
document.addEventListener("htmx:afterRequest", () => busy(-1));

function showConnection() {
  const band = document.getElementById("offline");
  if (band) band.hidden = navigator.onLine;
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();

const WORDS = {
  403: "You may not do this here. Ask an administrator of your team.",
  404: "This is no longer there. Reload the page to see what is.",
  413: "This is too large. Make it smaller and try again.",
  429: "Too many requests in a short time. Wait a minute and try again.",
};

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, kept } = event.detail;
  if (kept) return;
  const plain = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain") ? xhr.responseText.trim() : "";
  toast("error", plain || WORDS[xhr.status] || `Mews could not answer (error ${xhr.status}). Try again; if it stays, tell your administrator.`);
});
// What a room keeps by itself and says itself (detail.kept) needs no toast.
document.addEventListener("htmx:sendError", ({ detail }) => detail.kept || toast("error", "Mews did not answer: the connection failed. Your last change is not saved yet; try again."));
document.addEventListener("htmx:timeout", ({ detail }) => detail.kept || toast("error", "Mews took too long to answer. Your last change may not be saved; try again."));
