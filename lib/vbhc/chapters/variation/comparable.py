"""Before performance: who answered, what was coded, and who has records enough to be judged."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.frames import Score, many, may_be_named, one
from vbhc.publish.results import Result, Table
from vbhc.statistics.variation.funnel import by_unit, quantile, share_limits, z_scores
from vbhc.statistics.variation.overdispersion import tau_dersimonian_laird
from vbhc.study import Study

ANSWERS, CODING, FEW = "answers", "coding", "few"


def registration(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame:
    """Return one row per provider of what its data are worth, before any result.

    Returns
    -------
    DataFrame
        `provider, patients, records, answered` (share with the score at the end), `coded` (illnesses a
        patient; missing where no columns are declared) and `first`: "answers" (fewer than declared), "coding"
        (fewer illnesses than the outer limits allow, true spread of patients allowed for), "few" records, "".
    """
    plan, own = study.config.variation, score.patients["provider"]
    groups = score.patients["observed"].notna().groupby(own)
    made = pd.DataFrame({"patients": groups.size(), "answered": groups.mean()}).astype({"patients": int})
    made["records"] = score.patients["residual"].notna().groupby(own).sum()
    made["coded"], thin = _coded(study, patients, own)
    made["first"] = ""
    made.loc[made["records"] < plan.fewest, "first"] = FEW
    made.loc[made.index.isin(thin), "first"] = CODING
    made.loc[made["answered"] < plan.registration.response, "first"] = ANSWERS
    return made.rename_axis("provider").reset_index()


def _coded(study: Study, patients: pd.DataFrame, own: pd.Series) -> tuple[pd.Series | float, list[str]]:
    """Return the mean number of coded illnesses by provider, and who codes far fewer than all others."""
    columns = list(study.config.variation.registration.coding)
    if not columns:
        return float("nan"), []
    counts = patients[columns].astype("Float64").sum(axis=1).astype(float)
    units = by_unit(counts - counts.mean(), own, study.config.variation.fewest)
    tau = tau_dersimonian_laird(units["estimate"], units["standard_error"])
    thin = z_scores(units, tau) < -quantile(study.config.variation.alert.act)
    return counts.groupby(own).mean(), units["unit"][thin].tolist()


def comparable(study: Study, data: pd.DataFrame) -> Result:
    """Show what the providers' data are worth, and say whose results are not to be judged yet.

    Parameters
    ----------
    data : DataFrame
        From `registration`.
    """
    rows = [
        ("Patients", "patients", 0, ""),
        ("Records to judge by", "records", 0, FEW),
    ]
    rows += [("Share who answered", "answered", 2, ANSWERS)]
    rows += [] if data["coded"].isna().all() else [("Coded illnesses a patient", "coded", 2, CODING)]
    table = pd.DataFrame([_row(data, *row) for row in rows])
    made = Table(
        table.drop(columns="places"),
        f"{len(data)} {many(study)} before any result is looked at",
        labels={"about": f"Of a {one(study)}", "things": f"{wording.sentence_case(many(study))} set apart"},
        rules={"decimals": {name: table["places"].tolist() for name in ("q1", "median", "q3")}},
    )
    beyond = _beyond_chance(study, data)
    coverage = f"{study.config.coverage}." if study.config.coverage else ""
    return Result("comparable", says=[_set_apart(study, data), beyond, coverage], table=made)


def _beyond_chance(study: Study, data: pd.DataFrame) -> str:
    """How many providers' shares of answers chance alone does not explain; "" where all answered."""
    answered = (data["answered"] * data["patients"]).sum() / data["patients"].sum()
    level = study.config.variation.alert.act
    low, high = share_limits(data["patients"].to_numpy(), answered, level)
    out = int(((data["answered"] < low) | (data["answered"] > high)).sum())
    if answered > 0.98:
        return ""
    return (
        f"{wording.percent(answered)} of patients in the data answered at the end; in {out} "
        f"{one(study) if out == 1 else many(study)} the share lies outside the {wording.level_name(level)} "
        "limits of chance."
    )


def _row(data: pd.DataFrame, about: str, column: str, places: int, mark: str) -> dict:
    low, middle, high = data[column].astype(float).quantile([0.25, 0.5, 0.75])
    things = int((data["first"] == mark).sum()) if mark else 0
    return {"about": about, "q1": low, "median": middle, "q3": high, "things": things, "places": places}


def _set_apart(study: Study, data: pd.DataFrame) -> str:
    rule = study.config.variation
    whys = {
        ANSWERS: f"fewer than {wording.percent(rule.registration.response)} of patients answered",
        CODING: "far fewer illnesses are coded than elsewhere",
        FEW: f"there are fewer than {rule.fewest} records",
    }
    parts = []
    for mark, why in whys.items():
        own = data.loc[data["first"] == mark, "provider"].tolist()
        if own:
            parts.append(f"{named(study, own)} because {why}")
    judged = int((data["first"] == "").sum())
    if not parts:
        return (
            f"All {len(data)} {many(study)} have data good enough to be compared by the rules set beforehand."
        )
    return f"{judged} of {len(data)} {many(study)} can be judged. Set apart: {'; '.join(parts)}."


def named(study: Study, providers: list[str]) -> str:
    """Return providers by name where that is allowed, or how many they are: "H08", "2 hospitals"."""
    if may_be_named(study) and len(providers) <= 6:
        return wording.listing(providers)
    return f"{len(providers)} {one(study) if len(providers) == 1 else many(study)}"
