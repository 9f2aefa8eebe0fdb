// A form whose fields are the address of its page: what comes of a change is shown in place, and stands in the address.
for (const form of document.querySelectorAll("form[data-live]")) {
  let latest = 0;
  const show = async () => {
    const asked = ++latest;
    const address = new URL(form.action || location.pathname, location.href);
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    const parts = form.dataset.live;
    document.querySelectorAll(parts).forEach((part) => part.setAttribute("aria-busy", "true"));
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (asked !== latest) return;
    if (!response.ok) return location.assign(address);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll(parts)) part.replaceWith(page.getElementById(part.id));
    history.replaceState(null, "", address);
  };
  form.addEventListener("change", () => form.checkValidity() && show());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}
