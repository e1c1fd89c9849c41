"""How many got better under every handling of those without an answer, from none of them to all."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.better import BETTER, DIED, UNKNOWN, by_how_much, threshold
from vbhc.chapters.value.if_answered import ALONE, DEAD, named_handlings
from vbhc.chapters.value.missing_data import BEFORE, OUTCOME, frames_of, handled_each_way
from vbhc.chapters.value.quota.declared import Definition
from vbhc.instruments.shares import wilson
from vbhc.publish.interval_figure import alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result
from vbhc.study import Study

NONE, ALL = "none of the missing got better", "all of the missing got better"


def better_if_answered(
    study: Study,
    patients: pd.DataFrame,
    vq: Definition,
    course: pd.Series,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the share who got better by enough to matter, under every handling of the missing.

    Parameters
    ----------
    course : Series
        From `courses`.

    Returns
    -------
    DataFrame
        `label, estimate, low, high, n` (shares 0-1): those who answered, the dead among the not better, the
        missing filled in and had they been worse, and the bounds that no filling-in can leave. Wilson's
        interval where nothing is filled in, Rubin's rules where something is.
    """
    frames = frames_of(study, patients, cleaning.load_columns(study), vq)
    share = partial(_share, least=threshold(vq))
    rest = (n_imputations, seed, ci_level)
    table = handled_each_way(*frames, share, [BEFORE, OUTCOME], *rest)
    table = named_handlings(table, vq.outcome_unit)
    filled = table.loc[table["delta"].notna(), ["label", "estimate", "low", "high", "n"]]
    known, bounds = _known(course, ci_level), _bounds(course, ci_level)
    rows = pd.DataFrame([*known, *filled.to_dict("records"), *bounds], columns=filled.columns)
    return rows.assign(**{end: rows[end].clip(0, 1) for end in ("low", "high")}).astype({"n": int})


def _share(complete: pd.DataFrame, least: float) -> tuple[float, float]:
    """Return the share whose gain is at least so large, and its variance."""
    better = (complete[OUTCOME] - complete[BEFORE]) >= least - 1e-9
    p = float(better.mean())
    return p, max(p * (1 - p), 1e-12) / len(better)


def _known(course: pd.Series, ci_level: float) -> list[dict]:
    """Return the share among those who answered and, where anybody died, with the dead as not better."""
    counts = course.value_counts()
    better, dead = int(counts.get(BETTER, 0)), int(counts.get(DIED, 0))
    answered = len(course) - int(counts.get(UNKNOWN, 0)) - dead
    rows = [_row(ALONE, better, answered, ci_level)] if answered else []
    return [*rows, _row(DEAD, better, answered + dead, ci_level)] if dead else rows


def _row(label: str, k: int, n: int, ci_level: float) -> dict:
    found = wilson(k, n, ci_level)
    return {"label": label, **{name: found[name] for name in ("estimate", "low", "high")}, "n": n}


def _bounds(course: pd.Series, ci_level: float) -> list[dict]:
    """Return the least and the most that the share can be, whatever became of the missing."""
    silent, better, n = int((course == UNKNOWN).sum()), int((course == BETTER).sum()), len(course)
    if not silent or silent == n:
        return []
    return [_row(NONE, better, n, ci_level), _row(ALL, better + silent, n, ci_level)]


def better_each_way(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show the share who got better under every handling; nothing where everybody or nobody answered.

    Parameters
    ----------
    table : DataFrame
        From `better_if_answered`.
    """
    if NONE not in table["label"].tolist():
        return None
    drawing = Drawing(
        table.assign(k=(table["estimate"] * table["n"]).round().astype(int)),
        partial(
            draw_intervals, xlabel=f"Share who got better {by_how_much(vq)}", told=(0,), zero=None, share=True
        ),
        title=partial(_title, vq=vq),
        caption="Full circle: those who answered. The last rows are the least and the most that it can be.",
        alt=partial(alt_intervals, what=f"Share who got better {by_how_much(vq)}", share=True),
        rules={"base": "k", "shares": {"estimate": "k"}},
        **height_of(table),
    )
    return Result("responders-if-answered", drawing=drawing)


def _title(data: pd.DataFrame, vq: Definition) -> str:
    known = data["estimate"].dropna()
    if known.empty or not np.isfinite(known).all():
        return "How many got better depends on who is counted, and how"
    least, most = (wording.percent(share) for share in (known.min(), known.max()))
    return f"From {least} to {most} got better {by_how_much(vq)}, depending on what became of the missing"
