// The lab: shows how much of a file is sent. Without this script the form is sent as any other.
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  const file = form?.querySelector('input[type="file"]')?.files?.[0];
  if (!form || !file || event.defaultPrevented) return;
  event.preventDefault();
  const [box, bar, told] = [".upload-progress", "progress", "[data-sent]"].map((one) => form.querySelector(one));
  const button = form.querySelector("button.btn-primary");
  const request = new XMLHttpRequest();
  const mib = (bytes) => (bytes / 1024 ** 2).toFixed(1);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? (100 * loaded) / total : 0;
    told.textContent = `${mib(loaded)} of ${mib(total)} MiB`;
  });
  request.addEventListener("load", () => {
    if (request.status === 200 && new URL(request.responseURL).pathname !== location.pathname) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
    const here = document.querySelector("main");
    if (page && here) here.replaceWith(document.adoptNode(page));
    document.querySelector('[role="alert"], [aria-invalid="true"]')?.focus();
  });
  request.addEventListener("error", () => {
    box.hidden = true;
    button.removeAttribute("aria-disabled");
    told.textContent = "";
    form.submit();
  });
  box.hidden = false;
  button.setAttribute("aria-disabled", "true");
  request.open("POST", form.action);
  request.send(new FormData(form));
});
