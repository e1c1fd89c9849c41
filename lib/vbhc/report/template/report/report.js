// The pages read well without this script; it adds what needs one.
const button = document.getElementById("all-code");
const cells = document.querySelectorAll("details.code");
if (button && cells.length) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    cells.forEach((cell) => { cell.open = open; });
    button.setAttribute("aria-pressed", String(open));
  });
}

// A box is a stop of the Tab key only while it hides something, and then it says so.
const measure = (box) => {
  const wide = box.scrollWidth > box.clientWidth + 1;
  box.toggleAttribute("data-wide", wide && !box.matches(".formula, .source"));
  if (wide) box.tabIndex = 0;
  else if (box !== document.activeElement) box.removeAttribute("tabindex");
};
const watch = new ResizeObserver((changes) => {
  requestAnimationFrame(() => changes.forEach((change) => measure(change.target)));
});
document.querySelectorAll(".box, .formula, .source").forEach((box) => watch.observe(box));
