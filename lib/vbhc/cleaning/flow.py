"""Participant flow: who was assessed, who was left out and why, who can answer each question of the study."""

from collections.abc import Mapping

import pandas as pd

from vbhc.cleaning.rows import Sifted
from vbhc.cleaning.scoring import score_label
from vbhc.cleaning.sources import RESPONDENTS
from vbhc.cleaning.validation import ROW
from vbhc.study import Study
from vbhc.study.dictionary import Column

FLOW_COLUMNS = ("step", "n", "detail", "source")


def participant_flow(
    study: Study, sifted: Mapping[str, Sifted], patients: pd.DataFrame, base: str
) -> pd.DataFrame:
    """Return the flow table.

    Parameters
    ----------
    study : Study
    sifted : mapping
        Every source after its checks.
    patients : DataFrame
        The cleaned patients.
    base : str
        The source whose rows are patients.

    Returns
    -------
    DataFrame
        `step`, `n`, `detail`, `source`. For each source `assessed` (rows read), `excluded` (a line a reason;
        a row with several counts once, under its first) and `kept` (rows): assessed = excluded + kept. Then,
        for patients: `with outcome`, `with cost`, `with perception`, `with all`, where the study has them.
    """
    rows = []
    for name in (base, *(other for other in sifted if other != base)):
        what = RESPONDENTS if sifted[name].layout == RESPONDENTS else "rows"
        rows += source_flow(study, sifted[name], "patients" if name == base else what)
    rows += [
        {"step": step, "n": int(has.sum()), "detail": detail, "source": ""}
        for step, has, detail in questions(study, patients)
    ]
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS))


def questions(study: Study, patients: pd.DataFrame) -> list[tuple[str, pd.Series, str]]:
    """Return, per question of the study, which patients can answer it: (step, boolean per patient, words)."""
    config, found = study.config, []
    if config.value_quota:
        stem = config.value_quota.outcome
        pair = [f"{stem}_{study.baseline}", f"{stem}_{study.follow_up}"]
        if set(pair) <= set(patients.columns):
            first, last = (config.visits[visit].label for visit in (study.baseline, study.follow_up))
            words = f"{score_label(study, stem)}: {first} and {last}"
            found.append(("with outcome", patients[pair].notna().all(axis=1), words))
    if config.cost and study.cost_column in patients.columns:
        words = "every component recorded" if config.cost.columns else "every resource priced"
        found.append(("with cost", patients[study.cost_column].notna(), words))
    if "perceived_value" in patients.columns:
        found.append(("with perception", patients["perceived_value"].notna(), config.perception.label))
    if len(found) > 1:
        everything = pd.concat([has for _, has, _ in found], axis=1).all(axis=1)
        words = " and ".join(step.removeprefix("with ") for step, _, _ in found)
        found.append(("with all", everything, words))
    return found


def source_flow(study: Study, sifted: Sifted, what: str) -> list[dict[str, object]]:
    """Return the flow of one source: rows assessed, excluded by reason, and kept; `what` a row is."""
    file = study.config.sources[sifted.name].file
    row = {"source": sifted.name}
    reasons = exclusion_reasons(sifted.quarantine, study.dictionary)
    return [
        {**row, "step": "assessed", "n": sifted.read, "detail": f"{what} in {file}"},
        *({**row, "step": "excluded", "n": n, "detail": reason} for reason, n in reasons.items()),
        {**row, "step": "kept", "n": len(sifted.kept), "detail": what},
    ]


def exclusion_reasons(quarantine: pd.DataFrame, dictionary: Mapping[str, Column]) -> dict[str, int]:
    """Return how many rows left for each reason, most frequent first; a row counts under its first reason.

    Rows of which a cell alone was set aside have not left.
    """
    first = quarantine[quarantine["aside"] == ROW].drop_duplicates("row")
    rule = first["rule"].str.replace(r"row \d+", "another row", regex=True)
    rule = rule.str.replace(r"; .*", "", regex=True)
    rule = rule.mask(rule.str.startswith("same "), "same key as another row but other content")
    label = first["column"].map(lambda name: dictionary[name].label if name in dictionary else name)
    return (label + ": " + rule).value_counts().to_dict() if len(first) else {}
