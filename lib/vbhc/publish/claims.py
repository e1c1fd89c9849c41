"""What a sentence claims, as values, and the one place that puts it into words.

Whoever computes a number fills in a `Claim`; the renderer alone decides from the interval whether it says
"higher", "lower" or "cannot be told apart", so that no sentence contradicts its numbers. The words stand in
`claims.csv`, by kind and verdict.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from vbhc import shipped, wording
from vbhc.publish.counted import Counted

KINDS = ("level", "outlook", "difference", "gain", "gap", "tie", "smallness", "share", "change")
TIES = ("tie", "smallness")
DEGREES = ((0.1, "very slightly "), (0.3, "weakly "), (0.5, "moderately "), (math.inf, "strongly "))
PERCENTAGE_POINTS = "percentage points"  # the unit of a difference of two shares
NAN = float("nan")


@dataclass(frozen=True)
class Claim:
    """A number, what it is of, and how sure it is.

    Parameters
    ----------
    kind : str
        "level" (a mean, a ratio), "outlook" (what a model expects), "gain" (a mean change, more is better),
        "difference" (first minus second), "gap" (of two shares, 0-1; `first` and
        `second` give k of n: "13 of 15 payers", "14 of 56 patients"), "tie" (a correlation of `what` with
        `first`), "smallness" (whether that tie is poor, by its `margin`), "share" (`k` of `n`), "change"
        (relative, 0.46 for 46 % more: `first` against `second`).
    what : str
        A noun phrase in the study's own words, lower case unless a name: "the mean KCCQ gain per EUR 1,000".
        For a share or a gap the verb phrase: "got better by 5 points or more".
    first, second : str
        Who or what is compared.
    estimate, low, high : float
        NaN where unknown; a claim without an interval is never called more or less.
    margin : float, optional
        What was declared too small to matter, before the data were seen.
    level : float, optional
        Level of the interval, told where it is not the page's; a test of smallness without one has no range.
    counted : Counted, optional
        Who is in the number and who is not.
    lead : str
        What comes before the sentence: "Among survivors".
    reason : str
        Why there is no number; it is the sentence then.
    behind : sequence of (part, whole)
        Counts of people that the number gives away, as the difference of two shares of few people does: not
        said, and where the policy withholds one of them nor is the claim.
    roughly : bool
        Whether a change is told as "about 40%".
    """

    kind: str
    what: str
    estimate: float = NAN
    low: float = NAN
    high: float = NAN
    n: int = 0
    k: int | None = None
    first: str = ""
    second: str = ""
    unit: str = ""
    symbol: str = "ρ"
    margin: float | None = None
    level: float | None = None
    counted: Counted | None = None
    lead: str = ""
    decimals: int | None = None
    reason: str = ""
    behind: Sequence[int | tuple[int, int]] = ()
    roughly: bool = False


def verdict(estimate: float, low: float, high: float, margin: float | None = None) -> str:
    """Return what an interval allows to be said about a difference or a correlation.

    Returns
    -------
    str
        "unknown" (no estimate), "unjudged" (no interval), "small" (the whole interval lies inside the
        margin), "more", "less" (it lies on one side of zero), "undecided" (it holds zero and reaches past a
        margin) or "indistinct" (it holds zero).

    >>> verdict(0.3, 0.1, 0.5), verdict(0.1, -0.1, 0.3), verdict(0.0, -0.1, 0.1, margin=0.2)
    ('more', 'indistinct', 'small')
    """
    if math.isnan(estimate):
        return "unknown"
    if math.isnan(low) or math.isnan(high):
        return "unjudged"
    if margin is not None and -margin < low and high < margin:
        return "small"
    if low > 0:
        return "more"
    if high < 0:
        return "less"
    return "indistinct" if margin is None else "undecided"


def smallness(low: float, high: float, margin: float) -> str:
    """Return what the interval of a test of smallness says: "small", "beyond", "against" or "undecided".

    >>> smallness(-0.1, 0.1, 0.2), smallness(0.25, 0.4, 0.2), smallness(0.1, 0.3, 0.2)
    ('small', 'beyond', 'undecided')
    """
    if -margin < low and high < margin:
        return "small"
    return "beyond" if low > margin else "against" if high < -margin else "undecided"


def verdict_of(claim: Claim) -> str:
    """Return the verdict of a claim; a level, an outlook or a share has a number or none."""
    if claim.reason:
        return "reason"
    if claim.kind in ("level", "outlook", "share"):
        return "unknown" if math.isnan(claim.estimate) else "known"
    if claim.kind == "smallness":
        unknown = math.isnan(claim.estimate + claim.low + claim.high)
        return "unknown" if unknown else smallness(claim.low, claim.high, claim.margin)
    return verdict(claim.estimate, claim.low, claim.high, claim.margin)


def render(claim: Claim, *, numbers: bool = True) -> str:
    """Return a claim as a sentence; without `numbers`, as a heading without range, n and full stop."""
    said = verdict_of(claim)
    if said == "reason":
        return claim.reason
    text = _TEMPLATES[claim.kind, said].format_map(_words(claim, numbers))
    text = f"{claim.lead}, {text}" if claim.lead else wording.sentence_case(text)
    if not numbers:
        return text
    return f"{text}. {claim.counted.left_out() if claim.counted else ''}".strip()


def values_of(claim: Claim) -> dict[str, Any]:
    """Return the numbers of a claim as they go into findings.json, its verdict with them."""
    own = {name: value for name, value in asdict(claim).items() if name in _PUBLISHED}
    kept = {name: value for name, value in own.items() if value not in (None, "") and value == value}
    if not claim.n:
        kept.pop("n", None)
    return {**kept, **(claim.counted.values() if claim.counted else {}), "verdict": verdict_of(claim)}


def in_short(values: Mapping[str, Any]) -> str:
    """Return the number of a published claim with its unit and interval, its level where it is another.

    >>> in_short({"kind": "tie", "estimate": 0.352, "low": 0.215, "high": 0.476, "level": 0.9})
    'ρ = 0.35 (90% interval 0.21 to 0.48)'
    """
    ends = [float(values[end]) for end in ("estimate", "low", "high")]
    estimate, low, high = (wording.number(end, wording.decimals_of(*ends)) for end in ends)
    symbol = "ρ = " if values.get("kind") in TIES else ""
    level = f"{wording.level_name(values['level'])} interval " if values.get("level") else ""
    return f"{symbol}{_with_unit(estimate, values.get('unit', ''))} ({level}{low} to {high})"


_NUMBERS = ("estimate", "low", "high", "level", "margin", "n", "k")
_PUBLISHED = ("kind", "what", "first", "second", "unit", *_NUMBERS)


_WRITTEN = shipped.rows(__file__, "claims.csv")
_TEMPLATES = {(row["kind"], row["verdict"]): row["words"] for row in _WRITTEN}


def _words(claim: Claim, numbers: bool) -> dict[str, str]:
    places = claim.decimals if claim.decimals is not None else _places(claim)
    size = abs(claim.estimate)
    return {
        "what": claim.what,
        "first": claim.first,
        "second": claim.second,
        "estimate": _with_unit(wording.number(claim.estimate, places), claim.unit),
        "size": _with_unit(wording.number(size, places), claim.unit),
        "percent": wording.percent(size),
        "change": _changed(claim),
        "degree": next((word for edge, word in DEGREES if size < edge), "") if claim.kind == "tie" else "",
        "margin": "" if claim.margin is None else _with_unit(f"{claim.margin:g}", claim.unit),
        "k_of_n": _k_of_n(claim, numbers) if claim.k is not None else "",
        "symbol": claim.symbol,
        "brackets": _brackets(claim, places) if numbers else "",
        "tail": f", {claim.counted.words()}" if numbers and claim.counted and claim.counted.words() else "",
    }


def _with_unit(number: str, unit: str) -> str:
    """Return "2 points per EUR 1,000", "1 point per EUR 1,000"."""
    head, per, rest = unit.partition(" per ")
    head = wording.noun(number.lstrip("-"), head.removesuffix("s")) if head.endswith("s") else head
    return f"{number} {head}{per}{rest}".rstrip()


def _changed(claim: Claim) -> str:
    """Return "41% lower without ward than"; from twice as much on "5.0 times as high without ward as"."""
    way, about = "higher" if claim.estimate > 0 else "lower", "about " if claim.roughly else ""
    if claim.estimate >= 1:
        times = wording.significant(1 + claim.estimate, 1 if claim.roughly else 2)
        return f"{about}{times} times as high {claim.first} as"
    return f"{about}{wording.percent(abs(claim.estimate))} {way} {claim.first} than"


def in_tens(claim: Claim) -> Claim:
    """Return a relative change of a tenth or more to the nearest tenth, of more than 1 in whole times.

    "About 40% lower", "about 5 times as high".
    """
    if claim.kind != "change" or not abs(claim.estimate) >= 0.1:
        return claim
    return replace(claim, estimate=round(claim.estimate, int(claim.estimate < 1)), roughly=True)


def _k_of_n(claim: Claim, numbers: bool) -> str:
    """Return "103 of 193 (53%, 46% to 60%)"; as a heading "103 of 193"."""
    if not numbers:
        return f"{claim.k:,} of {claim.n:,}"
    whole = wording.count(claim.k, claim.n)
    if not claim.n or math.isnan(claim.low) or math.isnan(claim.high):
        return whole
    return f"{whole.removesuffix(')')}, {wording.percent(claim.low)} to {wording.percent(claim.high)})"


def _places(claim: Claim) -> int:
    unknown = math.isnan(claim.low + claim.high)
    low, high = (claim.estimate, claim.estimate) if unknown else (claim.low, claim.high)
    return 2 if math.isnan(low) else wording.decimals_for(low, high)


def _brackets(claim: Claim, places: int) -> str:
    """The range and n: " (0.72 to 1.93, n = 193)"; the correlation itself stands in them for a tie."""
    scales: dict[str, Callable[[float], str]] = {"change": wording.percent, "gap": _points}
    scale = scales.get(claim.kind, partial(wording.number, decimals=places))
    shown = [f"{claim.symbol} = {wording.number(claim.estimate, places)}"] if claim.kind in TIES else []
    if claim.kind == "gap":
        shown = [f"{_points(claim.estimate)} percentage points apart"]
    if (claim.level or claim.kind != "smallness") and not math.isnan(claim.low + claim.high):
        level = f"{wording.level_name(claim.level)} interval " if claim.level else ""
        shown.append(f"{level}{scale(claim.low)} to {scale(claim.high)}")
    if claim.n:
        shown.append(f"n = {claim.n:,}")
    return f" ({', '.join(shown)})" if shown else ""


def _points(share: float) -> str:
    return wording.number(100 * share, 0)
