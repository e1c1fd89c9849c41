"""Instruments as a study uses them: their columns, and what it gives ready made: scores, own EQ-5D values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from vbhc import files
from vbhc.problems import Problem, StudyError, fault
from vbhc.study.dictionary import Column, is_number
from vbhc.study.marks import UTILITY, NameOf

VALUES = ("profile", "value", "source")  # the header of a table of values


class OwnValues(NamedTuple):
    """A study's own EQ-5D values: the table's name, whose they are, and (profile or level, value) pairs."""

    id: str
    citation: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class OwnMcid:
    """The smallest change of a ready-made score that matters to one patient, and who found it."""

    value: float
    source: str


@dataclass(frozen=True)
class InstrumentUse:
    """An instrument and its item columns.

    `value_set` is the id of one, or the name of the study's own table (`OwnValues` once it was read).
    `items` is a pattern with `{item}` (the visit's suffix is added) or a list in the instrument's order;
    `suffix` sets apart the scores of a second use, such as the same answers under another value set.
    `once` is for a questionnaire filled in a single time: its columns carry no visit's suffix.
    `weights` are columns with how much each item counts for the patient (`goals`, `own-weights`).
    `options` go to the instrument's scoring function. `range`, `direction`, `unit`, `label`, `utility` (1 is
    full health, 0 is dead) and `mcid` are those of a ready-made score, `instrument: score`.
    """

    instrument: str
    items: Any
    value_set: Any = ""
    suffix: str = ""
    visits: tuple[Annotated[str, NameOf("visits")], ...] = ()
    once: bool = False
    range: tuple[float, ...] = ()
    direction: str = ""
    unit: str = ""
    label: str = ""
    weights: tuple[str, ...] = ()
    utility: bool = False
    mcid: OwnMcid | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def scored_with(self) -> dict[str, Any]:
        """What goes to the instrument's scoring function: its options, the value set, a score's own keys."""
        own = {name: getattr(self, name) for name in ("value_set", "direction", "unit", "label")}
        ends = dict(zip(("low", "high"), self.range, strict=False))
        stem = self.items if isinstance(self.items, str) else "".join(map(str, self.items[:1]))
        scale = {"scale": stem} if self.instrument == "score" else {}
        scale |= {"unit": UTILITY} if self.utility else {}
        return {**scale, **ends, **{name: value for name, value in own.items() if value}, **self.options}

    @property
    def own_score(self) -> str:
        """The stem of a score that the study names itself; "" where the instrument names its scores."""
        return self.column(self.scored_with["scale"]) if "scale" in self.scored_with else ""

    def column(self, stem: str, visit: str = "") -> str:
        """The column of a score; a second use of the same answers has its `suffix` in it."""
        return "_".join(filter(None, (stem, self.suffix.strip("_"), visit)))


def with_ready_made(
    uses: Mapping[str, InstrumentUse], outcome: str, visits: Iterable[str], dictionary: Mapping[str, Column]
) -> dict[str, InstrumentUse]:
    """Return the instruments with the outcome of the value quota as a score, where its columns say enough.

    That is: no instrument by that name is scored, and the dictionary gives the column of every visit (or the
    one of all of them) with min, max and direction.
    """
    names = [*uses, *(use.instrument for use in uses.values())]
    scored = any(name.startswith(outcome[:4]) for name in names)
    scored = scored or any(use.own_score == outcome for use in uses.values())
    columns = [dictionary.get(f"{outcome}_{visit}") or dictionary.get(outcome) for visit in visits]
    ready = [column for column in columns if column and column.direction and column.has_scale]
    if scored or not ready or len(ready) < len(columns):
        return dict(uses)
    first = ready[0]
    words = zip(*(column.label.split() for column in ready), strict=False)
    shared = [word for word, *others in takewhile(lambda same: len(set(same)) == 1, words)]
    label = " ".join(shared).rstrip(" ,:;-(") or outcome
    own = InstrumentUse("score", outcome, label=label, direction=first.direction, unit=first.unit)
    return {**uses, outcome: replace(own, range=(first.min, first.max))}


def with_own_values(
    uses: Mapping[str, InstrumentUse], folder: Path, shown: str
) -> tuple[dict[str, InstrumentUse], list[Problem]]:
    """Return the instruments with the values of each `value_set` that is a table, and problems.

    `shown` is how messages name the folder.
    """
    found, problems = dict(uses), []
    for name, use in uses.items():
        if str(use.value_set).endswith(".csv"):
            try:
                found[name] = replace(use, value_set=_own_values(folder, use.value_set, shown))
            except StudyError as error:
                problems += error.problems
    return found, problems


def _own_values(folder: Path, name: str, shown: str) -> OwnValues:
    """Read `profile,value,source`: an index per profile (21232), or what each level (mo2) takes from it."""
    shown_as = f"{shown}/{name}"
    if not (folder / name).is_file():
        raise fault(f"{shown}/study.yml", f"no file {name!r}", "put it in the study folder", "instruments")
    table = files.read_table(folder / name, shown_as, files.Form(known=VALUES))
    if not {"profile", "value"} <= set(table.header):
        raise fault(shown_as, "no columns profile and value", "the header profile,value,source", row=1)
    rows, values = files.records(table), []
    source = next((row["source"].strip() for row in rows if row.get("source", "").strip()), "")
    if not source:
        raise fault(shown_as, "no source", "whose values these are, in the first row of a column `source`")
    for number, row in zip(table.numbers, rows, strict=True):
        value = files.plain_number(row["value"], table)
        if not is_number(value):
            raise fault(shown_as, f"{row['value']!r} is no number", "an index", "value", number)
        values.append((row["profile"].strip().lower(), float(value)))
    return OwnValues(name, source, tuple(values))
