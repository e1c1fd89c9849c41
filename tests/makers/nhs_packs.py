"""The NHS packs that tests run on: the real files where they are, and the look-alike everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
from lookalike_pack import MEMBERS, SUMMARY, write_pack
from places import REPO

from vbhc.cleaning.sources.fetch import fetch
from vbhc.study import Study, load_study

REAL = REPO.parent / "shared" / "nhs-proms"
RECORDS = {"hip": "hip-provider-2018-19.csv.zip", "knee": "knee-provider-2017-18.csv.zip"}
ABSENT = f"the published NHS files are not in ../shared/{REAL.name}"


def real_files_present() -> bool:
    """Whether the published files lie beside the repository."""
    return all((REAL / name).is_file() for name in RECORDS.values())


def study_copy(procedure: str, folder: Path) -> Study:
    """Copy the shipped study without any raw file."""
    target = folder / "data" / f"nhs-{procedure}"
    source = REPO / "data" / f"nhs-{procedure}"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("raw", "clean", "runs"))
    return load_study(str(target))


def real_study(procedure: str, folder: Path) -> Study:
    """The shipped study with the published file, brought in and summed as `make data` does."""
    study = study_copy(procedure, folder)
    fetch(study, REAL)
    return study


def lookalike_study(procedure: str, folder: Path, n: int = 2000) -> Study:
    """The shipped study with the look-alike's file, of `n` records, in the published one's place."""
    study = study_copy(procedure, folder)
    write_pack(folder / "pack", n)
    study.raw.mkdir()
    shutil.copy(folder / "pack" / MEMBERS[procedure], study.source_file("proms"))
    return study


def published_summary(folder: Path, year: str = "") -> pd.DataFrame:
    """ProvComm of the real pack of a year ("2017-18"), or of the look-alike written to `folder`."""
    path = REAL / f"provcomm-{year}.csv.zip" if year else folder / "pack" / SUMMARY
    return pd.read_csv(path, dtype=str)


def per_provider(patients: pd.DataFrame, stem: str) -> pd.DataFrame:
    """Number, gain and improved / same / worse per revision and provider, from a cleaned study.

    As published, a record counts where both scores and the publisher's prediction are there.
    """
    modelled = patients[patients[f"predicted_{stem}_6m"].notna() & patients[f"{stem}_change"].notna()]
    change = modelled[f"{stem}_change"].round(9)
    keys = [modelled["revision"], modelled["provider"]]
    signs = {"improved": change > 0, "same": change == 0, "worse": change < 0}
    counts = {name: sign.groupby(keys).sum() for name, sign in signs.items()}
    groups = change.groupby(keys)
    return pd.DataFrame({"n": groups.size(), "gain": groups.mean(), **counts})
