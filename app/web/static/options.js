/** Options of a page: what comes of a change is shown at once, and stands in the address. */
import { browseAtOnce } from "./browse.js";

for (const form of document.querySelectorAll("form.options[method=get]")) browseAtOnce(form);
