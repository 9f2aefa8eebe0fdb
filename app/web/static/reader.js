// The reader of an interview: what is heard is lit, what is clicked is heard, and keys are enough.
const audio = document.getElementById("recording");
const STEP_S = 5;

function utterances() { return [...document.querySelectorAll("[data-utterance]")]; }

function current() { return document.querySelector("[data-utterance].lit"); }

function light(utterance, scroll) {
  if (utterance === current()) return;
  current()?.classList.remove("lit");
  utterance?.classList.add("lit");
  if (scroll) utterance?.scrollIntoView({ block: "center" });
}

/** Light what is spoken now: the last utterance that has begun. */
function follow() {
  const now_ms = audio.currentTime * 1000 + 1;
  const begun = utterances().filter((each) => each.dataset.startMs && Number(each.dataset.startMs) <= now_ms);
  light(begun.at(-1), !audio.paused);
}

function hear(utterance) {
  light(utterance, true);
  if (audio && utterance.dataset.startMs) audio.currentTime = Number(utterance.dataset.startMs) / 1000;
}

function step(by) {
  const all = utterances();
  const at = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (!next) return;
  hear(next);
  next.focus({ preventScroll: true });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  ArrowLeft: () => { if (audio) audio.currentTime = Math.max(0, audio.currentTime - STEP_S); },
  ArrowRight: () => { if (audio) audio.currentTime += STEP_S; },
  " ": () => { if (audio) audio.paused ? audio.play() : audio.pause(); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  if (event.target.closest("input, select, textarea, button, a, audio, summary")) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek]");
  if (!link || !audio) return;
  event.preventDefault();
  history.replaceState(null, "", link.getAttribute("href"));
  hear(link.closest("[data-utterance]"));
  audio.play().catch(() => {});
});

/** Put the next part of a long transcript below, as soon as one comes near its end, or is led into it. */
async function loadMore() {
  const next = document.querySelector(".pagination a[rel=next]");
  if (!next) return false;
  const answer = await fetch(next.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const more = fresh.querySelector("[data-transcript]");
  if (!answer.ok || !more) return false;
  document.querySelector("[data-transcript]").append(...document.importNode(more, true).childNodes);
  const pages = fresh.querySelector(".pagination a[rel=next]");
  if (pages) next.href = pages.href;
  else next.closest(".pagination").remove();
  return true;
}

async function showLinked() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id.startsWith("u-")) return;
  while (!document.getElementById(id) && (await loadMore()));
  const linked = document.getElementById(id);
  if (!linked) return;
  light(linked, true);
  if (audio && linked.dataset.startMs) audio.currentTime = Number(linked.dataset.startMs) / 1000;
}

const pages = document.querySelector(".pagination");
if (pages) new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) loadMore(); }).observe(pages);
if (audio) {
  for (const moved of ["timeupdate", "seeked"]) audio.addEventListener(moved, follow);
  document.querySelector("[data-keys]").hidden = false;
}
addEventListener("hashchange", showLinked);
showLinked();
