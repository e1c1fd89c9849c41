"""Who is in the study, and how those who are missing at follow-up differ from those who stayed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.chapters.cleaning.scale_quality import score_columns
from vbhc.cleaning.costs.resources import event_lines
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.study import Study
from vbhc.wording import count, listing


def follow_up_comparison(patients: pd.DataFrame, followed: pd.Series, labels: dict[str, str]) -> pd.DataFrame:
    """Compare patients with and without follow-up on what was known before.

    Parameters
    ----------
    patients : DataFrame
        One row per patient; numeric columns are summarised as they stand.
    followed : Series of bool
        Same index: whether the follow-up outcome is there.
    labels : dict
        Column to label, in the order wanted.

    Returns
    -------
    DataFrame
        `variable, n_followed, mean_followed, n_missing, mean_missing, difference, standardised_difference`.
        The standardised difference is that of the means over the root mean of the two variances
        (Austin 2009, Stat Med 28:3083, eq. 1); above 0.1 in size is commonly read as imbalance.
        Missing values are left out variable by variable and show in the two n.
    """
    rows = []
    for column, label in labels.items():
        values = patients[column].astype(float)
        here, gone = values[followed].dropna(), values[~followed].dropna()
        spread = np.sqrt((here.var() + gone.var()) / 2)
        difference = here.mean() - gone.mean()
        size = difference / spread if spread > 0 else np.nan
        rows.append((label, len(here), here.mean(), len(gone), gone.mean(), difference, size))
    names = ["variable", "n_followed", "mean_followed", "n_missing", "mean_missing"]
    return pd.DataFrame(rows, columns=[*names, "difference", "standardised_difference"])


def follow_up_sentence(comparison: pd.DataFrame, n_followed: int, n_total: int, policy: Policy = OPEN) -> str:
    """Say how many are missing at follow-up and in what they differ most from those who stayed.

    Under a policy that protects without their number: it would tell, beside those who can answer every
    question, who has an outcome and no answer.
    """
    gone = n_total - n_followed
    if not gone:
        return f"All {n_total:,} patients have the outcome at follow-up."
    start = f"Of the patients, {count(gone, n_total)} have no outcome at follow-up"
    if policy.protects:
        start = "Not all patients have the outcome at follow-up"
    known = comparison.dropna(subset=["standardised_difference"])
    if known.empty:
        return f"{start}; nothing measured before tells who they are."
    worst = known.loc[known["standardised_difference"].abs().idxmax()]
    size = worst["standardised_difference"]
    if abs(size) < 0.1:
        return (
            f"{start}; on what was measured before they look like the others (all differences under 0.1 SD)."
        )
    side = "lower" if size > 0 else "higher"
    return (
        f"{start}; they differ most in {worst['variable']}, where they stood {side} before "
        f"(mean {worst['mean_missing']:.1f} against {worst['mean_followed']:.1f}, {abs(size):.2f} SD)."
    )


def rows_table(flow: pd.DataFrame) -> pd.DataFrame:
    """Rows `read`, `kept` and `quarantined` by `source`, from the participant flow."""
    sums = flow[flow["source"] != ""].groupby(["source", "step"], sort=False)["n"].sum()
    wide = sums.unstack(sort=False).reindex(columns=["assessed", "kept", "excluded"]).fillna(0).astype(int)
    return wide.set_axis(["read", "kept", "quarantined"], axis=1).reset_index()


def rules_table(flow: pd.DataFrame) -> pd.DataFrame:
    """Why rows were set aside: `source, reason, rows`; a row with several faults counts under its first."""
    out = flow.loc[flow["step"] == "excluded", ["source", "detail", "n"]]
    return out.set_axis(["source", "reason", "rows"], axis=1).reset_index(drop=True)


def patient_flow(flow: pd.DataFrame) -> pd.DataFrame:
    """The flow of patients alone (`step, n, reason`): their source's rows, then who can answer what."""
    rows = flow[flow["source"].isin([flow["source"].iloc[0], ""])]
    return rows[["step", "n", "detail"]].set_axis(["step", "n", "reason"], axis=1).reset_index(drop=True)


def has_follow_up(study: Study, patients: pd.DataFrame) -> pd.Series:
    """Whether the outcome of the VQ (without one: the first scored outcome) is there at the last visit."""
    changes = (name.removesuffix("_change") for name in patients if name.endswith("_change"))
    stem = study.config.value_quota.outcome if study.config.value_quota else next(changes)
    return patients[f"{stem}_{study.follow_up}"].notna().rename("followed")


def baseline_labels(study: Study, columns: pd.DataFrame, patients: pd.DataFrame) -> dict[str, str]:
    """Numbers known before any follow-up, with labels: numeric covariates and baseline scores.

    Cost is left out, since it grows until the follow-up, and so are yes/no columns: a mean of few yes is
    a count of people.
    """
    known = columns.set_index("name")
    names = [name for name in study.config.covariates if name in known.index]
    names += [n for n in score_columns(study, columns)["name"] if n.endswith(f"_{study.baseline}")]
    numeric = [n for n in dict.fromkeys(names) if known.loc[n, "type"] in ("float", "integer")]
    return {name: str(known.loc[name, "label"]) for name in numeric if patients[name].notna().any()}


def flow_title(flow: pd.DataFrame) -> str:
    """Say how many of those assessed can answer every question; numbers withheld in `flow` stay unsaid."""
    assessed, last = flow["n"].iloc[0], flow.iloc[-1]
    if pd.isna(assessed) or pd.isna(last["n"]):
        return f"From the {_noun(flow)} to those who can answer each question"
    counted = f"{int(last['n']):,} of {int(assessed):,} {_noun(flow)}"
    if last["step"] == "with all":
        return f"{counted} can answer every question of this study"
    return f"{counted} were kept" if last["step"] == "kept" else f"{counted} are counted {last['step']}"


def _noun(flow: pd.DataFrame) -> str:
    """What the rows of the flow are: interviewees where the study has no patients, else records."""
    return "interviewees" if "interviewees" in set(flow["reason"]) else "records"


def flow_shown(flow: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """The flow that is drawn: under a policy that protects who was kept and who can answer everything.

    A drawing is withheld whole for one count that has to go; the table beside it is not.
    """
    if not policy.protects:
        return flow
    last = pd.Series(np.arange(len(flow)) == len(flow) - 1, index=flow.index)
    return flow[(flow["step"] == "kept") | last].reset_index(drop=True)


def counts_in_answer(flow: pd.DataFrame, policy: Policy = OPEN) -> list:
    """The counts that `cohort_answer` says, each with what is left over beside it (part, whole)."""
    kept = int(flow.loc[flow["step"] == "kept", "n"].iloc[0])
    if policy.protects:
        return _told(flow, policy)[1]
    questions = flow.loc[flow["step"].str.startswith("with "), "n"]
    return [(kept, int(flow["n"].iloc[0])), *((int(n), kept) for n in questions)]


def cohort_answer(flow: pd.DataFrame, policy: Policy = OPEN) -> str:
    """The notebook's answer: records read, patients kept, and how many each question can count on.

    Under a policy that protects it gives the two numbers that matter, who was kept and who can answer
    everything, and says which it cannot give; the steps between stand in the table alone.
    """
    if policy.protects:
        return _told(flow, policy)[0]
    assessed, kept = int(flow["n"].iloc[0]), int(flow.loc[flow["step"] == "kept", "n"].iloc[0])
    steps = flow["step"].str.replace("with all", "with all of these")
    parts = [f"{int(n):,} {it}" for it, n in zip(steps, flow["n"], strict=True) if it.startswith("with ")]
    tail = f"; of them {listing(parts)}" if parts else ""
    return f"{kept:,} of {assessed:,} {_noun(flow)} could be used{tail}."


_CAN = {"with all": "can answer every question"}
_CAN |= {"with interview": "were interviewed", "with consent": "may be quoted"}


def _told(flow: pd.DataFrame, policy: Policy) -> tuple[str, list]:
    """The answer as far as a policy lets it be said, and the counts in it."""
    assessed, kept = int(flow["n"].iloc[0]), int(flow.loc[flow["step"] == "kept", "n"].iloc[0])
    noun, questions = _noun(flow), flow[flow["step"].str.startswith("with ")]
    people = "patients" if noun == "records" else noun
    counts: list = [(kept, assessed)]
    parts = [f"{kept:,} of {assessed:,} {noun} could be used"]
    if policy.hides(assessed - kept):
        counts = [kept]
        parts = [f"{kept:,} {people} could be used; how many {noun} were set aside is withheld"]
    if len(questions):
        last = questions.iloc[-1]
        what = _CAN.get(last["step"], f"are there {last['step']}")
        n = int(last["n"])
        if policy.hides(n) or policy.hides(kept - n):
            parts.append(f"how many {what} is withheld")
        else:
            parts.append(f"{n:,} of them {what}")
            counts.append((n, kept))
    return f"{'; '.join(parts)}.", counts


def events_missing(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Missing answers about costed events: `event, n_missing, counted_as` (empty where there are none).

    Counting them as "not used" is a choice that lowers cost, so it is printed beside the costs.
    """
    cost = study.config.cost
    if cost is None or not cost.events:
        return pd.DataFrame(columns=["event", "n_missing", "counted_as"])
    _, missing = event_lines(patients, study.config.key, cost.events)
    missing = missing.drop_duplicates("column")
    labels = [study.dictionary[c].label if c in study.dictionary else c for c in missing["column"]]
    return pd.DataFrame({"event": labels, "n_missing": missing["n_missing"], "counted_as": "not used"})
