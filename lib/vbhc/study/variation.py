"""What `study.yml` declares for comparing providers, set before anybody looks; and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SPREADS = ("random-effects", "paule-mandel", "winsorised", "none")  # statistics.variation.overdispersion
RULE_SETS = ("seven points", "seven points, screened", "six points, screened")  # statistics.variation.spc


@dataclass(frozen=True)
class Peers:
    """Columns of patients by whose means providers are alike, and how many of the nearest are peers."""

    by: tuple[str, ...]
    k: int = 10


@dataclass(frozen=True)
class Alert:
    """Levels (0-1) of the limits beyond which a provider is watched, and beyond which somebody acts."""

    watch: float = 0.95
    act: float = 0.998


@dataclass(frozen=True)
class Registration:
    """What comes before performance: the least share who answer at the end; columns of coded illnesses."""

    response: float = 0.0
    coding: tuple[str, ...] = ()


@dataclass(frozen=True)
class Series:
    """Results in the order of time: `column` is a month (2024-05) or a date.

    `event` (true or false) has each patient's own `risk` (0-1) beside it. `measure` is a numeric column whose
    monthly mean goes on a chart read by `rules`; limits start anew at the months of `rebase`, because
    something was changed there. `false_alarm` is how often a provider's run of events may sound by chance.
    """

    column: str
    measure: str = ""
    direction: str = "higher is better"
    target: float | None = None
    rules: str = "seven points"
    rebase: tuple[str, ...] = ()
    event: str = ""
    risk: str = ""
    odds_ratio: float = 2.0
    false_alarm: float = 0.01


@dataclass(frozen=True)
class Change:
    """A change that is being tried: who had the `new` way, and the rule to stop it, set beforehand.

    It stops once it is worse by more than `harm` with the probability `stop`, at any of `looks` looks.
    """

    column: str
    new: str
    looks: int = 4
    stop: float = 0.9
    harm: float = 0.0


@dataclass(frozen=True)
class Variation:
    """How providers are compared: `group` names one of `groups`; `measures` are stems of scores.

    `expected` maps a measure to the column of what was expected of each patient; a measure without one is
    modelled from the covariates. `only` restricts to patients whose column holds a value (primary surgery).
    Providers with fewer than `fewest` records of a measure are not judged.
    """

    group: str
    measures: tuple[str, ...]
    expected: dict[str, str] = field(default_factory=dict)
    only: dict[str, Any] = field(default_factory=dict)
    fewest: int = 30
    overdispersion: str = "random-effects"
    peers: Peers | None = None
    alert: Alert = field(default_factory=Alert)
    registration: Registration = field(default_factory=Registration)
    series: Series | None = None
    change: Change | None = None

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield every column that is named, with the key that names it."""
        named = {
            "expected": self.expected.values(),
            "only": self.only,
            "registration.coding": self.registration.coding,
        }
        if self.peers:
            named["peers.by"] = self.peers.by
        if self.change:
            named["change.column"] = [self.change.column]
        if self.series:
            row = self.series
            named |= {f"series.{key}": [getattr(row, key)] for key in ("column", "measure", "event", "risk")}
        for key, columns in named.items():
            yield from ((column, key) for column in columns if column)


def unfit(variation: Variation) -> Iterator[tuple[str, str, str]]:
    """Yield what cannot be: what was found, what was wanted, and the key."""
    levels = {
        "alert.watch": variation.alert.watch,
        "alert.act": variation.alert.act,
        **({"change.stop": variation.change.stop} if variation.change else {}),
        **({"series.false_alarm": variation.series.false_alarm} if variation.series else {}),
    }
    for key, level in levels.items():
        if not 0 < level < 1:
            yield f"found {level:g}", "a share between 0 and 1, such as 0.95", key
    if variation.fewest < 2:
        yield f"found {variation.fewest}", "2 records or more", "fewest"
    if not variation.measures:
        yield "no measures", "stems of scores, such as ohs", "measures"
    for measure in variation.expected:
        if measure not in variation.measures:
            yield f"{measure!r} is none of the measures", "one of `measures`", "expected"
    series = variation.series
    if series and bool(series.event) != bool(series.risk):
        yield "has one of `event` and `risk`", "both, or neither", "series"
