/** Plays exactly the seconds of a quote: one player for the whole page, one quote at a time. */
const audio = new Audio();
audio.preload = "none";
audio.id = "player";
audio.hidden = true;
let current = null;

/** Let links with `data-play` play from `data-start-ms` to `data-end-ms` of the recording that they lead to. */
export function playOnClick(root) {
  document.body.append(audio);
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-play]");
    if (!link) return;
    event.preventDefault();
    if (link === current) stop();
    else play(link);
  });
}

function play(link) {
  stop();
  current = link;
  link.dataset.playing = "";
  swapLabel(link);
  const [address] = link.getAttribute("href").split("#");
  const start_s = Number(link.dataset.startMs) / 1000;
  if (audio.getAttribute("src") !== address) audio.src = address;
  audio.currentTime = start_s;
  audio.dataset.endMs = link.dataset.endMs;
  audio.play().catch(stop);
}

function stop() {
  if (!current) return;
  audio.pause();
  delete current.dataset.playing;
  swapLabel(current);
  current = null;
}

function swapLabel(link) {
  const label = link.querySelector("span");
  [label.textContent, link.dataset.stopLabel] = [link.dataset.stopLabel, label.textContent];
}

// `timeupdate` comes four times a second: too rarely to end within a tenth of one.
function watch() {
  if (current && audio.currentTime * 1000 >= Number(audio.dataset.endMs)) stop();
  if (!audio.paused) requestAnimationFrame(watch);
}
audio.addEventListener("playing", watch);
audio.addEventListener("ended", stop);
audio.addEventListener("error", stop);
