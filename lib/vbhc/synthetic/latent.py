"""Who the made-up heart-failure patients are: their true state, drawn before any question is asked.

Four correlated standard normal states carry everything that the study can find: health at admission,
health after three months, how long and dear the stay must be, and how the care was experienced. Answers and
resource use are made from them in `answers` and `resources`; nothing else links the two. All figures here
and in `data/heart_failure.yaml` are choices, tuned so that the *answers* meet `targets.csv`; `truth.yml` says
what that amounts to.
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
    people = pd.DataFrame(
        rng.standard_normal((n, len(STATES))) @ np.linalg.cholesky(correlation_matrix()).T, columns=STATES
    )
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
    alive = ~people["dead_3m"]
    loading = PLANTED["selection"]["silence_with_health_3m_loading"]
    silence = (loading * later + 0.01 * (people["age"] - 77))[alive]
    skips = rng.random(n) < _chance(-0.4 * people["experience"], FIGURES["share_without_care_answers"])
    people["answers_care"] = ~skips
    lost = (FIGURES["share_without_follow_up"] - dead) / (1 - dead)
    answering = pd.Series(1 - _chance(silence, lost), index=silence.index).reindex(people.index, fill_value=0)
    people["answers_3m"] = rng.random(n) < answering


def _chance(leaning: pd.Series, share: float, spread: float = 0.85) -> np.ndarray:
    """Return probabilities that rise with `leaning` and average near `share` (probit, noise `spread`)."""
    total = np.sqrt(leaning.var() + spread**2) if len(leaning) > 1 else spread
    return ndtr((ndtri(share) * total + (leaning - leaning.mean())) / spread)
