// The pages read well without this script: a box is a stop of the Tab key only while it hides something.
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
