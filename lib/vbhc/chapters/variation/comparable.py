"""Before performance: who answered, what was coded, and who has records enough to be judged."""

import pandas as pd

from vbhc import shipped, wording
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.frames import Score, how_many, inside, label_of, many, named, one, rounded
from vbhc.chapters.variation.sentences import say
from vbhc.publish.results import Result, either
from vbhc.statistics.variation.funnel import by_unit, quantile, share_limits, tau_dersimonian_laird, z_scores
from vbhc.study import Study

ANSWERS, CODING, FEW = "answers", "coding", "few"
ROWS = [tuple(row.values()) for row in shipped.rows(__file__, "registration.csv")]


def registration(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame:
    """Return one row per provider of what its data are worth, before any result.

    Returns
    -------
    DataFrame
        `provider, patients, records, answered` (share with the score at the end), `coded` (illnesses a
        patient; missing where no columns are declared) and `first`: "answers" (fewer than declared, of enough
        patients), "coding" (fewer illnesses than the outer limits allow, true spread of patients allowed
        for), "few" records, "". Numbers are as the policy rounds them, what was judged was not.
    """
    plan, own = study.config.variation, score.patients["provider"]
    groups = score.patients["observed"].notna().groupby(own)
    made = pd.DataFrame({"patients": groups.size(), "answered": groups.mean()}).astype({"patients": int})
    made["records"] = score.patients["residual"].notna().groupby(own).sum()
    made["coded"], thin = _coded(study, patients, own)
    made["first"] = ""
    made.loc[made["records"] < plan.fewest, "first"] = FEW
    made.loc[made.index.isin(thin), "first"] = CODING
    silent = made["answered"] < plan.registration.response
    made.loc[silent & (made["patients"] >= plan.fewest), "first"] = ANSWERS
    shown = {name: rounded(made[name], study) for name in ("patients", "records")}
    answers = rounded((made["answered"] * made["patients"]).round(), study)
    made = made.assign(**shown, answered=answers / shown["patients"])
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
    table = pd.DataFrame([_row(data, *row) for row in ROWS if not data[row[1]].isna().all()])
    words = {"n": len(data), "one": one(study), "many": many(study)}
    words["Many"] = wording.sentence_case(many(study))
    rules = {"decimals": {name: table["places"].tolist() for name in ("q1", "median", "q3")}}
    made = layout.table("comparable", table.drop(columns="places"), words, rules)
    coverage = f"{study.config.coverage}." if study.config.coverage else ""
    says = [_only(study), _set_apart(study, data), _beyond_chance(study, data), coverage]
    return Result("comparable", says=says, table=made)


def _only(study: Study) -> str:
    """Which patients alone are compared, in words; "" where all are."""
    ends = {name: x if isinstance(x, list) else [x] for name, x in study.config.variation.only.items()}
    rules = [f"{inside(label_of(study, name))}: {' to '.join(map(str, own))}" for name, own in ends.items()]
    return say("only", rules=wording.listing(rules)) if rules else ""


def _beyond_chance(study: Study, data: pd.DataFrame) -> str:
    """How many providers' shares of answers chance alone does not explain; "" where all answered."""
    answered = (data["answered"] * data["patients"]).sum() / data["patients"].sum()
    level = study.config.variation.alert.act
    low, high = share_limits(data["patients"].to_numpy(), answered, level)
    places = how_many(study, int(((data["answered"] < low) | (data["answered"] > high)).sum()))
    if answered > 0.98:
        return ""
    # which place lies inside says how few of it, if any, did not answer
    said = say("answered-beyond-chance", share=answered, places=places, level=level)
    return either(said, f"{said.partition(';')[0]}.")


def _row(data: pd.DataFrame, about: str, column: str, places: str, mark: str) -> dict:
    low, middle, high = data[column].astype(float).quantile([0.25, 0.5, 0.75])
    things = int((data["first"] == mark).sum()) if mark else 0
    return {"about": about, "q1": low, "median": middle, "q3": high, "things": things, "places": int(places)}


def _set_apart(study: Study, data: pd.DataFrame) -> str:
    rule, parts = study.config.variation, []
    for mark in (ANSWERS, CODING, FEW):
        own = data.loc[data["first"] == mark, "provider"].tolist()
        if own:
            why = say(f"apart-{mark}", response=float(rule.registration.response), fewest=rule.fewest)
            parts.append(f"{named(study, own)} because {why}")
    told = {"judged": int((data["first"] == "").sum()), "n": len(data), "many": many(study)}
    return say("some-comparable" if parts else "all-comparable", **told, parts="; ".join(parts))
