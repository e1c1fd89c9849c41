"""From the raw files of a study to one table of patients: sifted, pivoted, scored, costed; no row is lost."""

import pandas as pd

from vbhc.cleaning.checking import structure_problems
from vbhc.cleaning.clean_files import (
    Cleaned,
    load_cleaned,
    load_columns,
    load_cost_lines,
    load_flow,
    load_patients,
    load_respondents,
    narrow,
    write_clean,
)
from vbhc.cleaning.coded_interviews import interviewees, read_interviews, surveyed_columns
from vbhc.cleaning.costs import plics, resources, unit_costs
from vbhc.cleaning.flow import participant_flow, source_flow
from vbhc.cleaning.part import given
from vbhc.cleaning.patients_table import sift_sources, wide
from vbhc.cleaning.questions import questions
from vbhc.cleaning.rows import Sifted
from vbhc.cleaning.scoring import COLUMN_FIELDS, Meta, add_changes, describe, score_instruments, with_profiles
from vbhc.cleaning.sources import QUANTITY, RESOURCE, RESPONDENTS
from vbhc.cleaning.validation import QUARANTINE_COLUMNS
from vbhc.problems import StudyError, did_you_mean, fault, refuse
from vbhc.study import Study


def clean(study: Study) -> Cleaned:
    """Return the cleaned study; nothing is written (see `write_clean`).

    Missing codes become missing before any arithmetic; rows that break a rule of the dictionary, repeat
    another or belong to an unknown patient go to the quarantine, each with its reasons; rows read = kept +
    quarantined holds for every source or `RowsLostError` is raised. No answer is ever filled in. A part of
    another study is what that one's cleaning made of it.

    Raises
    ------
    StudyError
        With every problem that stands in the way: names that nothing declares, faulty unit costs, files that
        are absent or cannot be read.
    """
    if part := given(study):
        return part
    refuse(structure_problems(study))
    sifted, base, problems = sift_sources(study)
    refuse(problems)
    cleaned = joined(study, sifted, base)
    del sifted  # the cells as they were written
    return cleaned._replace(patients=narrow(cleaned.patients), cost_lines=narrow(cleaned.cost_lines))


def joined(study: Study, sifted: dict[str, Sifted], base: str) -> Cleaned:
    """Return the cleaned study of sources that were sifted; `base` is the one with a row per patient."""
    if not base:
        return _without_patients(study, sifted)
    patients, columns = with_profiles(study, *wide(study, sifted, base))
    notes = [note for source in sifted.values() for note in source.notes]
    scored = score_instruments(study, patients)
    scores = [column for part in scored for column in part.columns]
    patients, columns = _without(patients, columns, {score["name"] for score in scores})
    patients = pd.concat([patients, *(part.scores for part in scored)], axis=1)
    patients, columns = _without(patients, columns, {f"{score['stem']}_change" for score in scores})
    patients, changes = add_changes(study, patients, scores)
    columns += scores + changes
    patients, columns = _add_perceived_value(study, patients, columns)
    patients, columns, lines, more = _add_costs(study, patients, columns, sifted)
    notes += more
    asked = questions(study, sifted, patients)
    notes += [question.note for question in asked]
    quarantine = pd.concat([source.quarantine for source in sifted.values()], ignore_index=True)
    flow = participant_flow(study, sifted, patients, base)
    frame = pd.DataFrame(columns).set_index("name").loc[list(patients.columns)].reset_index()
    columns = frame[list(COLUMN_FIELDS)]
    return Cleaned(patients, lines, quarantine, flow, columns, notes, respondents_of(study, sifted), asked)


def _without(patients: pd.DataFrame, columns: Meta, names: set[str]) -> tuple[pd.DataFrame, Meta]:
    """Leave out raw columns that computed ones stand for: a ready-made score keeps its name."""
    kept = [column for column in columns if column["name"] not in names]
    return patients.drop(columns=list(names & set(patients.columns))), kept


def respondents_of(study: Study, sifted: dict[str, Sifted]) -> pd.DataFrame | None:
    """Return the rows of the stakeholders' survey that were kept; None where none is declared."""
    survey = study.config.survey
    return None if survey is None else sifted[survey.source].kept.reset_index(drop=True)


def _without_patients(study: Study, sifted: dict[str, Sifted]) -> Cleaned:
    """Return a study of interviews, of a survey, or of both, in which nobody is a patient."""
    if study.config.interviews is None:
        people, columns, flow = respondents_of(study, sifted), surveyed_columns(study), pd.DataFrame()
    else:
        people, columns, flow = interviewees(study)
    lines = [one.quarantine for one in sifted.values()] or [pd.DataFrame(columns=list(QUARANTINE_COLUMNS))]
    quarantine = pd.concat(lines, ignore_index=True)
    surveyed = [row for source in sifted.values() for row in source_flow(study, source, RESPONDENTS)]
    flow = pd.concat([flow, pd.DataFrame(surveyed)], ignore_index=True) if surveyed else flow
    notes = [note for source in sifted.values() for note in source.notes]
    return Cleaned(people, pd.DataFrame(), quarantine, flow, columns, notes, respondents_of(study, sifted))


def _add_perceived_value(study: Study, patients: pd.DataFrame, columns: Meta):
    """Add `perceived_value`: the perception column turned so that higher is better.

    With known ends it is turned about their middle (1 to 5 becomes 5 to 1), so that it keeps its range.
    """
    if (perception := study.config.perception) is None:
        return patients, columns
    known = {column["name"]: column for column in columns}
    names = (perception.column, f"{perception.column}_{perception.asked_at}")
    name = next((name for name in names if name in known), "")
    if not name:
        fix = did_you_mean(perception.column, known)
        found = f"no column {perception.column!r} after cleaning"
        raise fault(study.shown("study.yml"), found, fix, "perception.column")
    column, values = known[name], patients[name].astype("float64")
    if perception.direction == "lower is better":
        ends = (column["min"], column["max"])
        values = (0 if None in ends else sum(ends)) - values
        column = column | ({"min": None, "max": None} if None in ends else {})
    turned = "turned from: " if perception.direction == "lower is better" else ""
    told = {field: column[field] for field in ("unit", "min", "max", "source")}
    told |= {"direction": "higher is better", "derived_from": f"{turned}{name}"}
    described = describe("perceived_value", perception.label, "float", **told)
    patients, columns = _without(patients, columns, {"perceived_value"})
    return pd.concat([patients, values.rename("perceived_value")], axis=1), [*columns, described]


def _add_costs(study: Study, patients: pd.DataFrame, columns: Meta, sifted: dict[str, Sifted]):
    """Return patients and descriptions with the cost columns, the priced lines and what must be said."""
    cost, key = study.config.cost, study.config.key
    if cost is None:
        return patients, columns, pd.DataFrame(columns=[key, RESOURCE, QUANTITY, "component", "cost"]), []
    notes = [f"Cost assumption: {text}" for text in cost.assumptions]
    if cost.columns:
        lines = resources.no_lines(key)
        sums = resources.recorded_costs(patients, cost.columns)
        notes += [
            f"Cost of {name} is the column {column} as it stands; missing for "
            f"{int(patients[column].isna().sum()):,} of {len(patients):,} patients"
            for name, column in cost.columns.items()
        ]
    else:
        lines, more = _priced_lines(study, patients, sifted)
        sums = resources.cost_per_patient(lines, key, patients[key], cost.components)
        notes += more
    described = _describe_costs(study)
    sums = sums.set_axis([column["name"] for column in described], axis=1).set_axis(patients.index)
    patients, columns = _without(patients, columns, set(sums))
    return pd.concat([patients, sums], axis=1), columns + described, lines, notes


def _priced_lines(
    study: Study, patients: pd.DataFrame, sifted: dict[str, Sifted]
) -> tuple[pd.DataFrame, list[str]]:
    """Return what each patient used, priced, and what must be said about it."""
    cost, key = study.config.cost, study.config.key
    if unit_costs.of_plics(study.config):
        return _plics_lines(study, sifted[cost.lines])
    table = unit_costs.read_unit_costs(study)
    assumed = table[table["source"].str.lower().str.startswith("assumption")]
    notes = [f"Unit cost of {row.resource}: {row.source}" for row in assumed.itertuples()]
    if cost.lines:
        lines = sifted[cost.lines].kept.reset_index(drop=True).astype({RESOURCE: "str"})
        if incomplete := patients[key].isin(sifted[cost.lines].rejected.values()).sum():
            said = f"Patients with resource lines in quarantine: {incomplete}"
            notes.append(f"{said}; their cost is without them")
    else:
        lines, missing = resources.event_lines(patients, key, cost.events)
        notes += [
            f"{row.column} is missing for {row.n_missing:,} of {len(patients):,} patients; counted as: "
            f"{row.resource} not used"
            for row in missing.drop_duplicates(["column"]).itertuples()
            if row.n_missing
        ]
    return resources.price_lines(lines, table), notes


def _plics_lines(study: Study, sifted: Sifted) -> tuple[pd.DataFrame, list[str]]:
    """Return the lines of a patient-level costing file, reconciled, and what of it was matched."""
    source, cost = study.config.sources[sifted.name], study.config.cost
    nobody = sifted.quarantine.loc[sifted.quarantine["rule"].str.startswith("no such patient"), "row"]
    lost, file = pd.Index(nobody.unique()), study.shown(source.file)
    lines = plics.priced_plics(sifted.kept, sifted.text, lost, cost, file, source.decimal or ".")
    notes = [
        f"PLICS, {row['part']}: {row['lines']:,} lines, {cost.currency} {row['amount']:,.2f} "
        f"({row['share']:.1%} of the declared total)"
        for row in lines.attrs["matched"]
    ]
    divided = [f"PLICS: costs are divided by the market forces factor {cost.mff:g}"] if cost.mff != 1 else []
    return lines, notes + divided


def _describe_costs(study: Study) -> Meta:
    """Return what the cost columns are: a component each, then their sum."""
    cost = study.config.cost
    parts = [
        (study.cost_component_column(name), f"Cost: {name.replace('_', ' ')}", listed)
        for name, listed in ({name: (c,) for name, c in cost.columns.items()} or cost.components).items()
    ]
    source = cost.lines or ("columns" if cost.columns else "events")
    known = {"unit": f"{cost.currency} {cost.price_year}", "min": 0, "direction": "lower is better"}
    return [
        describe(name, label, "float", source=source, derived_from=f"cost of: {';'.join(made_of)}", **known)
        for name, label, made_of in (*parts, (study.cost_column, "Cost per patient", tuple(cost.components)))
    ]
