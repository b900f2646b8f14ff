// The page of a revision is drawn anew in place: the focus goes to the thread or the form that the address names.
// The field of a comment that was just asked for stands in the line or the clause, or in the row of the table below it.
const asked = (place) => place?.matches("[id^=thread-]") ? null
  : place?.querySelector(".comment-form textarea") ?? place?.nextElementSibling?.querySelector?.(".comment-form textarea");

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const main = document.getElementById("main");
  const anchor = detail.pathInfo?.anchor;
  if (!main?.querySelector("#decide-title, .revision-tabs") || document.activeElement !== document.body) return;
  const place = anchor && document.getElementById(anchor);
  const to = asked(place) ?? place ?? main;
  if (!to.hasAttribute("tabindex")) to.setAttribute("tabindex", "-1");
  to.focus({ preventScroll: to === main });
});
