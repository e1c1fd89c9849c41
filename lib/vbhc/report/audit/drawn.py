"""Read the heights of bars off a drawing, as an outsider with a ruler would.

A bar that was drawn from data which the policy hides shows the count although no text gives it.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from vbhc.publish.disclosure.policies import Policy

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_PEOPLE = re.compile(
    r"\b(number of |count of )?(adults|clinicians|interviewees|nurses|participants|patients|people|persons|"
    r"physicians|records|respondents|counts?)\b",
    re.IGNORECASE,
)
_NOT_COUNT = re.compile(r"\b(per|%|percent|share|mean|median|cost)\b|%", re.IGNORECASE)
_PATH = re.compile(r"[ML]\s*(-?[\d.]+)\s+(-?[\d.]+)")


def in_drawing(text: str, policy: Policy) -> Iterator[tuple]:
    """Yield (what, expected) where bars along an axis that counts people stand for too few."""
    if not policy.protects:
        return
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        yield "a drawing that cannot be read", "a report holds SVG that programs read"
        return
    for axes in root.iter(f"{_SVG}g"):
        if re.fullmatch(r"axes_\d+", axes.get("id", "")):
            few = sum(1 for count in bars_of(axes) if _is_few(count, policy))
            if few:
                yield f"{few} bars drawn for {policy.few()} people", policy.rule, axes.get("id", "")


def bars_of(axes: ElementTree.Element) -> Iterator[float]:
    """Yield what each bar of one pair of axes stands for, read off its ticks, where people are counted."""
    # Numbered through the whole drawing, so that the number does not tell x from y in a second panel.
    found = [g for g in axes.iter(f"{_SVG}g") if re.fullmatch(r"matplotlib\.axis_\d+", g.get("id", ""))]
    for axis in found:
        if not _counts_people(axis):
            continue
        side = int(any(tick.get("id", "").startswith("ytick_") for tick in axis.iter(f"{_SVG}g")))
        scale = _scale(axis, side)
        if scale is None:
            continue
        for path in axes.iter(f"{_SVG}path"):
            corners = [(float(x), float(y)) for x, y in _PATH.findall(path.get("d", ""))]
            if path.get("clip-path") and len(corners) in (4, 5) and "z" in path.get("d", ""):
                ends = {round(corner[side], 4) for corner in corners}
                if len(ends) == 2:
                    yield abs((max(ends) - min(ends)) * scale)


def _counts_people(axis: ElementTree.Element) -> bool:
    """Whether the axis's own label, its last text, says that it counts people."""
    texts = ["".join(text.itertext()).strip() for text in axis.iter(f"{_SVG}text")]
    words = [text for text in texts if re.search(r"[A-Za-z]{3}", text)]
    return bool(words) and bool(_PEOPLE.search(words[-1])) and not _NOT_COUNT.search(words[-1])


def _scale(axis: ElementTree.Element, side: int) -> float | None:
    """What one unit of the drawing stands for along an axis with even steps; None for any other axis."""
    ticks = []
    for tick in axis.iter(f"{_SVG}g"):
        use = next(tick.iter(f"{_SVG}use"), None)
        label = next(tick.iter(f"{_SVG}text"), None)
        if not re.fullmatch(r"[xy]tick_\d+", tick.get("id", "")) or use is None or label is None:
            continue
        number = "".join(label.itertext()).strip().replace(",", "").replace("\u2212", "-")
        if re.fullmatch(r"-?\d+(\.\d+)?", number):
            ticks.append((float(use.get("xy"[side], "nan")), float(number)))
    if len(ticks) < 2 or ticks[0][0] == ticks[-1][0]:
        return None
    scale = (ticks[-1][1] - ticks[0][1]) / (ticks[-1][0] - ticks[0][0])
    even = all(
        abs(value - ticks[0][1] - scale * (at - ticks[0][0])) < 1e-3 * abs(scale) * 500 for at, value in ticks
    )
    return scale if even else None


def _is_few(count: float, policy: Policy) -> bool:
    """Whether a height is that of a hidden count, to a tenth of a person; no height at all is no bar."""
    return abs(count - round(count)) < 0.1 and count > 0.5 and policy.hides(round(count))
