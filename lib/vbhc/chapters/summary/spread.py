"""What changed against the study that this one is based on: who, what was measured, what was found.

Of the other study only its published report is read: what passed its own door.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from vbhc import shipped
from vbhc.chapters.summary import layout
from vbhc.publish.answer import first_sentence
from vbhc.publish.claims import TIES, in_short, verdict
from vbhc.publish.compare import Run, gathered, read_run
from vbhc.publish.notebook_files import is_companion, reads_all
from vbhc.publish.results import Result
from vbhc.statistics.tables2x2 import mover
from vbhc.study import Study
from vbhc.wording import inside_sentence, listing, sentence_case

FLOW, ASKED = "01-cleaning-flow", "03-perception#perception"
TOLD, WORDS = shipped.tree(__file__, "spread.yml").values()
MONEY = ("Cost", "Quota", "Form")  # choices without which values of the quota are on another scale
SAME, OTHER = "the same", "differs"
DIFFERENT, OPEN, APART = "different", "cannot be told", "measured otherwise"
COLUMNS = ["about", "says", "says_there", "verdict"]
ENDS = ("estimate", "low", "high")
NONE = "No finding of the walk with an interval is in both reports."
MOST = 4  # findings that an answer names


def based_on(study: Study, found: list[dict]) -> tuple[Run, Run]:
    """Return what this study found (`read_others`) and the report that it adopts; both empty without one."""
    if not study.config.based_on:
        return Run({}, {}, {}), Run({}, {}, {})
    here = gathered((one["notebook"], one) for one in found)
    return replace(here, info={"title": study.config.title}), read_run(study.adopted)


def whom(here: Run, there: Run) -> Result:
    """Show how many people stand at each step of both studies."""
    counts = {name: _cells(run, FLOW, "n") for name, run in (("n_first", here), ("n_second", there))}
    frame = pd.DataFrame({name: pd.Series(own, dtype="object") for name, own in counts.items()})
    frame = frame.reindex(list(dict.fromkeys(step for own in counts.values() for step in own)))
    whole = frame.apply(pd.to_numeric, errors="coerce").astype("Int64").rename_axis("step").reset_index()
    return Result("whom", table=layout.table("whom", whole))


def defined(here: Run, there: Run) -> pd.DataFrame:
    """Return what both say of people, outcome, cost and rating: `about, says, says_there, verdict`."""
    one, other = _told(here), _told(there)
    rows = [(name, one.get(name, ""), other.get(name, "")) for name in one | other]
    said = [OPEN if "" in row else SAME if row[1] == row[2] else OTHER for row in rows]
    return pd.DataFrame([(*row, word) for row, word in zip(rows, said, strict=True)], columns=COLUMNS)


def measured(table: pd.DataFrame) -> Result:
    """Show whom and what both studies measure; from `defined`."""
    return Result("measured", table=layout.table("measured", table))


def told_apart(study: Study, here: Run, there: Run, choices: pd.DataFrame, ci_level: float) -> pd.DataFrame:
    """Return the findings of the walk that stand in both reports, and whether their intervals part them.

    Parameters
    ----------
    choices : DataFrame
        From `defined`.

    Returns
    -------
    DataFrame
        `about, says, says_there` (estimate and interval), `verdict`: "different" where the interval of the
        difference leaves out 0 (`mover`), else "the same" where it lies within what was declared too small
        to matter, else "cannot be told"; "measured otherwise" where outcome, unit, price or level are not
        the same.
    """
    rows, moved = [], choices.loc[choices["verdict"] == OTHER, "about"]
    for page, one, other in _in_both(here, there):
        tie, settings = one["kind"] == "tie", there.info.get("notebooks", {}).get(page, {})
        alike = ("unit",) if tie else ("unit", "what", "first", "second")
        unlike = any(one.get(name) != other.get(name) for name in alike)
        unlike |= settings.get("parameters", {}).get("ci_level", ci_level) != ci_level
        unlike |= page.startswith("02") and moved.isin(MONEY).any()
        margin = study.config.equivalence_margin if tie else one.get("margin")
        said = APART if unlike else _verdict(mover(_ends(one), _ends(other)), margin)
        rows.append((_called(one), in_short(one), in_short(other), said))
    return pd.DataFrame(rows, columns=COLUMNS).drop_duplicates("about")


def both_found(table: pd.DataFrame) -> Result:
    """Show findings side by side; from `told_apart`."""
    return Result("found", table=layout.table("found", table))


def spread_answer(definitions: pd.DataFrame, found: pd.DataFrame) -> Result:
    """Return how many findings differ, are the same or cannot be told, and what else is not the same."""
    if definitions.empty:
        return Result("answer", says=["This study is based on no other."], role="answer")
    counts = found["verdict"].value_counts()
    parts = listing(f"{counts[name]} {words}" for name, words in WORDS.items() if name in counts)
    names = [inside_sentence(name) for name in found["about"][found["verdict"] == DIFFERENT]]
    moved = definitions["about"][(definitions["verdict"] == OTHER) & (definitions["about"] != "Study")]
    also = "Not the same: {}. Which of it matters, two studies cannot tell."
    says = [
        f"{len(found)} finding{'s' * (len(found) > 1)} in both reports: {parts}." if parts else NONE,
        f"Different: {'; '.join(names)}." if 0 < len(names) <= MOST else "",
        also.format(listing(map(inside_sentence, moved))) if len(moved) else "",
    ]
    return Result("answer", says=says, role="answer")


def _cells(run: Run, table: str, column: str) -> dict[str, str]:
    """A column of a published table, by row."""
    return {row: cell for (row, name), cell in run.tables.get(table, {}).items() if name == column}


def _told(run: Run) -> dict[str, str]:
    """What a report says of whom and what it measures, by name; what it leaves empty is not said."""
    told = {"Study": str(run.info.get("title", ""))}
    for table, column, name in TOLD:
        told |= {name.format(row): cell for row, cell in _cells(run, table, column).items()}
    told["Rating"] = first_sentence(run.sentences.get(ASKED, ""))[0]
    return {name: text for name, text in told.items() if text}


def _in_both(here: Run, there: Run) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Claims of the walk with intervals that stand at the same place of both reports, with their page."""
    for place, values in here.values.items():
        page = place.partition("#")[0]
        if is_companion(page) or reads_all(page):
            continue
        for one, other in zip(_claims(values), _claims(there.values.get(place, {})), strict=False):
            if one["kind"] == other["kind"] != "gap":  # whose names hold counts
                yield page, one, other


def _claims(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The claims of a sentence that have an interval; "it" is what its first one is about."""
    every = [values, *(one for one in values.values() if isinstance(one, dict) and "kind" in one)]
    named = [one | {"what": values["what"]} if one.get("what") == "it" else one for one in every]
    return [one for one in named if all(isinstance(one.get(end), float | int) for end in ENDS)]


def _verdict(gap: tuple[float, float, float], margin: float | None) -> str:
    """What differs by more than chance is not the same, however little it be."""
    if verdict(*gap) in ("more", "less"):
        return DIFFERENT
    return SAME if verdict(*gap, margin) == "small" else OPEN


def _ends(one: dict[str, Any]) -> tuple[float, float, float]:
    estimate, low, high = (float(one[end]) for end in ENDS)
    return estimate, low, high


def _called(one: dict[str, Any]) -> str:
    """What a claim is about: "Rating with the gain", "The mean gain: new care less usual care"."""
    lead = " with " if one["kind"] in TIES else ": "
    joint = " less " if one["kind"] == "difference" else ", "
    against = joint.join(one[name] for name in ("first", "second") if one.get(name))
    return sentence_case(str(one["what"])) + (f"{lead}{against}" if against else "")
