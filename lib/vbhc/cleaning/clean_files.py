"""Write and load what cleaning makes, in `data/<study>/clean/`: private; same input, same bytes."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.cleaning.questions import Question
from vbhc.cleaning.scoring import COLUMN_FIELDS
from vbhc.files.texts import as_text, texts_of
from vbhc.problems import fault
from vbhc.study import Study, private
from vbhc.study.kept import forget

FILES = {
    **dict.fromkeys(("patients", "cost_lines", "respondents"), "parquet"),
    **dict.fromkeys(("quarantine", "flow", "columns"), "csv"),
}
SURVEY = "respondents.parquet"


class Cleaned(NamedTuple):
    """Everything that cleaning makes of a study.

    patients: one row each, the key first; cost_lines: priced resource lines (empty without costs);
    quarantine: source, row, column, value, rule; flow: step, n, detail, source; columns: what each column of
    `patients` is; notes: sentences on what was guessed, assumed or left out, to be printed with the results;
    respondents: one row each of the stakeholders' survey (None where the study has none); questions: what is
    probably wrong, as the analyst sees it (of each, `notes` has a line without cells; not written).
    """

    patients: pd.DataFrame
    cost_lines: pd.DataFrame
    quarantine: pd.DataFrame
    flow: pd.DataFrame
    columns: pd.DataFrame
    notes: list[str]
    respondents: pd.DataFrame | None = None
    questions: Sequence[Question] = ()


def narrow(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in less memory: repeated texts as categories, numbers in 32 bits where none changes."""
    columns = {}
    with np.errstate(over="ignore"):  # a number too large for them is another
        for name, column in table.items():
            if column.dtype == "str":
                column = as_text(texts_of(column))
            elif column.dtype == "float64" and column.equals(column.astype("float32").astype("float64")):
                column = column.astype("float32")
            columns[name] = column
    narrowed = pd.DataFrame(columns, index=table.index)
    narrowed.attrs = table.attrs
    return narrowed


def widened(table: pd.DataFrame) -> pd.DataFrame:
    """Return a narrowed table with texts and numbers as files hold them."""
    wide = {"category": "str", "float32": "float64"}
    return table.astype({name: wide[str(kind)] for name, kind in table.dtypes.items() if str(kind) in wide})


def write_clean(study: Study, cleaned: Cleaned) -> Path:
    """Write the cleaned study to `data/<study>/clean/` (private) and return that folder.

    The same input gives the same bytes; each file is written beside its place and moved there when complete.
    """
    private.keep(study.clean)
    (study.clean / SURVEY).unlink(missing_ok=True)
    forget(study)
    for name, kind in FILES.items():
        frame, part = getattr(cleaned, name), study.clean / f".{name}.part"
        if frame is None:
            continue
        if kind == "parquet":
            widened(frame).to_parquet(part, engine="pyarrow", compression="zstd", index=False)
        else:
            frame.to_csv(part, index=False, lineterminator="\n")
        os.replace(part, study.clean / f"{name}.{kind}")
    notes = study.clean / ".notes.part"
    notes.write_text("".join(f"{note}\n" for note in cleaned.notes), encoding="utf-8")
    os.replace(notes, study.clean / "notes.txt")
    return private.keep(study.clean)


def load_cleaned(study: Study) -> Cleaned:
    """Return what `write_clean` wrote."""
    quarantine = pd.read_csv(_clean_file(study, "quarantine.csv"), keep_default_na=False)
    notes = _clean_file(study, "notes.txt").read_text(encoding="utf-8").splitlines()
    people, lines = load_patients(study), load_cost_lines(study)
    rest = (quarantine, load_flow(study), load_columns(study), notes, load_respondents(study))
    return Cleaned(people, lines, *rest)


def load_patients(study: Study) -> pd.DataFrame:
    """Return the cleaned patients' table."""
    return pd.read_parquet(_clean_file(study, "patients.parquet"))


def load_respondents(study: Study) -> pd.DataFrame | None:
    """Return the cleaned respondents of the stakeholders' survey; None where the study declares none."""
    return pd.read_parquet(_clean_file(study, SURVEY)) if study.config.survey else None


def load_cost_lines(study: Study) -> pd.DataFrame:
    """Return the priced resource lines."""
    return pd.read_parquet(_clean_file(study, "cost_lines.parquet"))


def load_columns(study: Study) -> pd.DataFrame:
    """Return what each column of the patients' table is (empty text stays empty text)."""
    text = {name: str for name in COLUMN_FIELDS if name not in ("min", "max")}
    gaps, path = {"min": "", "max": ""}, _clean_file(study, "columns.csv")
    frame = pd.read_csv(path, dtype=text, keep_default_na=False, na_values=gaps)
    return frame.astype({"min": "float64", "max": "float64"})


def load_flow(study: Study) -> pd.DataFrame:
    """Return the participant flow (step, n, detail, source)."""
    return pd.read_csv(_clean_file(study, "flow.csv"), keep_default_na=False)


def _clean_file(study: Study, name: str) -> Path:
    path = study.clean / name
    if not path.is_file():
        fix = f"run 01-cleaning: vbhc run {study.name} --only 01-cleaning"
        raise fault(study.shown(f"clean/{name}"), "not made yet", fix)
    return path
