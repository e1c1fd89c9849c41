"""Patient-level cost lines, shown: what of the declared total was matched, and how lines become pathways."""

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.variation import layout
from vbhc.cleaning.costs.plics import rolled_up
from vbhc.cleaning.costs.unit_costs import of_plics
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.wording import percent


def cost_lines(study: Study) -> pd.DataFrame | None:
    """Return the lines of complete episodes of the study's patients; None where it has no such file."""
    return cleaning.load_cost_lines(study) if of_plics(study.config) else None


def lines_matched(study: Study, lines: pd.DataFrame | None) -> Result | None:
    """Show which parts of the declared total are whose; from `cost_lines`."""
    if lines is None:
        return None
    table, cost = pd.DataFrame(lines.attrs["matched"]), study.config.cost
    share = table["share"].iloc[0]
    said = f"{percent(share, 1)} of the declared total is of complete episodes of patients here."
    divided = [f"Patients' costs are these divided by the market forces factor {cost.mff:g}."]
    notes = divided if cost.mff != 1 else []
    shown = layout.table("plics-matched", table, {"currency": cost.currency}, notes=notes)
    return Result("plics-matched", says=[said], table=shown)


def lines_rolled_up(study: Study, lines: pd.DataFrame | None) -> Result | None:
    """Show how lines make episodes, episodes spells, and spells the pathway of a patient."""
    if lines is None:
        return None
    words, table = {"currency": study.config.cost.currency}, rolled_up(lines, study.config.key)
    return Result("plics-levels", table=layout.table("plics-levels", table, words))
