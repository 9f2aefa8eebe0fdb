/** Lists that are narrowed while one types or chooses: the page is fetched anew, and what is `data-live` in it shown. */
const PATIENCE_MS = 180;

/** Let a form with `method="get"` show what it asks for at once; `shown` is told each time something new stands there. */
export function browseAtOnce(form, shown = () => {}) {
  let asking = null;
  let waiting = null;

  async function show(address) {
    asking?.abort();
    asking = new AbortController();
    document.documentElement.toggleAttribute("data-busy", true);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !fresh.querySelector("[data-live]")) return location.assign(address);
      replaceLive(fresh);
      history.replaceState(null, "", address);
      shown();
    } catch (error) {
      if (error.name === "AbortError") return;
      location.assign(address);
    } finally {
      document.documentElement.toggleAttribute("data-busy", false);
    }
  }

  function ask(patience_ms) {
    clearTimeout(waiting);
    if (form.checkValidity()) waiting = setTimeout(() => show(addressOf(form)), patience_ms);
  }

  form.addEventListener("input", (event) => ask(event.target.type === "search" ? PATIENCE_MS : 0));
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(0); });
}

/** The address that a form would lead to, without what is empty. */
function addressOf(form) {
  const asked = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${form.getAttribute("action")}?${new URLSearchParams(asked)}`;
}

/** Put in what a fetched page has in the places that live; focus and open menus stay where they were. */
function replaceLive(fresh) {
  const focused = document.activeElement?.id;
  const opened = new Map([...document.querySelectorAll("[data-live] details[id]")].map((menu) => [menu.id, menu.open]));
  for (const place of document.querySelectorAll("[data-live]")) {
    const other = fresh.querySelector(`[data-live="${place.dataset.live}"]`);
    if (other) place.replaceChildren(...document.importNode(other, true).childNodes);
  }
  for (const [id, open] of opened) {
    const menu = document.getElementById(id);
    if (menu) menu.open = open;
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}
