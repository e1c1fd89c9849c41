"""Patient-level costs as providers hold them (PLICS): a line per activity and resource of an episode.

The lines have to add up to the declared total to the penny, or nothing is read from them: a file that was cut
or doubled looks like any other.
"""

import pandas as pd

from vbhc.cleaning.sources import QUANTITY, RESOURCE
from vbhc.problems import fault
from vbhc.study.config import Cost

SPELL, EPISODE, COMPLETE, COST = "spell", "episode", "complete", "cost"
UNFINISHED = ("no", "false", "0", "incomplete")
HERE = "complete episodes of patients here"
APART = "incomplete episodes of patients here, kept apart"
NOBODY, OTHER = "of nobody here", "set aside for another reason"


def pence(cells: pd.Series, decimal: str = ".") -> pd.Series:
    """Return amounts as written in whole hundredths, exact; NaN where a cell is no number.

    >>> pence(pd.Series(["1,234.50", "0.1"])).tolist()
    [123450.0, 10.0]
    """
    mark = "," if decimal == "." else "."
    plain = cells.str.replace(mark, "", regex=False).str.replace(",", ".", regex=False)
    return (pd.to_numeric(plain, errors="coerce") * 100).round()


def reconciled(amounts: pd.Series, cost: Cost, shown: str) -> None:
    """Refuse lines that do not add up to the declared total to the penny.

    Raises StudyError with both sums and by how much they part, or how many cells are no amounts.
    """
    if amounts.isna().any():
        fix = "an amount in every line, or its cost is lost without a trace"
        raise fault(shown, f"{int(amounts.isna().sum()):,} lines without an amount", fix, COST)
    found, wanted = int(amounts.sum()), round(cost.declared_total * 100)
    if found != wanted:
        apart = f"{found / 100:,.2f}, and {wanted / 100:,.2f} is declared: {(found - wanted) / 100:+,.2f}"
        fix = "the whole file, or the right `cost.declared_total`"
        raise fault(shown, f"lines add up to {apart}", fix, COST)


def priced_plics(
    kept: pd.DataFrame, text: pd.DataFrame, unmatched: pd.Index, cost: Cost, shown: str, decimal: str = "."
) -> pd.DataFrame:
    """Return the lines that a patient's cost is made of, with what was matched.

    Parameters
    ----------
    kept : DataFrame
        Lines after their checks, index: row of the file. text: all lines as they stood in the file.
    unmatched : Index
        Rows of lines whose patient is not among the patients.
    cost : Cost
        Its `components` name the resources, `declared_total` the sum, `mff` the market forces factor by which
        costs are divided to make them comparable between places.

    Returns
    -------
    DataFrame
        Lines of complete episodes with `component, unit, unit_cost, cost` as `price_lines` has them;
        `attrs["matched"]` has `part, lines, amount, share` of every part of the declared total.
    """
    amounts = pence(text[COST], decimal)
    reconciled(amounts, cost, shown)
    unfinished = kept[COMPLETE].astype(str).str.lower().isin(UNFINISHED)
    part = pd.Series(OTHER, index=amounts.index)
    part[unmatched] = NOBODY
    part[kept.index] = unfinished.map({True: APART, False: HERE})
    sums = amounts.groupby(part).agg(["size", "sum"]).reindex([HERE, APART, NOBODY, OTHER], fill_value=0)
    matched = sums.set_axis(["lines", "amount"], axis=1).rename_axis("part").reset_index()
    matched["amount"] /= 100
    matched["share"] = matched["amount"] / cost.declared_total
    of = {resource: name for name, listed in cost.components.items() for resource in listed}
    lines = kept[~unfinished]
    component = lines[RESOURCE].astype(str).map(of)
    found = lines[COST].astype(float) / cost.mff
    made = {"component": component, "unit": "line", "unit_cost": found, QUANTITY: 1.0, COST: found}
    lines = lines.assign(**made).reset_index(drop=True)
    lines.attrs["matched"] = matched.to_dict("records")  # goes with the lines into their Parquet file
    return lines


def rolled_up(lines: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return how lines make episodes, episodes spells, and spells the pathway of a patient.

    Returns
    -------
    DataFrame
        `level, things` (how many), `mean, median` (cost of one). Every level holds the same total.

    Raises
    ------
    StudyError
        Where an episode lies in two spells, or a spell is of two patients.
    """
    for inner, outer in ((EPISODE, SPELL), (SPELL, key)):
        if (twice := lines.groupby(inner)[outer].nunique() > 1).any():
            found = f"{inner} {twice.idxmax()!r} belongs to more than one {outer}"
            raise fault("cost lines", found, "one only", inner)
    rows = []
    for level, column in (("episodes", EPISODE), ("spells", SPELL), ("patients", key)):
        sums = lines.groupby(column)[COST].sum()
        rows.append((level, len(sums), sums.mean(), sums.median()))
    return pd.DataFrame(rows, columns=["level", "things", "mean", "median"])
