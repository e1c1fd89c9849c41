"""Right answers and known mistakes of every exercise, computed from the tables of the lessons.

Each function returns exercise -> name of an answer -> value; `sums.csv` has those that are worked out by
hand, of figures in the lesson's text; `hints.csv` the words under the same names. `right...` are right (a
choice may allow several), the others are mistakes that students make.
"""

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import shipped, teaching

Answers = dict[str, dict[str, Any]]


def volume_or_value(data: Path) -> Answers:
    """Lesson 1: the clinics in the order of their cost per remission."""
    clinics = pd.read_csv(data / "clinics.csv", index_col="clinic")
    best = list((clinics["cost"] / clinics["remissions"]).sort_values().index)
    return {
        "1.2": {"right": best, "reversed": best[::-1],
                "volume": list(clinics["contacts"].sort_values(ascending=False).index),
                "remissions": list(clinics["remissions"].sort_values(ascending=False).index)},
    }  # fmt: skip


def whose_value(data: Path) -> Answers:
    """Lesson 2: what a million pounds does in four programmes, and three kinds of value."""
    price = pd.read_csv(data / "programmes.csv", index_col="programme")["pounds_per_qaly"]
    qalys = 1e6 / price
    gained, lost = qalys["respiratory"], qalys["mental health"]
    kinds = ["technical", "personal", "allocative", "technical", "personal", "allocative"]
    wrong = {"fourth": (3, "allocative"), "fifth": (4, "technical"), "sixth": (5, "personal")}
    swapped = {name: [*kinds[:k], kind, *kinds[k + 1 :]] for name, (k, kind) in wrong.items()}
    return {
        "2.1": {"right": qalys["circulatory"], "thousand": qalys["circulatory"] / 1_000,
                "upside down": 1 / qalys["circulatory"]},
        "2.2": {"right": gained - lost, "gain only": gained, "sum": gained + lost,
                "price difference": 1e6 / (price["mental health"] - price["respiratory"])},
        "2.3": {"right": kinds, "right by letter": [kind[0] for kind in kinds], **swapped},
    }  # fmt: skip


def what_a_score_says(data: Path) -> Answers:
    """Lesson 3: EQ-5D-3L state 23312 (UK, Dolan 1997), a scale of six items with gaps, a ceiling."""
    loss = pd.read_csv(data / "eq5d.csv", index_col="dimension").T
    one = loss["mobility"].iloc[0] + loss["self-care"].iloc[1] + loss["usual activities"].iloc[1]
    index = 1 - 0.081 - one - loss["anxiety"].iloc[0] - 0.269
    given = np.array([4, 3, 5, 4])
    scores = pd.read_csv(data / "scores.csv")
    top = (scores["after"] == 100).mean()
    return {
        "3.1": {"right": index, "no extra": index + 0.269, "no constant": index + 0.081,
                "extra twice": index - 0.269, "loss": 1 - index},
        "3.2": {"right": (given.mean() - 1) * 25, "six counts": (np.mean([*given, 6]) - 1) * 25,
                "missing zero": (given.sum() / 6 - 1) * 25, "not rescaled": given.mean(),
                "of five": given.mean() * 20},
        "3.3": {"right": top, "right in percent": 100 * top, "number": (scores["after"] == 100).sum(),
                "before": (scores["before"] == 100).mean()},
    }  # fmt: skip


def what_care_cost(data: Path) -> Answers:
    """Lesson 4: units times unit costs, the ward's share, and what is unknown."""
    prices = pd.read_csv(data / "prices.csv", index_col="resource")["unit_cost"]
    lines = pd.read_csv(data / "lines.csv")
    lines["cost"] = lines["units"] * lines["resource"].map(prices)
    one, ward = lines[lines["patient"] == "P03"], lines["resource"] == "ward_day"
    known = lines.groupby("patient")["cost"].sum(skipna=False)
    share = lines.loc[ward, "cost"].sum() / lines["cost"].sum()
    return {
        "4.1": {"right": one["cost"].sum(), "mean price": one["units"].sum() * prices.mean(),
                "ward only": one.loc[ward, "cost"].sum()},
        "4.2": {"right": share, "right in percent": 100 * share, "line count": ward.mean(),
                "units": lines.loc[ward, "units"].sum() / lines["units"].sum()},
        "4.3": {"right": known.mean(), "unknown as zero": lines["cost"].sum() / len(known),
                "unknown as zero of known": lines["cost"].sum() / known.count()},
    }  # fmt: skip


def when_a_quotient_lies(data: Path) -> Answers:
    """Lesson 5: ratio of means, the dead counted at the lowest score, and the paradox of the sign."""
    patients = pd.read_csv(data / "patients.csv")
    alive = patients[patients["died"] == "no"]
    survivors = 1_000 * alive["gain"].sum() / alive["cost"].sum()
    lost = patients["gain"].fillna(-patients["before"])
    nothing = 1_000 * alive["gain"].sum() / patients["cost"].sum()
    return {
        "5.1": {"right": survivors, "mean of ratios": 1_000 * (alive["gain"] / alive["cost"]).mean(),
                "per pound": survivors / 1_000, "upside down": 1_000 / survivors, "dead cost": nothing},
        "5.2": {"right": 1_000 * lost.sum() / patients["cost"].sum(), "survivors": survivors,
                "dead zero": nothing},
        "5.3": {"right": "X", "most lost": "W", "middle": "Y", "least lost": "Z"},
    }  # fmt: skip


def do_patients_agree(data: Path) -> Answers:
    """Lesson 6: a rank correlation, its interval (Fisher's z), and the patients that half the width takes."""
    table = pd.read_csv(data / "ratings.csv")
    gain, rating = table["after"] - table["before"], table["rating"]
    rho, n = gain.corr(rating, method="spearman"), len(table)
    z, error = np.arctanh(rho), 1 / np.sqrt(n - 3)
    return {
        "6.1": {"right": rho, "pearson": gain.corr(rating), "after": table["after"].corr(rating, "spearman"),
                "value": (gain / table["cost"]).corr(rating, "spearman")},
        "6.2": {"right": np.tanh(z - 1.96 * error), "upper": np.tanh(z + 1.96 * error),
                "one error": np.tanh(z - error), "not a root": np.tanh(z - 1.96 * error**2)},
        "6.3": {"right": (1.96 / 0.05) ** 2 + 3, "right with two": (2 / 0.05) ** 2 + 3,
                "linear": n * 0.125 / 0.05, "no 1.96": 1 / 0.05**2 + 3, "no square": 1.96 / 0.05},
    }  # fmt: skip


def what_people_say(data: Path) -> Answers:
    """Lesson 7: people rather than passages, an exact test, and who was never asked."""
    passages = pd.read_csv(data / "passages.csv")
    cost = passages[passages["code"] == "cost"]
    clinicians, managers = cost.groupby("role")["person"].nunique()[["clinician", "manager"]]
    table = [[clinicians, 11 - clinicians], [managers, 8 - managers]]
    return {
        "7.1": {"right": clinicians, "passages": (cost["role"] == "clinician").sum(), "managers": managers,
                "both": clinicians + managers},
        "7.2": {"right": stats.fisher_exact(table)[1], "one sided": stats.fisher_exact(table, "less")[1],
                "chi squared": stats.chi2_contingency(table, correction=False)[1],
                "chi squared corrected": stats.chi2_contingency(table)[1]},
        "7.3": {"right": clinicians / 11, "right in percent": 100 * clinicians / 11,
                "invited": clinicians / 14, "everybody": clinicians / 19},
    }  # fmt: skip


def what_it_does_to_staff(data: Path) -> Answers:
    """Lesson 8: who names both edges, the theme that weighs most, and what enthusiasts hide."""
    said = pd.read_csv(data / "mentions.csv")
    edges = said.groupby("person")["effect"].nunique()
    by_theme = said.groupby(["theme", "effect"])["person"].nunique().unstack()
    more = set(said.query("outcome == 'motivation' and effect == 'gain'")["person"])
    burdened = set(said.query("outcome == 'strain' and effect == 'pain'")["person"])
    staff = pd.read_csv(data / "staff.csv")
    keen = staff.groupby("enthusiast")["balance"].mean()
    everyone = staff["balance"].mean()
    return {
        "8.1": {"right": (edges == 2).sum(), "two outcomes": len(more & burdened), "gains only": len(more),
                "passages": (said["effect"] == "pain").sum()},
        "8.2": {"right": (by_theme["pain"] - by_theme["gain"]).idxmax(), "thinking": "thinking",
                "impact": "impact"},
        "8.3": {"right": keen["yes"] - everyone, "others": keen["yes"] - keen["no"], "mean": keen["yes"],
                "everyone": everyone},
    }  # fmt: skip


def which_hospital_differs(data: Path) -> Answers:
    """Lesson 9: outside the funnel at two levels, and a correlation that turns round between levels."""
    table = pd.read_csv(data / "hospitals.csv", index_col="hospital")
    apart = table["mean_gain"] - 20
    z = apart / (10 / table["n"] ** 0.5)
    far = apart / table["mean_gain"].std()
    order = list(table["mean_gain"].sort_values().index)
    levels = pd.read_csv(data / "levels.csv")
    hospital = levels.groupby("hospital")
    each = levels[["gain", "rating"]] - hospital[["gain", "rating"]].transform("mean")
    means = hospital[["gain", "rating"]].mean()
    inside = np.mean([one["gain"].corr(one["rating"]) for _, one in hospital])
    return {
        "9.1": {"right": (z.abs() > 1.96).sum(), "one limit": (far.abs() > 1.96).sum(),
                "no root": (apart.abs() > 19.6).sum()},
        "9.2": {"right": list(z.index[z.abs() > 3.09]), "wide": list(z.index[z.abs() > 1.96]),
                "league": [order[0], order[-1]], "upper only": list(z.index[z < -3.09])},
        "9.3": {"right": inside, "right together": each["gain"].corr(each["rating"]),
                "pooled": levels["gain"].corr(levels["rating"]),
                "between": means["gain"].corr(means["rating"])},
    }  # fmt: skip


LESSONS = (
    volume_or_value, whose_value, what_a_score_says, what_care_cost, when_a_quotient_lies,
    do_patients_agree, what_people_say, what_it_does_to_staff, which_hospital_differs,
)  # fmt: skip


def computed(data: Path) -> dict[str, Any]:
    """Return what `teaching.check` knows, by exercise, from the tables in `data`."""
    values = {number: found for lesson in LESSONS for number, found in lesson(data).items()}
    for row in shipped.rows(__file__, "sums.csv"):
        values.setdefault(row["exercise"], {})[row["answer"]] = pd.eval(row["sum"])
    hints = pd.read_csv(Path(__file__).with_name("hints.csv"), dtype={"exercise": str})
    words = hints.set_index(["exercise", "answer"]).astype(object).replace({np.nan: None})
    known = {}
    for number, found in sorted(values.items(), key=lambda one: [int(part) for part in one[0].split(".")]):
        rows = [
            {"right": name.startswith("right"), "value": teaching.plain(value), **words.loc[(number, name)]}
            for name, value in sorted(found.items(), key=lambda one: not one[0].startswith("right"))
        ]
        known[number] = {"ask": words.loc[(number, "ask"), "text"], "answers": rows}
    return known


def packed(known: dict[str, Any]) -> str:
    """Return them as one line that cannot be read at a glance."""
    return base64.b64encode(zlib.compress(json.dumps(known).encode(), 9)).decode() + "\n"
