"""Bring the sources of a study together: one row per patient, the columns of each visit side by side."""

from collections.abc import Collection
from contextlib import suppress
from typing import Any

import pandas as pd

from vbhc.cleaning import ids
from vbhc.cleaning.costs.unit_costs import of_plics, read_unit_costs
from vbhc.cleaning.rows import Sifted, move_to_quarantine, sift
from vbhc.cleaning.scoring import OF_A_SCALE, describe
from vbhc.cleaning.sources import RESPONDENTS, VISIT
from vbhc.cleaning.validation import CELL
from vbhc.problems import Problem, StudyError
from vbhc.study import Study
from vbhc.study.config import LINES
from vbhc.study.dictionary import Column

PATIENT_LAYOUTS = ("patients", "nhs-proms")
NOT_OF_ITS_TYPE = ("no number", "no whole number", "no date such as 2023-05-31")
FEW_ROWS = 3
WITH_PATIENT = "the patient's row in"  # how the rule begins by which rows go with their patient's


def sift_sources(study: Study, skip: Collection[str] = ()) -> tuple[dict[str, Sifted], str, list[Problem]]:
    """Return the sources that can be sifted (none of `skip`), the patients' source, and why others cannot."""
    config = study.config
    base = next((n for n, s in config.sources.items() if s.layout in PATIENT_LAYOUTS), "")
    sifted: dict[str, Sifted] = {}
    problems: list[Problem] = []
    layouts = {source.layout for source in config.sources.values()}
    nobody = (config.interviews or config.survey) is not None and layouts <= {RESPONDENTS}
    if not base and not nobody:
        found = "no source with a row per patient"
        fix = "a source with layout: patients, or coded `interviews`"
        problems.append(Problem(study.shown("study.yml"), found, fix, "sources"))
    resources = _priced_resources(study)
    for name in config.sources:
        try:
            if name not in skip:
                sifted[name] = sift(study, name, tuple(config.visits), resources)
        except StudyError as error:
            problems += error.problems
    problems += [problem for one in sifted.values() for problem in _declared_wrong(study, one)]
    problems += _visits_without_rows(study, sifted)
    if base in sifted and not sifted[base].read:
        found = "has a header and no rows"
        problems.append(Problem(study.shown(config.sources[base].file), found, "one row per patient"))
    elif base in sifted:
        for name in (n for n in sifted if n != base and sifted[n].layout != RESPONDENTS):
            before, sifted[name] = sifted[name], _known_patients(sifted[name], sifted[base], config.key)
            if len(before.kept) and sifted[name].kept.empty:
                found = f"no row is of a patient in {base}"
                fix = ids.guess(before.kept[config.key], set(sifted[base].kept[config.key]))
                problems.append(Problem(study.shown(config.sources[name].file), found, fix, config.key))
    return sifted, base, problems


def _declared_wrong(study: Study, sifted: Sifted) -> list[Problem]:
    """Return the problem of a source of which so much would go that its declaration must be wrong.

    Nothing would be left, or most cells of a column break the same rule (a decimal comma read as a point):
    to go on with the few others would give costs and outcomes of a remainder.
    """
    file, fix = study.shown(study.config.sources[sifted.name].file), "`vbhc check` lists what is wrong"
    if sifted.read and sifted.kept.empty:
        return [Problem(file, "every row breaks a rule, so that nothing would be left", fix)]
    lines = sifted.quarantine
    lines = lines[lines["rule"].isin(NOT_OF_ITS_TYPE) | (lines["aside"] == CELL)]
    counts = lines.groupby(["column", "rule"], sort=False)["row"].nunique()
    return [
        Problem(file, f"{rule} in {n:,} of {sifted.read:,} rows, too many to set aside", fix, column)
        for (column, rule), n in counts.items()
        if n > max(FEW_ROWS, sifted.read / 2)
    ]


def _visits_without_rows(study: Study, sifted: dict[str, Sifted]) -> list[Problem]:
    """Return the visits of study.yml that no row has, where rows have visits that study.yml has not.

    One alone is a visit still to come, or one that nobody asked about.
    """
    long = [one for name, one in sifted.items() if study.config.sources[name].layout == "visits"]
    seen = {visit for one in long for visit in one.kept[VISIT].unique()}
    lines = pd.concat([one.quarantine for one in long]) if long else pd.DataFrame(columns=["column", "value"])
    other = lines.loc[lines["column"] == VISIT, "value"].dropna().unique().tolist()
    absent = [visit for visit in study.config.visits if visit not in seen]
    if not absent or not other:
        return []
    found = f"no row of visit {' or '.join(map(repr, absent))}"
    fix = f"rows name {', '.join(map(repr, other[:3]))}: call it the same in both"
    return [Problem(study.shown("study.yml"), found, fix, "visits")]


def _priced_resources(study: Study) -> list[str]:
    """Return the resources that have a price; none where the table has faults, which are told elsewhere."""
    cost = study.config.cost
    if cost and of_plics(study.config):
        return [resource for listed in cost.components.values() for resource in listed]
    with suppress(StudyError):
        return list(read_unit_costs(study)["resource"]) if cost else []
    return []


def _known_patients(sifted: Sifted, base: Sifted, key: str) -> Sifted:
    """Quarantine rows whose patient is not among the patients kept, apart: in quarantine, or nowhere."""
    in_quarantine = sifted.kept[key].isin(set(base.rejected.values()) - set(base.kept[key]))
    sifted = move_to_quarantine(sifted, in_quarantine, key, f"{WITH_PATIENT} {base.name} is in quarantine")
    unknown = ~sifted.kept[key].isin(base.kept[key])
    return move_to_quarantine(sifted, unknown, key, f"no such patient in {base.name}")


def wide(study: Study, sifted: dict[str, Sifted], base: str) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return one row per patient, the columns of visits with their suffix, and what each column is."""
    key = study.config.key
    patients = sifted[base].kept.reset_index(drop=True)
    patients = patients[[key, *(name for name in patients.columns if name != key)]]
    columns = [from_dictionary(sifted[base], name) for name in patients.columns]
    for name, source in sifted.items():
        if name == base or source.layout in (*LINES, RESPONDENTS):
            continue
        if source.layout == "visits":
            part, described = _pivot_visits(study, source)
        else:
            part = source.kept.set_index(key)
            described = [from_dictionary(source, column) for column in part.columns]
        patients = patients.join(part, on=key)
        columns += described
    return patients, columns


def _pivot_visits(study: Study, source: Sifted) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    key = study.config.key
    values = [name for name in source.kept.columns if name not in (key, VISIT)]
    parts, described = [], []
    for visit, spec in study.config.visits.items():
        parts.append(source.kept[source.kept[VISIT] == visit].set_index(key)[values].add_suffix(f"_{visit}"))
        described += [
            {**column, "name": f"{column['name']}_{visit}", "label": f"{column['label']}, {spec.label}"}
            for column in (from_dictionary(source, name) for name in values)
        ]
    return pd.concat(parts, axis=1), described


def from_dictionary(sifted: Sifted, name: str) -> dict[str, Any]:
    """Describe a clean column by the data dictionary, or as its file labels it; else by its name."""
    column = sifted.columns.get(name) or Column(name, "", "string")
    pairs = zip(column.allowed, column.labels, strict=True)
    meaning = [f"{code}={label}" if label else code for code, label in pairs]
    if column.type == "category":
        meaning = list(column.meaning.values())
    known = {name: getattr(column, name) for name in (*OF_A_SCALE, "derived_from")}
    known |= {"source": sifted.name, "labels": ";".join(meaning)}
    return describe(name, column.label or name.replace("_", " ").capitalize(), column.type, **known)
