// Menus are <details class="menu">: one open at a time, closed by a click elsewhere or Escape. Dialogs open by data-opens.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    if (opener.href) event.preventDefault(); // without JavaScript it leads to a page of its own
    for (const menu of open()) menu.open = false;
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  const copier = event.target.closest("[data-copies]");
  if (copier) copy(copier);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

// Copies the value of the field named by data-copies, and says so on the button for two seconds.
async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  field.select?.();
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
  } catch {
    return; // no permission: the text is selected, Ctrl-C is one step away
  }
  const words = button.querySelector("[data-words]") ?? button;
  const before = words.textContent;
  words.textContent = "Copied";
  setTimeout(() => { words.textContent = before; }, 2000);
}

// Where the tabs do not fit, the one that is open is brought into sight.
const openTab = document.querySelector(".tabs [aria-current]");
const tabs = openTab?.closest(".tabs");
if (tabs) tabs.scrollLeft = openTab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - openTab.offsetWidth) / 2;
