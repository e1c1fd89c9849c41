"""What `study.yml` declares beyond one group: how providers compare, who gains, where money goes further."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from vbhc.problems import did_you_mean
from vbhc.study.marks import Bounds, ColumnName, Direction, Fault, NameOf, OneOf, Share, ShareToOne

ENDS = ("higher", "lower")  # of a column that patients are ranked by: which one is worse off
SPREADS = ("random-effects", "paule-mandel", "winsorised", "none")  # statistics.variation.overdispersion
RULE_SETS = ("seven points", "seven points, screened", "six points, screened")  # statistics.variation.spc


@dataclass(frozen=True)
class Peers:
    """Columns of patients by whose means providers are alike, and how many of the nearest are peers."""

    by: tuple[ColumnName, ...]
    k: int = 10


@dataclass(frozen=True)
class Alert:
    """Levels (0-1) of the limits beyond which a provider is watched, and beyond which somebody acts."""

    watch: Share = 0.95
    act: Share = 0.998


@dataclass(frozen=True)
class Registration:
    """What comes before performance: the least share who answer at the end; columns of coded illnesses."""

    response: float = 0.0
    coding: tuple[ColumnName, ...] = ()


@dataclass(frozen=True)
class Series:
    """Results in the order of time: `column` is a month (2024-05) or a date.

    `event` (true or false) has each patient's own `risk` (0-1) beside it. `measure` is a numeric column whose
    monthly mean goes on a chart read by `rules`; limits start anew at the months of `rebase`, because
    something was changed there. `false_alarm` is how often a provider's run of events may sound by chance.
    """

    column: ColumnName
    measure: ColumnName = ""
    direction: Direction = "higher is better"
    target: float | None = None
    rules: Annotated[str, OneOf(RULE_SETS)] = "seven points"
    rebase: tuple[str, ...] = ()
    event: ColumnName = ""
    risk: ColumnName = ""
    odds_ratio: float = 2.0
    false_alarm: Share = 0.01


@dataclass(frozen=True)
class Change:
    """A change that is being tried: who had the `new` way, and the rule to stop it, set beforehand.

    It stops once it is worse by more than `harm` with the probability `stop`, at any of `looks` looks.
    """

    column: ColumnName
    new: str
    looks: int = 4
    stop: Share = 0.9
    harm: float = 0.0


@dataclass(frozen=True)
class Variation:
    """How providers are compared: `group` names one of `groups`; `measures` are stems of scores.

    `expected` maps a measure to the column of what was expected of each patient; a measure without one is
    modelled from the covariates. `only` restricts to patients whose column holds a value (primary surgery).
    Providers with fewer than `fewest` records of a measure are not judged.
    """

    group: Annotated[str, NameOf("groups")]
    measures: tuple[str, ...]
    expected: dict[str, ColumnName] = field(default_factory=dict)
    only: dict[ColumnName, Any] = field(default_factory=dict)
    fewest: Annotated[int, Bounds("2 records or more", 2)] = 30
    overdispersion: Annotated[str, OneOf(SPREADS)] = "random-effects"
    peers: Peers | None = None
    alert: Alert = field(default_factory=Alert)
    registration: Registration = field(default_factory=Registration)
    series: Series | None = None
    change: Change | None = None


@dataclass(frozen=True)
class Equity:
    """Who gets the value: what patients are ranked by, and whom a rule takes to be at risk of missing it.

    `ranked_by` maps a column to its worse-off end, "higher" or "lower", or to its levels from the worst off
    up. `at_risk` names groups, each with columns and the value, or the lowest and highest number, that they
    hold. `event` is such a rule for what should be rare, compared within the strata that the columns `strata`
    make.
    """

    ranked_by: dict[ColumnName, Any]
    at_risk: dict[str, dict[ColumnName, Any]] = field(default_factory=dict)
    event: dict[ColumnName, Any] = field(default_factory=dict)
    event_label: str = ""
    strata: tuple[ColumnName, ...] = ()


@dataclass(frozen=True)
class Allocative:
    """Programmes of care that share one budget: tables in the study folder (`study.declared.programmes`).

    `areas` has spend and deaths by area and programme, of which `here` is the study's; `returns` what a QALY
    costs in each programme, `options` what could be done. `move` is the sum whose move is weighed.
    """

    areas: str
    returns: str
    here: str
    currency: str
    price_year: str
    options: str = ""
    metrics: str = ""
    move: float = 1_000_000
    note: str = ""


@dataclass(frozen=True)
class Pathway:
    """A treatment that lowers the risk of an `event` and raises that of a `harm`, modelled without patients.

    `areas`, `parameters`, `costs` and `checks` are tables in the study folder (`study.declared.pathway`).
    Asked is what follows over `years` if a share `uptake` (0-1) of those eligible were treated, and if a
    share `found` of those who do not know of the condition were found; costs lose `discount` a year.
    """

    areas: str
    parameters: str
    costs: str
    condition: str
    treatment: str
    event: str
    harm: str
    checks: str = ""
    years: Annotated[int, Bounds("a year or more", 1)] = 5
    uptake: ShareToOne = 0.9
    found: ShareToOne = 0.5
    discount: ShareToOne = 0.035


def variation_faults(variation: Variation) -> Iterator[Fault]:
    """Yield what cannot be: what was found, what was wanted, and the key."""
    if not variation.measures:
        yield "no measures", "stems of scores, such as ohs", "variation.measures"
    for measure in variation.expected:
        if measure not in variation.measures:
            yield f"{measure!r} is none of the measures", "one of `measures`", "variation.expected"
    series = variation.series
    if series and bool(series.event) != bool(series.risk):
        yield "has one of `event` and `risk`", "both, or neither", "variation.series"


def equity_faults(equity: Equity) -> Iterator[Fault]:
    """Yield ends of what patients are ranked by that are none, and an event that has no name."""
    for column, end in equity.ranked_by.items():
        if not isinstance(end, list) and str(end) not in ENDS:
            yield f"unknown {str(end)!r}", did_you_mean(str(end), ENDS), f"equity.ranked_by.{column}"
    if equity.event and not equity.event_label:
        yield "no `event_label`", "what happened, such as: were readmitted", "equity"
