// The list of interviews, narrowed while one types and chooses.
import { browseAtOnce } from "./browse.js";

browseAtOnce(document.querySelector("[data-browse]"));
