// A form whose fields are the address of its page: what comes of a change is shown in place, and stands in the address.
for (const form of document.querySelectorAll("form.options")) {
  let latest = 0;
  const show = async () => {
    const asked = ++latest;
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
    for (const place of document.querySelectorAll("[data-live]")) place.setAttribute("aria-busy", "true");
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (asked !== latest) return;
    if (!response.ok) return location.assign(address);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const place of document.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`[data-live="${place.dataset.live}"]`);
      place.replaceChildren(...(other ? document.importNode(other, true).childNodes : []));
      place.removeAttribute("aria-busy");
    }
    history.replaceState(null, "", address);
  };
  form.addEventListener("change", () => form.checkValidity() && show());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}
