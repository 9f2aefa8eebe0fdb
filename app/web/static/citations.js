// What a [n] in an answer does: it shows its quote when pointed at or focused, and opens it beside the answer.
const NARROW = "(width < 60rem)";

/** Let the marks of the page, now and later, lead to their quotes. */
export function openQuotes() {
  for (const [name, handle] of [["mouseover", preview], ["focusin", preview], ["mouseout", leave], ["focusout", leave]]) {
    document.addEventListener(name, (event) => {
      const mark = event.target.closest?.("a[data-mark]");
      if (mark) handle(mark, event);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("mouseout", (event) => {
    const box = event.target.closest?.("[data-preview]");
    if (box && !box.contains(event.relatedTarget)) hide();
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a[data-mark]");
    if (!mark) return;
    hide();
    if (matchMedia(NARROW).matches) {
      event.preventDefault();
      openSheet(cardOf(mark));
    }
  });
}

function cardOf(mark) {
  return document.getElementById(`quote-${mark.dataset.mark}`);
}

function preview(mark) {
  const card = cardOf(mark);
  const box = document.querySelector("[data-preview]");
  if (!card || !box) return;
  card.classList.add("lit");
  box.replaceChildren(...[...card.querySelectorAll(".quote-head, blockquote, .translation, :scope > p[lang]")].map((part) => part.cloneNode(true)));
  box.showPopover();
  mark.setAttribute("aria-describedby", box.id);
  const place = mark.getBoundingClientRect();
  const left = Math.min(place.left, innerWidth - box.offsetWidth - 12);
  const fitsBelow = place.bottom + box.offsetHeight + 12 < innerHeight;
  box.style.left = `${Math.max(12, left)}px`;
  box.style.top = `${fitsBelow ? place.bottom + 6 : Math.max(12, place.top - box.offsetHeight - 6)}px`;
}

function leave(mark, event) {
  if (event.relatedTarget?.closest?.("[data-preview]")) return;
  hide();
}

function hide() {
  for (const card of document.querySelectorAll(".quote.lit")) card.classList.remove("lit");
  for (const mark of document.querySelectorAll("a[data-mark][aria-describedby]")) mark.removeAttribute("aria-describedby");
  const box = document.querySelector("[data-preview]");
  if (box?.matches(":popover-open")) box.hidePopover();
}

function openSheet(card) {
  const sheet = document.querySelector("[data-sheet]");
  const copy = card.cloneNode(true);
  copy.removeAttribute("id");
  sheet.querySelector("[data-sheet-body]").replaceChildren(copy);
  sheet.showModal();
}
