// htmx's writing requests carry Django's CSRF token: from the cookie, or from any form on the page.
const SAFE = new Set(["get", "head", "options"]);

export function csrfToken() {
  const kept = document.cookie.split("; ").find((pair) => pair.startsWith("mews_csrf="));
  return kept?.slice("mews_csrf=".length) ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  if (!SAFE.has(event.detail.verb)) event.detail.headers["X-CSRFToken"] = csrfToken();
});
