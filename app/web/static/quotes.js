// The Quotes page: narrowed while one types, quotes chosen for a list or a file.
import { browseAtOnce } from "./browse.js";
import { revealCopying } from "./copy.js";

const form = document.querySelector("[data-browse]");

function boxes() { return [...document.querySelectorAll("input[type=checkbox][name=pick]")]; }

function tellChosen() {
  const chosen = boxes().filter((box) => box.checked).length;
  const told = document.querySelector("[data-chosen-count]");
  const all = document.querySelector("[data-choose-all] input");
  if (!told) return;
  told.hidden = chosen === 0;
  told.textContent = `· ${chosen} ${told.dataset.words}`;
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && !all.checked;
}

function prepare() {
  const found = document.querySelector("[data-live=found]");
  revealCopying(found);
  for (const hidden of found.querySelectorAll("[data-choose-all]")) hidden.hidden = false;
  const order = document.getElementById("order");
  order.disabled = form.elements.by.value === "meaning" && form.elements.words.value.trim() !== "";
  tellChosen();
}

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-choose-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.closest("[data-choose-all], [name=pick]")) tellChosen();
});

browseAtOnce(form, prepare);
prepare();
