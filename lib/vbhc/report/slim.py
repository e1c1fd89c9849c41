"""Say the same in fewer bytes: drawings and listings as a page carries them.

Nothing that is seen changes: coordinates keep a hundredth of a point, marks of no style go.
"""

import re
from itertools import groupby
from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_GROUP, _SHAPES = f"{_SVG}g", (f"{_SVG}path", f"{_SVG}g")
# Classes of Python tokens that report.css gives a colour.
_PLAIN_TOKEN = re.compile(
    r'<span class="(?!(?:k|kn|kc|ow|s1|s2|sd|sa|si|se|mi|mf|c1)")\w+">([^<]*)</span>', re.ASCII
)


def slim_drawing(root: Element) -> None:
    """Shorten a drawing (in place): round, drop blanks, and say once what neighbours share."""
    _drop_blanks(root)
    for element in root.iter():
        for key in ("d", "x", "y", "points"):
            if key in element.attrib:
                element.set(key, _NUMBER.sub(_rounded, element.get(key)).strip())
    _flatten(root)
    for keys in (("style", "clip-path"), ("clip-path",)):
        for parent in [one for one in root.iter() if one.tag in (_GROUP, f"{_SVG}svg")]:
            _share(parent, keys)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")


def _drop_blanks(element: Element) -> None:
    if element.tag == f"{_SVG}text":
        return
    if element.text and not element.text.strip():
        element.text = None
    for child in element:
        if child.tail and not child.tail.strip():
            child.tail = None
        _drop_blanks(child)


def _flatten(element: Element) -> None:
    """Take away groups that say nothing; their children stay, in order."""
    children = list(element)
    for child in children:
        element.remove(child)
    for child in children:
        _flatten(child)
        element.extend(child if child.tag == _GROUP and not child.attrib else [child])


def _share(parent: Element, keys: tuple[str, ...]) -> None:
    """Put runs of children with the same style under one group.

    Opacity is left where it stands: a group's own makes one sheet of what overlaps.
    """

    def shared(child: Element) -> tuple[str, ...]:
        moved = child.tag not in _SHAPES or "transform" in child.attrib  # it clips in coordinates of its own
        return () if moved else tuple(child.get(key, "") for key in keys)

    runs = [(values, list(run)) for values, run in groupby(parent, shared)]
    for child in list(parent):
        parent.remove(child)
    for values, run in runs:
        given = {key: value for key, value in zip(keys, values, strict=False) if value}
        if len(run) < 2 or not given or re.search(r"(?<!-)opacity", given.get("style", "")):
            parent.extend(run)
            continue
        group = Element(_GROUP, given)
        for child in run:
            for key in keys:
                child.attrib.pop(key, None)
        group.extend(run)
        parent.append(group)


def slim_listing(html: str) -> str:
    """Return highlighted code without the marks that no colour stands for."""
    return _PLAIN_TOKEN.sub(r"\1", html)
