"""What stands in for a text or a number that the policy does not let out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vbhc.publish.disclosure import Disclosed
from vbhc.publish.disclosure.layout import COUNT_NAME
from vbhc.publish.disclosure.policies import MARK, Policy
from vbhc.publish.disclosure.said import may_show, withheld_text
from vbhc.publish.findings.marks import plain
from vbhc.publish.findings.visible import visible

_SHARE_NAME = re.compile(r"(^|_)(share|percent|percentage|pct|proportion|prevalence)(_|$)")


def text_or_notice(text: str, policy: Policy) -> str:
    """Return a caption, note or alt text, or what stands in its place if it counts too few."""
    shown = may_show(visible(text), policy)
    return withheld_text(policy, "This text") if shown is None else shown


def text_or_word(text: str, policy: Policy) -> str:
    """Return a text inside a drawing, or one word in its place."""
    shown = may_show(visible(text), policy)
    return "withheld" if shown is None else shown


def star_note(disclosed: Disclosed, policy: Policy) -> list[str]:
    """Return the note of a table that holds stars."""
    return [f"{MARK} withheld. {policy.rule}"] if disclosed.log else []


def without_own_counts(frame: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    """Return a figure's data whose labels do not repeat a count of their row: "survivors (166)".

    Where the count is rounded or goes, its copy in a label would stay.
    """
    shown = frame.copy()
    for column in [c for c in frame if frame[c].map(lambda cell: isinstance(cell, str)).any()]:
        own = zip(frame[column], frame[[c for c in counts if c in frame]].to_numpy(), strict=True)
        shown[column] = [_without_own(label, numbers) for label, numbers in own]
    return shown


def _without_own(label: Any, numbers: Sequence[float]) -> Any:
    said = {f"{n:,.0f}" for n in numbers} | {f"{n:.0f}" for n in numbers}
    found = re.fullmatch(r"(.*\S) \(([\d,]+)\)", label) if isinstance(label, str) else None
    return found[1] if found and found[2] in said else label


def safe_values(values: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """Return the numbers behind a sentence as they may be published, beside it and in findings.json.

    Under a policy that protects, whole numbers that could count too few people go, whatever they are called,
    and so do shares that, with a count beside them, give too few. A policy that rounds lets no exact whole
    number out. All others keep three digits: 0.616766 is 103 of 167 and of no smaller group.
    """
    known = plain(dict(values))
    return _safe(known, policy) if policy.protects else known


def _safe(known: dict[str, Any], policy: Policy) -> dict[str, Any]:
    whole = next(
        (known[name] for name in ("n", "count", "patients") if isinstance(known.get(name), int)), None
    )
    kept: dict[str, Any] = {}
    for key, value in known.items():
        if isinstance(value, dict):
            kept[key] = _safe(value, policy)
        elif isinstance(value, list):
            kept[key] = [_blurred(one, policy) for one in value if not _few(key, one, policy)]
        elif not _few(key, value, policy) and not _few_share(key, value, whole, policy):
            kept[key] = _blurred(value, policy)
    return _no_share_of_exact_counts(kept) if policy.rounds_to else kept


def _no_share_of_exact_counts(known: dict[str, Any]) -> dict[str, Any]:
    """Leave out a share with its range, or how far two lie apart, where the counts beside it were rounded."""
    if "k" not in known and known.get("kind") != "gap":
        return known
    return {key: value for key, value in known.items() if key not in ("estimate", "low", "high")}


def _blurred(value: Any, policy: Policy) -> Any:
    """A whole number as the policy rounds it, any other to three digits; a text as it may be said."""
    if type(value) is int:
        return policy.rounded(value)
    if isinstance(value, str):
        return text_or_word(value, policy)
    return float(f"{value:.3g}") if isinstance(value, float) else value


def _few(key: str, value: Any, policy: Policy) -> bool:
    counts = type(value) is int or (isinstance(value, float) and COUNT_NAME.search(key))
    return bool(counts) and policy.hides(value)


def _few_share(key: str, value: Any, whole: int | None, policy: Policy) -> bool:
    if whole is None or not isinstance(value, float) or not _SHARE_NAME.search(key):
        return False
    count = round(value * whole / (100 if value > 1 else 1))
    return policy.hides(count) or policy.hides(whole - count)
