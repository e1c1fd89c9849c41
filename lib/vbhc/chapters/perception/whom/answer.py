"""The answer of 03c: whether anything looked at changes the value or its tie with what patients say."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.frames import inside, names, rating
from vbhc.chapters.perception.whom.depends import TIE, VALUE, standing
from vbhc.chapters.perception.whom.within import span
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result
from vbhc.study import Study


def whom_answer(
    study: Study, vq: Definition, compared: pd.DataFrame, within: pd.DataFrame, alpha: float = 0.05
) -> Result:
    """Return whether value or tie differ by place, severity or time, and how far groups spread."""
    quota = names(vq)["VQ"]
    if compared.empty:
        said = f"For whom {quota} goes with {rating(study)} cannot be said: no group has enough patients."
        return Result("answer", says=[said], role="answer")
    stand, looked = standing(compared, alpha), wording.listing(_splits(compared), "or")
    spread = f"Within the groups declared the tie {span(within)}." if len(within) else ""
    if stand.empty:
        first = (
            f"Whether {quota}, or its tie with {rating(study)}, differs by {looked} is undecided: no "
            "comparison stands after correction."
        )
        return Result("answer", says=[first, spread], role="answer")
    subjects = {VALUE: quota, TIE: f"its tie with {rating(study)}"}
    parts = [
        f"{subjects[what]} differs by {wording.listing(_splits(rows))}"
        for what, rows in stand.groupby("what", sort=False)
    ]
    return Result("answer", says=[f"After correction {wording.listing(parts)}.", spread], role="answer")


def _splits(rows: pd.DataFrame) -> list[str]:
    """What was compared, by name, each once."""
    return [inside(split) for split in dict.fromkeys(rows["split"])]
