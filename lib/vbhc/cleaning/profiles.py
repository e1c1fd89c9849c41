"""EQ-5D profiles that stand in one column (21232): taken apart into five columns of levels."""

from typing import Any

import pandas as pd

from vbhc import instruments
from vbhc.cleaning.scoring import describe, is_profile, item_columns, visits_of
from vbhc.problems import Problem, StudyError
from vbhc.study import Study


def with_profiles(
    study: Study, patients: pd.DataFrame, columns: list[dict[str, Any]]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return patients and descriptions with the levels of every profile, as `item_columns` names them.

    A profile that is missing has five missing levels; one that is none of the version's raises StudyError.
    """
    parts, described = [patients], list(columns)
    for name, use in study.config.instruments.items():
        one = instruments.get(use.instrument)
        for visit in visits_of(study, use) if is_profile(use, one.items) else ():
            raw = "_".join(filter(None, (use.items[0], visit)))
            text = patients[raw].astype("str").str.replace(r"\.0$", "", regex=True)
            try:
                levels = one.answers(text.where(patients[raw].notna()), **use.scored_with)
            except ValueError as error:
                where = f"instruments.{name}, {raw}"
                raise StudyError([Problem(study.shown("study.yml"), str(error), "", where)]) from error
            names = item_columns(use, one.items, visit)
            told = {column["name"] for column in described}
            new = [n for n in names if n not in told]  # a second use of the same profile has them already
            parts.append(levels.set_axis(names, axis=1)[new])
            described += [_described(n, raw, one.ranges[0]) for n in new]
    return pd.concat(parts, axis=1), described


def _described(name: str, raw: str, ends: tuple[int, int]) -> dict[str, Any]:
    known = {"unit": "level", "min": float(ends[0]), "max": float(ends[1]), "direction": "lower is better"}
    return describe(name, name.replace("_", " "), "integer", derived_from=raw, **known)
