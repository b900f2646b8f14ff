// "All on this page" in a table with boxes: it follows its rows, and the rows follow it.
const rowsOf = (form) => [...form.querySelectorAll('input[name="rule"]')];

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-picks]");
  if (!form) return;
  const all = form.querySelector("[data-pick-all]");
  if (event.target === all) for (const row of rowsOf(form)) row.checked = all.checked;
  if (!all || event.target.name !== "rule") return;
  const picked = rowsOf(form).filter((row) => row.checked).length;
  all.checked = picked === rowsOf(form).length;
  all.indeterminate = picked > 0 && !all.checked;
});
