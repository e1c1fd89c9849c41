"""One way to every instrument: what there is, score it, and say what could not be scored and why."""

from typing import Any

import pandas as pd

from vbhc.instruments import eq5d_instruments, kccq, own, promis, sums
from vbhc.instruments.instrument import Instrument, Scale
from vbhc.problems import did_you_mean

ALL = (
    eq5d_instruments.EQ5D_3L, eq5d_instruments.EQ5D_5L, eq5d_instruments.EQ5D_Y_3L, sums.EQ_VAS,
    kccq.KCCQ_23, kccq.KCCQ_12, sums.OHS, sums.OKS, promis.PROMIS_GLOBAL_10, sums.PHQ_9, sums.MLHFQ,
    sums.FFT, sums.COLLABORATE, sums.PPE_15, own.LIKERT, own.READY_MADE,
    own.GOALS, own.OWN_WEIGHTS,
)  # fmt: skip
BY_NAME = {one.name: one for one in ALL}


def get(name: str) -> Instrument:
    """Return an instrument by its name ("eq5d-3l", "kccq23").

    Raises
    ------
    ValueError
        For an unknown name, with the nearest known one.

    Examples
    --------
    >>> get("ohs").label, get("ohs").ranges[0]
    ('Oxford Hip Score', (0, 4))
    """
    if name not in BY_NAME:
        raise ValueError(f"no instrument {name!r}; {did_you_mean(name, BY_NAME)}")
    return BY_NAME[name]


def registry() -> pd.DataFrame:
    """List every scale of every instrument: range, direction, unit, answers it needs, source, licence.

    >>> registry().set_index("column").loc["kccq_os", ["min", "max"]].tolist()
    [0.0, 100.0]
    """
    rows = []
    for one in ALL:
        for scale in one.scales or scales(one.name):
            rows.append({
                "instrument": one.name, "label": one.label, "version": one.version, "column": scale.column,
                "scale": scale.label, "type": scale.type, "min": scale.min, "max": scale.max,
                "direction": scale.direction, "unit": scale.unit, "n_items": len(scale.items),
                "needs": scale.needs, "options": ", ".join(one.options), "source": one.source,
                "licence": one.licence,
            })  # fmt: skip
    return pd.DataFrame(rows)


def mcids(name: str | None = None) -> pd.DataFrame:
    """List the known smallest changes that matter, each with its kind (individual, group, between groups).

    >>> mcids("ohs")[["value", "kind"]].to_numpy().tolist()  # Beard 2015
    [[8, 'individual'], [11, 'group'], [5, 'between groups']]
    """
    columns = ["instrument", "column", "label", "value", "kind", "source", "note"]
    chosen = ALL if name is None else (get(name),)
    rows = [{"instrument": one.name, **mcid._asdict()} for one in chosen for mcid in one.mcids]
    return pd.DataFrame(rows, columns=columns)


def scales(name: str, **options: Any) -> tuple[Scale, ...]:
    """Return the scales as the options make them (a value set's range, a Likert scale's name).

    >>> [scale.column for scale in scales("oks")]
    ['oks', 'oks_pain', 'oks_function']
    """
    instrument = _with(name, options)
    return instrument.scales_for(**options) if instrument.scales_for else instrument.scales


def score(name: str, items: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Score an instrument.

    Parameters
    ----------
    name : str
        One of `registry()["instrument"]`.
    items : DataFrame
        One column per item: matched by name where the names are the item codes, else in the instrument's
        order. Any column type; missing is NaN, None, NA or an empty string.
    options
        Those of the instrument (`get(name).options`), such as `value_set="3l-tto-uk"`.

    Returns
    -------
    DataFrame
        One column per scale, on the caller's index; NaN where a score cannot be formed.

    Raises
    ------
    ValueError
        For answers that cannot be right (with a guess at the mistake) and for unknown options.

    Examples
    --------
    >>> score("ohs", pd.DataFrame([[4] * 12]))["ohs"].tolist()
    [48.0]
    """
    return _with(name, options).score(items, **options)


def missing_reasons(name: str, items: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Say how many rows each scale could not score, and why.

    Returns
    -------
    DataFrame
        Columns scale, reason, n; a row per reason that occurs, so that the n of a scale add up to its number
        of missing scores.

    Examples
    --------
    >>> missing_reasons("ohs", pd.DataFrame([[4] * 9 + [None] * 3])).to_numpy().tolist()
    [['ohs', 'fewer than 10 of 12 items answered', 1]]
    """
    instrument = _with(name, options)
    given = instrument.answers(items, **options).notna()
    scores = instrument.score(items, **options)
    rows = [row for one in scales(name, **options) for row in _reasons(one, given, scores)]
    return pd.DataFrame(rows, columns=["scale", "reason", "n"])


def _reasons(scale: Scale, given: pd.DataFrame, scores: pd.DataFrame) -> list[tuple[str, str, int]]:
    missing = scores[scale.column].isna()
    note = f" ({scale.note})" if scale.note and not scale.note.startswith(("value set", "the range")) else ""
    if scale.parts:
        counts = {f"none of {', '.join(scale.parts)} could be scored": missing}
    else:
        items = list(scale.items or given.columns)
        number = given[items].sum(axis=1)
        needs = scale.needs or len(items)
        few = f"fewer than {needs} of {len(items)} items answered{note}"
        few = few if needs < len(items) else f"not all of {needs} items answered{note}"
        counts = {f"no item answered{note}": missing & (number == 0), few: missing & (number > 0)}
    return [(scale.column, reason, int(rows.sum())) for reason, rows in counts.items() if rows.any()]


def _with(name: str, options: dict[str, Any]) -> Instrument:
    """Return an instrument that has these options."""
    instrument = get(name)
    for option in options:
        if option not in instrument.options:
            raise ValueError(f"{name} has no option {option!r}; {did_you_mean(option, instrument.options)}")
    return instrument
