"""A figure inside a page: readable in light and dark, and unable to run or load anything."""

import colorsys
import re
from dataclasses import dataclass, field
from html import escape
from xml.etree import ElementTree

from vbhc.report.markdown import ReportError
from vbhc.report.slim import slim_drawing

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_LOCAL = re.compile(r"url\(#([\w.-]+)\)")
DARK_PAPER, CONTRAST = "#14181d", 4.5
PLATE = "plate"  # a drawing that asks for its white paper (`vbhc.publish.figure_style.on_white`)
MANY = 16  # more colours than this are a colour scale: its meaning would change with the colours

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


@dataclass
class Palette:
    """The colours of a page's figures, each with the lighter one that stands for it on dark paper."""

    dark: dict[str, str] = field(default_factory=dict)
    greys: set[int] = field(default_factory=set)

    def css(self) -> tuple[str, str]:
        """Return the declarations for light and for dark."""
        mixes = (
            f"--g{ink}:color-mix(in srgb,currentColor {ink}%,var(--paper));" for ink in sorted(self.greys)
        )
        light = "".join([*mixes, *(f"--c{colour[1:]}:{colour};" for colour in sorted(self.dark))])
        return light, "".join(f"--c{colour[1:]}:{self.dark[colour]};" for colour in sorted(self.dark))

    def use(self, colour: str) -> str:
        """Return how a colour is written in a drawing that follows the page's light or dark."""
        colour = colour.lower()
        parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        if max(parts) - min(parts) > 8:
            self.dark[colour] = lighter(colour)
            return f"var(--c{colour[1:]})"
        ink = round(100 - 100 * sum(parts) / 765)
        if ink in (0, 100):
            return "currentColor" if ink else "var(--paper)"
        self.greys.add(ink)
        return f"var(--g{ink})"


def lighter(colour: str) -> str:
    """Return the colour, lightened until it stands out from dark paper (WCAG 2.2 contrast ratio)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    while contrast_ratio(colour, DARK_PAPER) < CONTRAST and light < 1:
        light = min(1, light + 0.02)
        colour = "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, light, full))
    return colour


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def drawn(wide: str, narrow: str | None, name: str, alt: str, palette: Palette) -> str:
    """Return a figure for a page: its wide drawing, and its narrow one for a phone if there is one.

    report.css shows one of them and takes the other out of the page altogether, so that a screen reader says
    the alt text once.
    """
    if not narrow:
        return page_svg(wide, name, alt, palette)
    return page_svg(wide, name, alt, palette, "wide") + page_svg(
        narrow, f"{name}-narrow", alt, palette, "narrow"
    )


def page_svg(svg: str, name: str, alt: str, palette: Palette, kind: str = "") -> str:
    """Return a drawing for a page: named by its alt text, with ids of its own and the page's colours.

    `kind` is a class of report.css: on which screens it shows.

    Raises
    ------
    ReportError
        Without alt text, or if the drawing could run or load something.
    """
    if not alt.strip():
        raise ReportError(f"figure {name!r} has no alt text")
    root = ElementTree.fromstring(svg)
    _refuse_active(root, name)
    _drop_styles(root)
    plate = _keeps_its_paper(root, svg)
    if not plate:
        _open_ground(root)
    _rename_ids(root, name)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "style" or key in ("fill", "stroke"):
                if not plate:
                    value = _HEX.sub(lambda match: palette.use(match.group(0)), value)
                element.set(key, re.sub(r"font-family:[^;]*;?\s*", "", value))
    for gone in ("width", "height", "version"):
        root.attrib.pop(gone, None)
    root.set("class", " ".join(filter(None, ("drawing", kind, PLATE if plate else ""))))
    root.set("id", f"svg-{name}")
    root.set("role", "img")
    root.set("aria-label", alt)
    slim_drawing(root)
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")


def _keeps_its_paper(root: ElementTree.Element, svg: str) -> bool:
    """Whether a drawing stays on white on a dark page: it asks for it, or its colours are a scale.

    A colour bar is a picture, whose colours cannot turn with those of the cells that it explains.
    """
    asks = root.find(f".//{{{_SVG}}}g[@id='{PLATE}']") is not None
    scale = root.find(f".//{{{_SVG}}}image") is not None
    return asks or scale or len({colour.lower() for colour in _HEX.findall(svg)}) > MANY


def file_svg(svg: str, alt: str) -> str:
    """Return a drawing as a file of its own, with its alt text as title."""
    return re.sub(r"(<svg[^>]*>)", lambda m: f"{m.group(1)}\n <title>{escape(alt)}</title>", svg, count=1)


def _refuse_active(root: ElementTree.Element, name: str) -> None:
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        links = [element.get(_HREF, ""), element.get("href", "")]
        loads = any(link and not link.startswith(("#", "data:image/png;")) for link in links)
        if tag in ("script", "foreignObject", "iframe", "animate", "set") or loads:
            raise ReportError(f"figure {name!r} holds a <{tag}> that a published drawing may not have")
        if any(key.rpartition("}")[2].startswith("on") for key in element.attrib):
            raise ReportError(f"figure {name!r} holds an event handler")
        if any(re.search(r"url\((?!#)|@import", value) for value in element.attrib.values()):
            raise ReportError(f"figure {name!r} loads something by its style")


def _drop_styles(root: ElementTree.Element) -> None:
    """Drop style elements: inside a page they would apply to the whole of it."""
    for parent in root.iter():
        for child in [child for child in parent if child.tag == f"{{{_SVG}}}style"]:
            parent.remove(child)


def _open_ground(root: ElementTree.Element) -> None:
    """Take the white sheet from under the drawing, so that the page's own paper shows."""
    sheet = root.find(f".//{{{_SVG}}}g[@id='patch_1']/{{{_SVG}}}path")
    if sheet is not None and "fill: #ffffff" in sheet.get("style", ""):
        sheet.set("style", "fill: none")


def _rename_ids(root: ElementTree.Element, name: str) -> None:
    """Keep the ids that something refers to, made unique on the page; drop the others."""
    used = set()
    for element in root.iter():
        for value in element.attrib.values():
            used |= set(_LOCAL.findall(value))
        used |= {element.get(key, "")[1:] for key in (_HREF, "href") if element.get(key, "").startswith("#")}
    short = {value: f"{name}-{number}" for number, value in enumerate(sorted(used - {""}))}
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id" and value not in used:
                del element.attrib[key]
            elif key == "id":
                element.set(key, short[value])
            elif key in (_HREF, "href") and value.startswith("#"):
                element.set(key, f"#{short[value[1:]]}")
            else:
                element.set(key, _LOCAL.sub(lambda match: f"url(#{short[match.group(1)]})", value))
