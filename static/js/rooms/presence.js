// Who else has the draft open: asked every 15 seconds while the page is looked at. Says so when somebody saved meanwhile.
import { csrfToken } from "../csrf.js";

const EVERY = 15_000;
const place = document.getElementById("present");
let timer = 0;

const version = () => Number(document.querySelector('#history input[name="version"]')?.value ?? place.dataset.version);

async function ask() {
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY);
  if (document.visibilityState !== "visible") return;
  const known = version();
  const body = new URLSearchParams({ step: place.dataset.step });
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true", "HX-Current-URL": location.href, "X-Background": "1" };
  const answer = await fetch(place.dataset.here, { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok || answer.status === 204) return;
  const drawn = await answer.text();
  if (place.innerHTML !== drawn) place.innerHTML = drawn;
  const now = Number(answer.headers.get("X-Draft-Version"));
  const newer = document.getElementById("newer");
  if (newer) newer.hidden = !(now > version() && version() === known);
}

if (place) {
  timer = setTimeout(ask, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  place.addEventListener("mews:ask", ask);
}
