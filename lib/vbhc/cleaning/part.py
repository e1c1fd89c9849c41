"""A part of a study, such as one of its providers, as a study of its own.

Its patients stand as they were cleaned with all others. They are not cleaned again: raw rows that were set
aside may be of any part.
"""

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from vbhc import shipped
from vbhc.cleaning.clean_files import Cleaned, load_cleaned, write_clean
from vbhc.cleaning.flow import FLOW_COLUMNS, questions
from vbhc.study import Study, load_study, private

GIVEN = "given"  # in the folder of a part: the clean tables that it is made of
# What study.yml says of the whole, or of people who belong to no part.
OF_THE_WHOLE = ("variation", "interviews", "survey", "based_on")
OWN = ("study.yml", "README.md", "notes.md")


def write_part(study: Study, whole: Cleaned, keys: Collection[str], title: str, folder: Path) -> None:
    """Write the patients with some keys as a study of that title: the same patients give the same bytes.

    Parameters
    ----------
    whole : Cleaned
        All clean tables of the study.
    folder : Path
        Where the new study lies. It gets dictionary, tables and study.yml of the whole, without the parts of
        `OF_THE_WHOLE` and without notes.
    """
    private.keep(folder)
    apart = {*OWN, *(source.file for source in study.config.sources.values())}
    for path in study.folder.iterdir():
        if path.is_file() and path.name not in apart:
            shutil.copyfile(path, folder / path.name)
    declared = yaml.load((study.folder / "study.yml").read_text(encoding="utf-8-sig"), shipped.yaml_loader())
    kept = {name: value for name, value in declared.items() if name not in OF_THE_WHOLE}
    kept["groups"].pop(declared["variation"]["group"])  # of which there is one
    text = yaml.safe_dump(kept | {"title": title}, sort_keys=False, allow_unicode=True)
    (folder / "study.yml").write_text(text, encoding="utf-8")
    part = load_study(str(folder))
    write_clean(_given(part), _restricted(part, whole, keys, study.name))


def given(study: Study) -> Cleaned | None:
    """Return the clean tables that a part was made of; None for a study that is no part."""
    tables = _given(study)
    return load_cleaned(tables) if tables.folder.is_dir() else None


def _given(study: Study) -> Study:
    """The study whose clean tables are those that a part was given."""
    return replace(study, folder=study.folder / GIVEN)


def _restricted(part: Study, whole: Cleaned, keys: Collection[str], name: str) -> Cleaned:
    """Return what cleaning made of some patients; what it set aside is nobody's that is known."""
    key = part.config.key
    patients, lines = (
        table[table[key].isin(keys)].reset_index(drop=True) if key in table else table
        for table in (whole.patients, whole.cost_lines)
    )
    rows = [(step, len(patients), "patients", f"{name}, cleaned") for step in ("assessed", "kept")]
    rows += [(step, int(has.sum()), words, "") for step, has, words in questions(part, patients)]
    flow = pd.DataFrame(rows, columns=list(FLOW_COLUMNS))
    note = f"Rows in quarantine are counted in the report of {name}, with which these patients were cleaned"
    return Cleaned(patients, lines, whole.quarantine.iloc[:0], flow, whole.columns, [note])
