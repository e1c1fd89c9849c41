"""What became of each patient by the last visit, and the bar that shows it for all and for each group."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc.cleaning.scoring import score_label
from vbhc.publish.figure_style import TOTAL, is_narrow, nothing_to_draw
from vbhc.study import Study
from vbhc.study.deaths import deaths
from vbhc.wording import percent

ANSWERED, SILENT, DIED = "answered", "did not answer", "died"
ORDER = (ANSWERED, SILENT, DIED)


def outcome_stem(study: Study, patients: pd.DataFrame) -> str:
    """Return the score that is followed: the value quota's, else the first with a change; "" for none."""
    if not study.config.visits:
        return ""
    quota = study.config.value_quota
    stems = [quota.outcome] if quota else []
    stems += [str(name).removesuffix("_change") for name in patients if str(name).endswith("_change")]
    return next((stem for stem in stems if f"{stem}_{study.follow_up}" in patients), "")


def fates(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return what became of each patient, one of `ORDER`; None where no score is followed.

    Who gave an answer at the last visit has answered, whatever became of them later; a study that records
    no deaths has none.
    """
    stem = outcome_stem(study, patients)
    if not stem:
        return None
    answered = patients[f"{stem}_{study.follow_up}"].notna()
    found = pd.Series(SILENT, index=patients.index, name="fate", dtype=object)
    return found.mask(deaths(study, patients), DIED).mask(answered, ANSWERED)


def outcome_name(study: Study, patients: pd.DataFrame) -> str:
    """Return what the followed score is called."""
    return score_label(study, outcome_stem(study, patients))


def last_visit(study: Study) -> str:
    """Return the label of the last visit as it stands within a sentence."""
    return within(study.config.visits[study.follow_up].label)


def within(label: str) -> str:
    """Return a label as it stands within a sentence: "T1" stays what it is.

    >>> within("A year later"), within("T1")
    ('a year later', 'T1')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() or label.startswith("A ") else label


COLOURS = {ANSWERED: TOTAL, DIED: "#1a1f24"}  # the others are white and hatched
FIRST = (ANSWERED, "coded", "may be quoted")


def draw_parts(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw `label, part, n`: a bar as wide as the page for each label, its parts named beside it.

    The first and the last part are named above their ends of the bar, one between them below.
    """
    groups = [
        (label, parts) for label, parts in data.groupby("label", sort=False) if parts["n"].notna().all()
    ]
    if not groups:
        return nothing_to_draw(ax)
    for place, (label, parts) in enumerate(groups):
        _bar(ax, place, parts[parts["n"] > 0])
        _name(ax, place, str(label))
    ax.set_xlim(0, 1)
    ax.set_ylim(len(groups) - 0.45, -0.75 if is_narrow(ax) else -0.55)
    ax.set_axis_off()
    return ax


def _bar(ax: Axes, place: int, parts: pd.DataFrame) -> None:
    whole, left, last = parts["n"].sum(), 0.0, len(parts) - 1
    edge = 0.3 if is_narrow(ax) else 0.15  # so that the name of a middle part keeps within the bar
    for number, (part, n) in enumerate(zip(parts["part"], parts["n"], strict=True)):
        share = n / whole
        colour = TOTAL if part in FIRST else COLOURS.get(part, "white")
        look: dict[str, Any] = {"color": colour, "edgecolor": "#59626b", "linewidth": 0.8}
        ax.barh(place, share, left=left, height=0.3, hatch="////" if colour == "white" else "", **look)
        text = f"{part} {n:,.0f} ({percent(share)})"
        if number in (0, last):
            side = "left" if number == 0 else "right"
            ax.text(0 if number == 0 else 1, place - 0.2, text, ha=side, va="bottom")
        else:
            ax.text(min(max(left + share / 2, edge), 1 - edge), place + 0.2, text, ha="center", va="top")
        left += share


def _name(ax: Axes, place: int, name: str) -> None:
    if is_narrow(ax):
        ax.text(0, place - 0.42, name, weight="bold", va="bottom")
    else:
        ax.text(-0.02, place, name, weight="bold", ha="right", va="center")


def heights(data: pd.DataFrame) -> dict[str, Any]:
    """Return the heights of the figure in inches, on a page and on a phone."""
    bars = data["label"].nunique()
    return {"height": 0.3 + 0.85 * bars, "narrow_height": 0.4 + 1.15 * bars}
