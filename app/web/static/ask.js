// The Ask page: answers as they are made, and quotes beside them.
import { revealCopying } from "./copy.js";
import { openQuotes } from "./citations.js";
import { readEvents } from "./events.js";

let asking = null;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-ask]");
  if (!form) return;
  event.preventDefault();
  ask(form).catch((error) => {
    if (error.name !== "AbortError") tellFault(form, error);
  });
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-submit-on-enter]");
  if (box && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    box.form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-cancel]")) asking?.abort();
  const example = event.target.closest("a[data-example]");
  const form = document.querySelector("form[data-ask]");
  if (!example || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.q.value = example.textContent;
  form.requestSubmit();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-ask]");
  if (form && location.pathname === new URL(form.action).pathname) keepInAddress(form);
  const facet = event.target.closest("[data-facet]");
  if (!facet) return;
  const chosen = [...facet.querySelectorAll("input:checked")].map((box) => box.dataset.label);
  facet.querySelector("[data-chosen]").textContent = chosen.join(", ");
  facet.querySelector("summary").classList.toggle("chosen", chosen.length > 0);
});

// One menu is open at a time; Escape and a click beside it close it.
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  closeMenus(null);
  open?.querySelector("summary").focus();
});

function closeMenus(kept) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== kept) menu.open = false;
}

addEventListener("popstate", (event) => {
  if (!location.hash || event.state?.answer) location.reload();
});

/** Let the address say what is chosen, so that it can be kept and shared. */
function keepInAddress(form) {
  const address = new URL(location.href);
  for (const { name } of form.querySelectorAll("select, input[data-field]")) address.searchParams.delete(name);
  for (const { name, value } of form.querySelectorAll("select, input[data-field]:checked")) address.searchParams.append(name, value);
  history.replaceState(history.state, "", address);
}

/** Ask what a form says; the answer takes the place of the page as soon as it is whole. */
async function ask(form) {
  const page = form.closest("main");
  const part = (name) => page.querySelector(`[data-${name}]`);
  const question = questionOf(form);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  part("fault").hidden = true;
  part("streamed").hidden = false;
  part("streamed-question").textContent = question.question;
  part("streamed-text").textContent = "";
  part("streamed-quotes").replaceChildren();
  form.classList.add("busy");
  try {
    const response = await fetch("/v1/answers", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream", "X-CSRF-Token": form.elements.csrf_token?.value ?? "" },
      body: JSON.stringify(question),
      signal,
    });
    if (response.status === 401) return form.submit();
    if (!response.ok) throw new Error((await response.json()).detail);
    for await (const { event, data } of readEvents(response.body)) {
      if (event === "status") part("stage").textContent = part("stage").dataset[data.stage] ?? "";
      if (event === "citation") part("streamed-quotes").append(streamedQuote(part("streamed-quote"), data));
      if (event === "token") part("streamed-text").textContent += data.text;
      if (event === "error") throw new Error(data.detail);
      if (event === "done") return await show(`/answers/${data.id}`, signal);
    }
    throw new Error("");
  } finally {
    form.classList.remove("busy");
    part("streamed")?.setAttribute("hidden", "");
  }
}

function questionOf(form) {
  const filters = {};
  for (const box of form.querySelectorAll("input[data-field]:checked")) (filters[box.dataset.field] ??= []).push(box.value);
  const question = { question: form.elements.q.value, study: form.dataset.study, audience: form.elements.audience.value, filters };
  if (form.dataset.thread) question.thread_id = form.dataset.thread;
  return question;
}

function streamedQuote(template, citation) {
  const item = template.content.firstElementChild.cloneNode(true);
  const words = item.querySelector("blockquote");
  words.textContent = citation.quote;
  words.lang = citation.language;
  item.querySelector(".source").textContent = [citation.participant, citation.interview, citation.origin?.title].filter(Boolean).join(" · ");
  return item;
}

/** Show a page of ours in the place of this one, under its own address. */
async function show(address, signal) {
  const response = await fetch(address, { headers: { Accept: "text/html" }, signal });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.title = page.title;
  history.pushState({ answer: true }, "", address);
  revealCopying(document);
  scrollTo(0, 0);
  document.querySelector("#asked")?.focus({ preventScroll: true });
}

function tellFault(form, error) {
  const fault = form.closest("main").querySelector("[data-fault]");
  fault.textContent = [fault.dataset.otherwise, error.message].filter(Boolean).join(" ");
  fault.hidden = false;
}

openQuotes();
