"""The tie within each declared group, and had all answered; the answer of 03c."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.journey import visit_scores
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import ENDS, SIDES, called, inside, names, rating, size_of
from vbhc.chapters.perception.whom.depends import TIE, VALUE, fewest, standing, too_wide
from vbhc.chapters.value.groups import OTHERS, association_by_groups
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result
from vbhc.statistics.correlation.partial import adjusted_side_by_side
from vbhc.study import Study
from vbhc.study.groups import groups_of


def within_groups(study: Study, patients: pd.DataFrame, frame: pd.DataFrame, ci_level: float) -> pd.DataFrame:
    """Return the rank correlation with the quota in every level of every declared group: see `groups`.

    A wide interval has one decimal where people are protected, and its estimate too. Which levels have a row
    is judged of those whose outcome is known: of 27 a row would say that 25 have the rest too.
    """
    known, whose = (frame["answer"], frame["VQ"]), patients[frame["outcome"].notna()]
    found = association_by_groups(study, whose, *known, ci_level, fewest(study))
    found = found.dropna(subset="estimate").reset_index(drop=True)
    return found.mask(too_wide(study, found["low"], found["high"]), found.round(1))


def span(table: pd.DataFrame) -> str:
    """Return from which to which size estimates run, none with more decimals than it has.

    >>> span(pd.DataFrame({"estimate": [0.5, 0.321], "low": [0.2, 0.27], "high": [0.7, 0.36]}))
    'lies from 0.32 to 0.5'
    """
    rows = table.loc[[table["estimate"].idxmin(), table["estimate"].idxmax()], ["estimate", "low", "high"]]
    low, high = (wording.number(row[0], min(2, wording.decimals_of(*row))) for row in rows.to_numpy())
    return f"is {low}" if low == high else f"lies from {low} to {high}"


def within_groups_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Draw the tie in each group; nothing where no group has enough patients."""
    if table.empty:
        return None
    drawn = table.assign(label=table["split"] + ": " + table["group"])
    words = {"rating": rating(study), "quota": names(vq)["VQ"], "fewest": fewest(study), "others": OTHERS}
    title = f"Within groups the tie {span(table)}"  # names none: two of different kinds are not compared
    rows = drawn[["label", "estimate", "low", "high", "n"]]
    return Result("within-groups", drawing=layout.intervals("within-groups", rows, title, words, told=()))


def if_all_answered_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show how far the tie moves; nothing where nothing is missing or nothing can be filled in."""
    if table.empty or not table["n_missing"].any():
        return None
    tie = f"{rating(study)} with {names(vq)['VQ']}"
    zero = _zero(table["low"].gt(0).sum() + table["high"].lt(0).sum(), len(table))
    said = say("however-missing", tie=tie, span=span(table), zero=zero)
    made = layout.table("if-answered", table.drop(columns="delta"), {"tie": tie, "unit": vq.outcome_unit})
    return Result("if-answered", says=[said], table=made, counts=[*table["n"], *table["n_missing"]])


def _zero(away: int, ways: int) -> str:
    if away in (0, ways):
        return f"{'no' if away else 'every'} interval holds zero"
    return f"{away} of the {ways} intervals leave zero out"


def whom_answer(study: Study, vq: Definition, compared: pd.DataFrame, within: pd.DataFrame) -> Result:
    """Return whether value or tie differ by place, severity or time, and how far groups spread."""
    quota = names(vq)["VQ"]
    if compared.empty:
        return Result("answer", says=[say("nobody-for-whom", **called(study, vq))], role="answer")
    stand, looked = standing(compared), wording.listing(_splits(compared), "or")
    spread = f"Within the groups declared the tie {span(within)}." if len(within) else ""
    if stand.empty:
        first = say("undecided-for-whom", **called(study, vq), looked=looked)
        return Result("answer", says=[first, spread], role="answer")
    subjects = {VALUE: quota, TIE: f"its tie with {rating(study)}"}
    each = stand.groupby("what", sort=False)
    parts = [f"{subjects[what]} differs by {wording.listing(_splits(rows))}" for what, rows in each]
    return Result("answer", says=[f"After correction {wording.listing(parts)}.", spread], role="answer")


def _splits(rows: pd.DataFrame) -> list[str]:
    """What was compared, by name, each once."""
    return [inside(split) for split in dict.fromkeys(rows["split"])]


def others_held_equal(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return what is held equal: the declared covariates and the outcome at the first visit."""
    before, _ = visit_scores(study, patients, vq)
    held = patients[[name for name in study.config.covariates if name in patients]]
    return held if before.isna().all() else held.assign(baseline=before)


def sites_of(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return the first declared site or provider of each patient; None where none is declared."""
    return next(iter(groups_of(study, patients, "site", "provider").values()), None)


def patients_alike(
    study: Study, patients: pd.DataFrame, frame: pd.DataFrame, held: pd.DataFrame, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the three ties plain, with others held equal, and with patients of one place taken as alike.

    See `adjusted_side_by_side`: all rows of a measure use the same patients.
    """
    measures = {name: frame[name] for name in SIDES}
    return adjusted_side_by_side(frame["answer"], measures, held, sites_of(study, patients), ci_level)


def adjusted_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show the ties with and without others held equal; nothing where nothing could be."""
    shown = table.dropna(subset=["estimate", "low"])
    if shown["adjustment"].nunique() < 2:
        return None
    named = shown.assign(**{"with": shown["with"].map(names(vq))})
    columns = ["with", "adjustment", "estimate", "low", "high", "p", "n"]
    made = layout.table("adjusted", named[columns], {"label": study.config.perception.label})
    return Result("adjusted", says=[_moved(study, vq, shown)], table=made, counts=shown["n"].tolist())


def _moved(study: Study, vq: Definition, table: pd.DataFrame) -> str:
    """From which size to which: two estimates of the same patients, with no interval of their difference."""
    rows = table[table["with"] == "VQ"].set_index("adjustment")
    if len(rows) < 2 or "none" not in rows.index:
        return ""
    plain, last = rows.loc["none"], rows.iloc[-1]
    told = {name: size_of(last, name) for name in ENDS} | {"n": int(last["n"]), "plain": size_of(plain)}
    return say("adjusted", **called(study, vq), **told, held=layout.WORDS["held"][str(rows.index[-1])])
