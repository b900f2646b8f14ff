// Everything that the pages need beyond HTML. Each part is its own module and works without the others.
import htmx from "htmx.org";
import "./csrf.js";
import "./look.js";
import "./focus.js";
import "./menus.js";
import "./network.js";
import "./palette.js";
import "./shortcuts.js";
import "./toasts.js";
import "./editor_loader.js";

window.htmx = htmx;
document.documentElement.classList.add("js");
