"""A study that goes wrong wherever a study can: few followed up, all ties, one clinician, markup in texts."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

TITLE = "Ugly <script>alert('title')</script> & sons"
LABEL = "Care <script>alert('label')</script>"
PATIENTS = 40
FOLLOWED_UP = 6


def write_ugly_study(source: Path, folder: Path) -> None:
    """Write the ugly study into `folder`, from the shipped synthetic one in `source`."""
    # Its interviews are others, so no passage of them has been let out for quoting.
    left = ("clean", "runs", "raw", "quotations.yml")
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*left))
    (folder / "raw").mkdir()
    for name in ("programmes.csv", "metrics.csv"):
        shutil.copy(source / "raw" / name, folder / "raw")
    config = (source / "study.yml").read_text(encoding="utf-8")
    title = next(line for line in config.splitlines() if line.startswith("title:"))
    config = config.replace(title, f'title: "{TITLE}"')
    config = config.replace("label: Perceived quality of care", f'label: "{LABEL}"')
    (folder / "study.yml").write_text(config, encoding="utf-8")
    keep = _write_patients(source, folder)
    _write_answers(source, folder, keep)
    _filter_rows(source, folder, "resources.csv", lambda row: row["patient_id"] in keep)
    _write_survey(source, folder)
    _write_interviews(folder)


def _read(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def _write(path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_patients(source: Path, folder: Path) -> list[str]:
    """Keep some patients, decimal commas and all, and give everyone the same perception."""
    rows = _read(source / "raw/patients.csv", ";", "latin-1")[:PATIENTS]
    for row in rows:
        row.update({name: "3" for name in row if name.startswith("care_")})
        row["note"] = "=HYPERLINK('x') <img src=x onerror=alert(1)>"
    assert any("," in row["bmi"] for row in rows)
    _write(folder / "raw/patients.csv", rows, ";", "latin-1")
    return [row["patient_id"] for row in rows]


def _write_answers(source: Path, folder: Path, keep: list[str]) -> None:
    """Keep the follow-up of a few."""
    rows = [row for row in _read(source / "raw/answers.csv") if row["patient_id"] in keep]
    later = [row for row in rows if row["visit"] != "baseline"][:FOLLOWED_UP]
    _write(folder / "raw/answers.csv", [row for row in rows if row["visit"] == "baseline"] + later)


def _filter_rows(source: Path, folder: Path, name: str, wanted) -> None:
    _write(folder / "raw" / name, [row for row in _read(source / "raw" / name) if wanted(row)])


def _write_survey(source: Path, folder: Path) -> None:
    """Keep one respondent of each group, and give all of them the same grades."""
    rows = {row["respondent_role"]: row for row in _read(source / "raw/survey.csv")[30:]}
    for row in rows.values():
        row.update({name: "3" for name in row if name.startswith("value_")})
    _write(folder / "raw/survey.csv", list(rows.values()))


def _write_interviews(folder: Path) -> None:
    """Keep one clinician."""
    from vbhc.interviews import write_qdpx
    from vbhc.synthetic.interviews import make

    coded = make()
    people = coded.participants
    clinicians = people.loc[people["role"] == "clinician", "participant"]
    gone = set(clinicians.iloc[1:])
    documents = coded.documents[~coded.documents["participant"].isin(gone)]
    segments = coded.segments[coded.segments["doc"].isin(documents["doc"])]
    kept = coded._replace(
        participants=people[~people["participant"].isin(gone)],
        documents=documents,
        segments=segments,
        codings=coded.codings[coded.codings["seg"].isin(segments["seg"])],
    )
    kept.participants.to_csv(folder / "raw/participants.csv", index=False, lineterminator="\n")
    write_qdpx(kept, folder / "raw/interviews.qdpx")
