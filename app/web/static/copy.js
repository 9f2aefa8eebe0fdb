/** Let every button with `data-copy` put that text on the clipboard, and say `data-copied` for a moment. */
export function copyOnClick(root) {
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector("span") ?? button;
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 1500);
  });
  revealCopying(root);
}

/** Show the buttons that only work with scripts; call it for what was put into the page later, too. */
export function revealCopying(root) {
  for (const button of root.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
}
