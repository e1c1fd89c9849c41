"""EQ-5D-3L, EQ-5D-5L and EQ-5D-Y-3L as entries of the registry."""

from typing import Any

import pandas as pd

from vbhc.instruments import crosswalk
from vbhc.instruments.described import described, offered
from vbhc.instruments.eq5d import index, label_of, levels_of
from vbhc.instruments.eq5d_names import find_value_set
from vbhc.instruments.eq5d_tables import DIMENSIONS, ValueSet, all_sets, table
from vbhc.instruments.instrument import Instrument, Scale

MAPPED = {  # version of the answers: version of the value set, mapping, its table, its source
    "5L": ("3L", crosswalk.from_5l_to_3l, crosswalk.table_5l_to_3l, "van Hout 2012"),
    "3L": ("5L", crosswalk.from_3l_to_5l, crosswalk.table_3l_to_5l, "van Hout & Shaw 2021"),
}


def _choose(version: str, value_set: Any, crosswalk: bool) -> ValueSet:
    """The value set to use, of the other version where the answers are to be mapped."""
    if not value_set:
        listed = f"`eq5d.value_sets({version!r})` lists them"
        raise ValueError(f"{label_of(version)}: name a value set; {listed}")
    if crosswalk and version not in MAPPED:
        raise ValueError(f"{label_of(version)} has no crosswalk")
    if crosswalk:
        return find_value_set(value_set, MAPPED[version][0])
    chosen = all_sets().get(str(value_set).strip().lower())
    if chosen and version in MAPPED and chosen.version == MAPPED[version][0]:
        how = f"pass crosswalk=True to map onto it ({MAPPED[version][3]})"
        raise ValueError(f"{chosen.id} is a set for EQ-5D-{chosen.version}, not for EQ-5D-{version}; {how}")
    return find_value_set(value_set, version)


def _instrument(name: str, version: str) -> Instrument:
    def answers(items: Any, value_set: Any = "", crosswalk: bool = False) -> pd.DataFrame:
        return levels_of(items, version)

    def score(items: Any, value_set: Any = "", crosswalk: bool = False) -> pd.DataFrame:
        chosen = _choose(version, value_set, crosswalk)
        scored = MAPPED[version][1](items, chosen.id) if crosswalk else index(items, chosen)
        frame = pd.DataFrame(scored)
        frame.attrs.update(value_set=chosen.id, doi=chosen.doi, citation=chosen.citation)
        return frame

    def scales(value_set: Any = "", crosswalk: bool = False) -> tuple[Scale, ...]:
        low, high, note = None, 1.0, "the range is that of the value set"
        if value_set:
            chosen = _choose(version, value_set, crosswalk)
            values = MAPPED[version][2](chosen.id) if crosswalk else table(chosen)
            low, high = float(values.min()), float(values.max())
            note = f"value set {chosen.id}: {chosen.citation}"
            note += f"; mapped, {MAPPED[version][3]}" if crosswalk else ""
        unit, title = "1 = full health, 0 = dead", f"{label_of(version)} index"
        return (Scale("eq5d_index", title, low, high, unit=unit, items=DIMENSIONS, needs=5, note=note),)

    return offered(
        described(name), scales=scales(), answers=answers, score=score, options=("value_set", "crosswalk"),
        scales_for=scales,
    )  # fmt: skip


EQ5D_3L = _instrument("eq5d-3l", "3L")
EQ5D_5L = _instrument("eq5d-5l", "5L")
EQ5D_Y_3L = _instrument("eq5d-y-3l", "Y-3L")
