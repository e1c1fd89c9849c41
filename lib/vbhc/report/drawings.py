"""A figure inside a page: readable in light and dark, with ids of its own, in few bytes."""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from xml.etree import ElementTree

from markupsafe import Markup

from vbhc.publish.findings.marks import NARROW, SVG
from vbhc.report.markdown import ReportError

_XLINK = "http://www.w3.org/1999/xlink"
_SVG, _HREF = "{http://www.w3.org/2000/svg}", f"{{{_XLINK}}}href"
_GROUP = f"{_SVG}g"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_LOCAL = re.compile(r"url\(#([\w.-]+)\)")
DARK_PAPER, CONTRAST = "#14181d", 4.5
PLATE = "plate"  # a drawing that asks for its white paper (`vbhc.publish.figure_style.on_white`)
MANY = 16  # more colours than this are a colour scale: its meaning would change with the colours

ElementTree.register_namespace("", _SVG.strip("{}"))
ElementTree.register_namespace("xlink", _XLINK)


@dataclass
class Palette:
    """The styles of a page's figures, and their colours, each with the lighter one for dark paper."""

    dark: dict[str, str] = field(default_factory=dict)
    greys: set[int] = field(default_factory=set)
    styles: dict[str, str] = field(default_factory=dict)

    def css(self) -> tuple[Markup, Markup, Markup]:
        """Return the declarations for light and for dark, and the rules of the classes of shapes."""
        mix = "--g{0}:color-mix(in srgb,currentColor {0}%,var(--paper));"
        light = [mix.format(ink) for ink in sorted(self.greys)]
        light += [f"--c{colour[1:]}:{colour};" for colour in sorted(self.dark)]
        dark = (f"--c{colour[1:]}:{other};" for colour, other in sorted(self.dark.items()))
        rules = (f".drawing .{name}{{{style}}}" for style, name in self.styles.items())
        return Markup("".join(light)), Markup("".join(dark)), Markup("\n".join(rules))

    def class_of(self, style: str) -> str:
        """Return the class of a style: the policy of a page lets no element bring a style of its own."""
        return self.styles.setdefault(style, f"s{len(self.styles)}")

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


def drawn(drawings: Mapping[str, str], name: str, alt: str, palette: Palette) -> str:
    """Return a figure for a page: its wide drawing, and its narrow one for a phone.

    report.css shows one of them and takes the other out of the page altogether, so that a screen reader says
    the alt text once.
    """
    wide = page_svg(drawings[SVG], name, alt, palette, "wide")
    return wide + page_svg(drawings[NARROW], f"{name}-narrow", alt, palette, "narrow")


def page_svg(svg: str, name: str, alt: str, palette: Palette, kind: str = "") -> str:
    """Return a drawing for a page: named by its alt text, with ids of its own and the page's colours.

    `kind` is a class of report.css: on which screens it shows.

    Raises
    ------
    ReportError
        Without alt text. That no drawing runs or loads anything is for `vbhc.report.audit` to see.
    """
    if not alt.strip():
        raise ReportError(f"figure {name!r} has no alt text")
    root = ElementTree.fromstring(re.sub(r">\n\s*<", "><", svg))
    for parent in root.iter():  # styles would apply to the whole of the page
        for child in parent.findall(f"{_SVG}style"):
            parent.remove(child)
    plate = _keeps_its_paper(root, svg)
    if not plate:
        _open_ground(root)
    _rename_ids(root, name)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key in ("style", "fill", "stroke"):
                if not plate:
                    value = _HEX.sub(lambda match: palette.use(match.group(0)), value)
                element.set(key, re.sub(r"font-family:[^;]*;?\s*", "", value).strip("; "))
            elif key in ("d", "x", "y", "points"):  # to a hundredth of a point, which nobody sees
                element.set(key, _NUMBER.sub(lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), value))
        if style := element.attrib.pop("style", None):
            element.set("class", palette.class_of(style))
    for gone in ("width", "height", "version"):
        root.attrib.pop(gone, None)
    root.set("class", " ".join(filter(None, ("drawing", kind, PLATE if plate else ""))))
    root.attrib.update({"id": f"svg-{name}", "role": "img", "aria-label": alt})
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")


def _keeps_its_paper(root: ElementTree.Element, svg: str) -> bool:
    """Whether a drawing stays on white on a dark page: it asks for it, or its colours are a scale.

    A colour bar is a picture, whose colours cannot turn with those of the cells that it explains.
    """
    asks = root.find(f".//{_GROUP}[@id='{PLATE}']") is not None
    scale = root.find(f".//{_SVG}image") is not None
    return asks or scale or len({colour.lower() for colour in _HEX.findall(svg)}) > MANY


def file_svg(svg: str, alt: str) -> str:
    """Return a drawing as a file of its own, with its alt text as title."""
    return re.sub(r"(<svg[^>]*>)", lambda m: f"{m.group(1)}\n <title>{escape(alt)}</title>", svg, count=1)


def _open_ground(root: ElementTree.Element) -> None:
    """Take the white sheet from under the drawing, so that the page's own paper shows."""
    sheet = root.find(f".//{_GROUP}[@id='patch_1']/{_SVG}path")
    if sheet is not None and "fill: #ffffff" in sheet.get("style", ""):
        sheet.set("style", "fill: none")


def _rename_ids(root: ElementTree.Element, name: str) -> None:
    """Keep the ids that something refers to, made unique on the page; drop the others."""
    values = [pair for element in root.iter() for pair in element.attrib.items()]
    used = {id for _, value in values for id in _LOCAL.findall(value)}
    used |= {value[1:] for key, value in values if key in (_HREF, "href") and value.startswith("#")}
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
