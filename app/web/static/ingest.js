// Ingest: files and folders are dropped, sent with progress, and followed while they are worked on.
// Without scripts the form sends them, and the page reads itself anew now and then.

const LOOK_EVERY_MS = 1000;
const MOST_FILES = 2000;

const form = document.querySelector("[data-deliver]");
if (form) deliver(form);
const progress = document.querySelector("[data-progress]");
if (progress) follow(progress);

function deliver(form) {
  const drop = form.querySelector("[data-drop]");
  const chosen = form.querySelector("[data-chosen]");
  const words = form.querySelector("[data-words]").dataset;
  let dropped = [];

  form.querySelector("[data-drop-words]").hidden = false;
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
  });
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    dropped = (await Promise.all(entries.map((entry) => filesIn(entry)))).flat();
    tell();
  });
  form.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (filesOf().length) send();
  });

  function filesOf() {
    const picked = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    return [...picked.map((file) => ({ file, path: file.webkitRelativePath || file.name })), ...dropped];
  }

  function tell() {
    const files = filesOf();
    chosen.hidden = files.length === 0;
    chosen.textContent = (files.length === 1 ? words.one : words.other).replace("0", files.length);
    const isFolder = files.some(({ path }) => /(^|\/)study\.yaml$|\.zip$/i.test(path));
    form.querySelector("[data-conversation]").open = files.length > 0 && !isFolder;
  }

  function send() {
    const body = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    for (const { file, path } of filesOf()) body.append("files", file, path);
    const request = new XMLHttpRequest();
    const sending = form.querySelector("[data-sending]");
    const bar = form.querySelector("[data-sent]");
    const button = form.querySelector(".deliver-row button");
    const end = () => {
      sending.hidden = true;
      button.disabled = false;
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      if (request.status === 200 && new URL(request.responseURL).pathname !== new URL(form.action).pathname) {
        location.assign(request.responseURL);
        return;
      }
      end();
      refuse(request.responseText);
    });
    request.addEventListener("error", () => {
      end();
      refuse("");
    });
    request.addEventListener("abort", end);
    form.querySelector("[data-stop]").onclick = () => request.abort();
    sending.hidden = false;
    button.disabled = true;
    bar.value = 0;
    request.open("POST", form.action);
    request.send(body);
  }

  // What the service says of files that it refuses, on a page that it made.
  function refuse(page) {
    const place = document.querySelector("[data-refusal]");
    const read = new DOMParser().parseFromString(page, "text/html");
    const said = read.querySelector("[data-refusal] > *") ?? read.querySelector("main .empty");
    const notice = document.createElement("p");
    notice.className = "notice fault";
    notice.setAttribute("role", "alert");
    notice.textContent = words.broken;
    place.replaceChildren(said ? document.importNode(said, true) : notice);
    place.scrollIntoView({ block: "nearest" });
  }
}

// All files of what was dropped, with their paths in it.
async function filesIn(entry, before = "", found = []) {
  if (found.length > MOST_FILES) return found;
  const path = before + entry.name;
  if (entry.isFile) {
    found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path });
    return found;
  }
  const reader = entry.createReader();
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const inner of entries) await filesIn(inner, `${path}/`, found);
  }
}

function follow(progress) {
  const look = async () => {
    if (!progress.querySelector("[data-under-way]")) return;
    try {
      const response = await fetch(progress.dataset.progress, { headers: { Accept: "text/html" } });
      const part = await response.text();
      if (response.ok && !progress.contains(document.activeElement?.closest("button"))) replace(part);
    } catch {
      // The service may be on its way up again: the next look finds it.
    }
    setTimeout(look, document.hidden ? 5 * LOOK_EVERY_MS : LOOK_EVERY_MS);
  };

  function replace(part) {
    const read = new DOMParser().parseFromString(part, "text/html").querySelector(".delivery");
    if (read && read.outerHTML !== progress.firstElementChild.outerHTML) {
      progress.replaceChildren(document.importNode(read, true));
    }
  }
  setTimeout(look, LOOK_EVERY_MS);
}
