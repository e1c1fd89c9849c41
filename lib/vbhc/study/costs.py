"""What `study.yml` declares of costs, and what of it cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from vbhc.problems import did_you_mean
from vbhc.study.marks import Amount, Fault, NameOf


@dataclass(frozen=True)
class Event:
    """A resource that a patient used when columns hold given values (costs without resource lines)."""

    resource: str
    when: dict[str, Any]
    quantity: float = 1


@dataclass(frozen=True)
class Cost:
    """What the care cost: which resources, in which currency, at the prices of which year, seen by whom.

    Costs come from resource lines (`lines`), from what columns say happened (`events`), both priced by the
    table `unit_costs`, or from `columns`: a component's name to the patients' column that holds its cost in
    the currency and at the prices declared; `components` are then those of `columns`. `price_index` names a
    table (`currency,year,index[,rate]`) by which unit costs of other years and currencies are converted;
    without it they are an error. Lines of the layout `plics` hold their cost: they add up to
    `declared_total`, and are divided by `mff`, the market forces factor.
    """

    currency: str
    price_year: int
    perspective: str
    unit_costs: str = ""
    components: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Annotated[str, NameOf("sources")] = ""
    events: tuple[Event, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    horizon: str = ""
    assumptions: tuple[str, ...] = ()
    price_index: str = ""
    declared_total: float = 0
    mff: float = 1

    def __post_init__(self) -> None:
        """Name the components after the columns that hold them, where none are named."""
        if self.columns and not self.components:
            object.__setattr__(self, "components", dict.fromkeys(self.columns, ()))


@dataclass(frozen=True)
class WillingnessToPay:
    """What a QALY (or one unit of another utility) is held to be worth, in the currency of the costs.

    `source` says who holds it to be.
    """

    amount: Amount
    currency: str
    source: str = ""


def cost_faults(cost: Cost, folder: Path, layout: str) -> Iterator[Fault]:
    """Yield what is wrong with where costs come from: one way only, each with what it needs.

    Parameters
    ----------
    folder : Path
        The study's, in which the table of prices lies.
    layout : str
        That of the source of resource lines, "" without one.
    """
    if [bool(cost.lines), bool(cost.events), bool(cost.columns)].count(True) != 1:
        yield "needs one of `lines`, `events` or `columns`", "where costs come from", "cost"
    if not cost.columns:
        yield from _unit_cost_faults(cost, folder, layout)
        return
    if cost.unit_costs:
        yield "has `columns` and `unit_costs`", "columns hold costs already: leave out `unit_costs`", "cost"
    if set(cost.components) != set(cost.columns):
        yield "`components` differ from `columns`", "leave `components` out", "cost.components"


def _unit_cost_faults(cost: Cost, folder: Path, layout: str) -> Iterator[Fault]:
    """Components, the events that count in them, and the table of prices."""
    if not cost.components:
        yield "no `components`", "name them, each with its resources", "cost.components"
    if "total" in cost.components:
        yield "a component is called 'total'", "another name: the sum has this one", "cost.components"
    listed = {resource for resources in cost.components.values() for resource in resources}
    for event in cost.events:
        if event.resource not in listed:
            fix = did_you_mean(event.resource, listed)
            yield f"{event.resource!r} is in no component", fix, "cost.events"
    if layout == "plics":
        if cost.unit_costs or not (cost.declared_total and cost.mff > 0):
            fix = "`declared_total`, `mff` above 0, and no `unit_costs`: lines hold their cost"
            yield "lines of the layout plics", fix, "cost"
    elif not cost.unit_costs:
        yield "no `unit_costs`", "name the table of prices", "cost.unit_costs"
    elif not (folder / cost.unit_costs).is_file():
        yield f"no file {cost.unit_costs!r}", "put it in the study folder", "cost.unit_costs"
