// htmx's writing requests carry Django's CSRF token: from the cookie, or from any form on the page.
const SAFE = new Set(["get", "head", "options"]);

export function csrfToken() {
  const kept = document.cookie.split("; ").find((pair) => pair.startsWith("mews_csrf="));
  return kept?.slice("mews_csrf=".length) ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  // Nobody asked for it, such as the next look at work in progress: it does not keep the session alive.
  if (!event.detail.triggeringEvent && event.detail.verb === "get") event.detail.headers["X-Background"] = "1";
  if (!SAFE.has(event.detail.verb)) event.detail.headers["X-CSRFToken"] = csrfToken();
});
