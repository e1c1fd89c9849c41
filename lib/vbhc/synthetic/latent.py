"""Who the made-up heart-failure patients are, and what they use: their true state, drawn before any question.

Four correlated standard normal states carry everything that the study can find: health at admission,
health after three months, how long and dear the stay must be, and how the care was experienced. Answers are
made from them in `answers`, resource use here; nothing else links the two. All figures here and in
`data/heart_failure.yaml` are choices, tuned so that the *answers* meet `targets.csv`; `truth.yml` says what
that amounts to.

The stay dominates the resources: its length is lognormal and the intensity of its days rises with its length
(more days in intermediate and intensive care), so that the log of cost rises more than in step with the log
of days.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from vbhc.synthetic.tables import figures, stream

FIGURES = figures("heart_failure")
PLANTED = FIGURES["planted"]
STATES = ("health_baseline", "health_3m", "stay", "experience")


def correlation_matrix() -> np.ndarray:
    """Return the planted correlations as a 4 x 4 matrix in the order of `STATES`."""
    matrix = np.eye(len(STATES))
    for pair, value in PLANTED["latent_correlations"].items():
        i, j = map(STATES.index, pair.split("~"))
        matrix[i, j] = matrix[j, i] = value
    return matrix


def draw_people(seed: int, n: int) -> pd.DataFrame:
    """Draw `n` patients in order of admission: true states, arm, background, death and loss to follow-up.

    Parameters
    ----------
    seed : int
        Any non-negative integer; the same seed gives the same people.
    n : int
        Number of patients. The shares of both arms and of care delivered as intended are exact.

    Returns
    -------
    DataFrame
        Index 0..n-1. Columns: the four states (standard deviations at admission), `arm`, `delivered`
        (boolean, False under usual care), `ward`, `admission_date`, `age`, `sex`, `nyha`,
        `ejection_fraction`, `bmi`, `dead_3m`, `answers_3m`, `answers_care` (booleans).
    """
    rng = stream(seed, "states")
    drawn = rng.standard_normal((n, len(STATES))) @ np.linalg.cholesky(correlation_matrix()).T
    people = pd.DataFrame(drawn, columns=STATES)
    _add_design(people, stream(seed, "design"))
    _add_background(people, stream(seed, "background"))
    people["health_3m"] = PLANTED["health_gain_sd"] + FIGURES["health_spread_3m"] * people["health_3m"]
    people["experience"] += PLANTED["effects_where_delivered"]["experience_sd"] * people["delivered"]
    _add_loss(people, stream(seed, "loss"))
    return people


def _add_design(people: pd.DataFrame, rng: np.random.Generator) -> None:
    """Before/after: the first to come get usual care; those who stay long get less of what was intended."""
    n = len(people)
    usual = np.arange(n) < round(FIGURES["share_usual"] * n)
    people["arm"] = np.where(usual, "usual care", "person-centred")
    r = PLANTED["selection"]["delivered_with_stay_r"]
    ease = r * people["stay"] + np.sqrt(1 - r**2) * rng.standard_normal(n)
    order = ease.where(~usual, -np.inf).rank(ascending=False, method="first")
    people["delivered"] = order <= round(FIGURES["share_delivered"] * (n - usual.sum()))
    wards = FIGURES["wards"]
    people["ward"] = rng.choice(list(wards), size=n, p=list(wards.values()))
    days = np.sort(rng.integers(0, (FIGURES["last_day"] - FIGURES["first_day"]).days + 1, n))
    people["admission_date"] = np.datetime64(FIGURES["first_day"]) + days.astype("timedelta64[D]")


def _add_background(people: pd.DataFrame, rng: np.random.Generator) -> None:
    """Age, sex, NYHA class and two clinical measurements; only NYHA and age lean on health."""
    n, health = len(people), people["health_baseline"]
    frailty = -0.15 * health + 0.99 * rng.standard_normal(n)
    people["age"] = np.clip(np.round(79.1 + 11.7 * frailty - 1.6 * frailty**2), 40, 99).astype(int)
    people["sex"] = np.where(rng.random(n) < 0.42, "female", "male")
    limitation = -0.68 * health + np.sqrt(1 - 0.68**2) * rng.standard_normal(n)
    people["nyha"] = np.select([limitation < -0.95, limitation < 0.44], ["II", "III"], "IV")
    people["ejection_fraction"] = np.clip(np.round(38 + 12 * rng.standard_normal(n)), 10, 70).astype(int)
    people["bmi"] = np.round(np.clip(26.5 + 4.8 * rng.standard_normal(n), 16, 48), 1)


def _add_loss(people: pd.DataFrame, rng: np.random.Generator) -> None:
    """Death by three months and unanswered follow-up, both likelier in poor health (not at random)."""
    n, dead = len(people), PLANTED["share_dead"]
    later = (people["health_3m"] - PLANTED["health_gain_sd"]) / FIGURES["health_spread_3m"]
    decline = -0.45 * later - 0.25 * people["health_baseline"] + 0.02 * (people["age"] - 77)
    people["dead_3m"] = rng.random(n) < _chance(decline, dead)
    loading = PLANTED["selection"]["silence_with_health_3m_loading"]
    silence = (loading * later + 0.01 * (people["age"] - 77))[~people["dead_3m"]]
    skips = rng.random(n) < _chance(-0.4 * people["experience"], FIGURES["share_without_care_answers"])
    people["answers_care"] = ~skips
    lost = (FIGURES["share_without_follow_up"] - dead) / (1 - dead)
    answering = pd.Series(1 - _chance(silence, lost), index=silence.index).reindex(people.index, fill_value=0)
    people["answers_3m"] = rng.random(n) < answering


def _chance(leaning: pd.Series, share: float, spread: float = 0.85) -> np.ndarray:
    """Return probabilities that rise with `leaning` and average near `share` (probit, noise `spread`)."""
    total = np.sqrt(leaning.var() + spread**2) if len(leaning) > 1 else spread
    return ndtr((ndtri(share) * total + (leaning - leaning.mean())) / spread)


def resource_lines(people: pd.DataFrame, seed: int) -> tuple[pd.Series, pd.DataFrame]:
    """Return the length of stay in days, and the resource lines of the stay and the three months after it.

    Parameters
    ----------
    people : DataFrame
        From `latent.draw_people`.
    seed : int
        The same as of the people.

    Returns
    -------
    Series
        `los_days`, whole days of at least 1.
    DataFrame
        Columns `patient` (index of `people`), `date`, `resource`, `quantity` (above 0), in order of patient
        and date.
    """
    rng = stream(seed, "resources")
    used, los = _stay(people, rng)
    used |= _after(people, rng)
    wide = pd.DataFrame(used, index=people.index).rename_axis("patient").reset_index()
    lines = wide.melt("patient", var_name="resource", value_name="quantity")
    lines = lines[lines["quantity"] > 0]
    lines["date"] = _dates(lines, people["admission_date"], los, stream(seed, "dates"))
    lines = lines.sort_values(["patient", "date"], kind="stable", ignore_index=True)
    return los, lines[["patient", "date", "resource", "quantity"]]


def _stay(people: pd.DataFrame, rng: np.random.Generator) -> tuple[dict, pd.Series]:
    """Days and what is used on them; person-centred care shortens days on the ordinary ward only."""
    n, stay, drawn = len(people), people["stay"].to_numpy(), FIGURES["stay"]
    natural = drawn["median"] * np.exp(drawn["spread"] * stay)
    ratio = PLANTED["effects_where_delivered"]["length_of_stay_ratio"]
    los = np.maximum(1, np.round(natural * np.where(people["delivered"], ratio, 1)))
    r = drawn["intensity"]
    intensity = r * stay + np.sqrt(1 - r**2) * rng.standard_normal(n)
    icu = np.floor(natural * 0.24 * ndtr((intensity - 1.3) / 0.45) + 0.3 * rng.random(n))
    intermediate = np.floor(natural * (0.05 + 0.35 * ndtr((intensity - 0.3) / 0.8)) + 0.6 * rng.random(n))
    icu = np.minimum(icu, los - 1)
    intermediate = np.minimum(intermediate, los - 1 - icu)
    nights = los - 1
    stay_lines = {
        "emergency_visit": (rng.random(n) < 0.85).astype(int),
        "ward_day": los - icu - intermediate,
        "intermediate_care_day": intermediate,
        "icu_day": icu,
        "echocardiogram": rng.binomial(1 + (nights > 12), 0.6),
        "chest_xray": rng.poisson(0.3 + 0.08 * los),
        "lab_panel": 1 + rng.poisson(0.55 * nights),
        "drug_day": los,
        "planning_hour": _planning(people, rng),
    }
    return stay_lines, pd.Series(los.astype(int), index=people.index, name="los_days")


def _planning(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Nurse hours for the agreed care plan, in half hours; fewer where it was not delivered as intended."""
    hours = np.where(people["delivered"], 5.5, 4.0) + 0.5 * rng.integers(-2, 3, len(people))
    return np.where(people["arm"] == "person-centred", hours, 0.0)


def _after(people: pd.DataFrame, rng: np.random.Generator) -> dict:
    """Visits and readmission within three months; the second period books more visits to the nurse."""
    n, alive = len(people), ~people["dead_3m"].to_numpy()
    later = (people["arm"] == "person-centred").to_numpy()
    leaning = 0.35 * people["stay"] - 0.35 * people["health_3m"]
    days = np.ceil(6.5 * np.exp(0.5 * rng.standard_normal(n) - 0.125))
    return {
        "outpatient_visit": rng.poisson(0.6, n) * alive,
        "nurse_visit": rng.poisson(np.where(later, 4.05, 0.7)) * alive,
        "primary_care_visit": rng.poisson(0.8, n) * alive,
        "readmission_day": days * (rng.random(n) < ndtr(FIGURES["stay"]["readmitted"] + leaning)),
    }


def _dates(lines: pd.DataFrame, admission: pd.Series, los: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Book lines of the stay on its first day and the later ones on a day within 90 of discharge."""
    after = lines["resource"].isin(FIGURES["after"]).to_numpy()
    delay = los.loc[lines["patient"]].to_numpy() + rng.integers(3, 90, len(lines))
    return admission.loc[lines["patient"]].to_numpy() + np.where(after, delay, 0).astype("timedelta64[D]")
