// What every page can do better with scripts than without; each page works without them too.
import { copyOnClick } from "./copy.js";
import { playOnClick } from "./player.js";

document.documentElement.classList.add("scripted");

for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

copyOnClick(document);
playOnClick(document);
