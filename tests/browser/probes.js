// What a test asks of a page. Each function returns a list of faults in words, empty where there is none.
(() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const name = (e) => {
    const text = e.getAttribute("aria-label") || e.textContent.trim().replace(/\s+/g, " ");
    return `<${e.localName}${e.id ? "#" + e.id : ""}> ${text.slice(0, 60)}`;
  };
  const controls = () =>
    [...document.querySelectorAll("a[href], button, summary, [tabindex='0'], input, select")].filter(seen);
  const boxed = (e) => e.closest(".box, .formula, .source, .hidden, .skip, svg, math");

  /** Two frames on, the page's own script has measured its boxes. */
  const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  const openAll = (open) => {
    document.querySelectorAll("details").forEach((d) => { d.open = open; });
    return settled();
  };

  /** Marks one text for every way of being styled: same elements and classes, up to five levels above. */
  const sample = () => {
    const met = new Set();
    document.querySelectorAll("body *").forEach((e) => {
      if (e.closest("svg") || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) return;
      let style = "";
      for (let up = e, level = 0; up && level < 5; up = up.parentElement, level += 1) style += `${up.localName}.${up.className}/`;
      if (!met.has(style)) { met.add(style); e.dataset.sample = ""; }
    });
  };

  /** Things beyond the right edge, unless they lie in a box that scrolls by itself. */
  const tooWide = () => {
    const edge = document.documentElement.clientWidth;
    const faults = [];
    if (document.documentElement.scrollWidth > edge) faults.push(`scrolls to ${document.documentElement.scrollWidth}`);
    document.querySelectorAll("body *").forEach((e) => {
      const box = e.getBoundingClientRect();
      if (box.width && box.right > edge + 1 && !boxed(e) && seen(e)) faults.push(`${name(e)} ends at ${Math.round(box.right)}`);
    });
    return faults.slice(0, 5);
  };

  /** Labels that leave their drawing. */
  const cutLabels = () => {
    const faults = [];
    document.querySelectorAll("svg.drawing").forEach((svg) => {
      const frame = svg.getBoundingClientRect();
      svg.querySelectorAll("text").forEach((text) => {
        const box = text.getBoundingClientRect();
        const out = Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom);
        if (box.width && out > 2) faults.push(`${svg.id}: "${text.textContent.trim()}" by ${Math.round(out)} px`);
      });
    });
    return faults;
  };

  /** Texts of the drawings that a selector names, shown smaller than so many pixels. */
  const smallTexts = (drawings, least) => {
    const faults = [];
    document.querySelectorAll(drawings).forEach((svg) => {
      [...svg.querySelectorAll("text")].filter(seen).forEach((text) => {
        const { a, b } = text.getScreenCTM();
        const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
        if (size < least) faults.push(`${svg.id}: "${text.textContent.trim()}" has ${size.toFixed(1)} px`);
      });
    });
    return faults;
  };

  /** Controls smaller than WCAG 2.2's 24 by 24 px; links within a line of text are exempt there. */
  const smallTargets = () =>
    controls()
      .filter((e) => getComputedStyle(e).display !== "inline" && !e.matches(".skip"))
      .filter((e) => { const box = e.getBoundingClientRect(); return box.height < 24 || box.width < 24; })
      .map((e) => { const box = e.getBoundingClientRect(); return `${name(e)} ${Math.round(box.width)} x ${Math.round(box.height)}`; });

  /** Where the keyboard stands: its number among the controls, and what is wrong with how that shows. */
  const focus = () => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const faults = [];
    if (!shown) faults.push(`${name(e)} shows no focus`);
    if (!inside) faults.push(`${name(e)} is out of sight`);
    return { number: controls().indexOf(e), faults };
  };

  /** Boxes that hide part of what they hold and that a keyboard cannot scroll. */
  const stuckBoxes = () =>
    [...document.querySelectorAll("main *")]
      .filter((e) => seen(e) && e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX))
      .filter((e) => e.tabIndex !== 0)
      .map(name);

  window.probe = { controls, name, settled, openAll, sample, tooWide, cutLabels, smallTexts, smallTargets, focus, stuckBoxes };
})();
