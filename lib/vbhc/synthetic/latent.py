"""Who the made-up heart-failure patients are: their true state, drawn before any question is asked.

Four correlated standard normal states carry everything that the study can find: health at admission,
health after three months, how long and dear the stay must be, and how the care was experienced. Answers and
resource use are made from them in `answers` and `resources`; nothing else links the two. All figures here
are choices, tuned so that the *answers* meet `targets.csv`; `truth.yml` says what that amounts to.
"""

import zlib

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

STATES = ("health_baseline", "health_3m", "stay", "experience")
#: Latent correlations. They exceed the observed ones, which items, ceilings and loss to follow-up dilute.
LATENT_CORRELATIONS = {
    ("health_baseline", "health_3m"): 0.52,
    ("health_baseline", "stay"): -0.15,
    ("health_baseline", "experience"): 0.12,
    ("health_3m", "stay"): -0.20,
    ("health_3m", "experience"): 0.46,
    ("stay", "experience"): 0.11,
}
HEALTH_GAIN = 0.50  # mean of the state after three months, in standard deviations at admission; no arm effect
HEALTH_SPREAD_3M = 1.12  # its standard deviation

SHARE_USUAL = 123 / 248  # patients admitted in the first period
SHARE_DELIVERED = 79 / 125  # of the person-centred arm; the published 63 %
SICK_NOT_DELIVERED = 0.26  # how strongly a long stay stands in the way of delivering it as intended
EXPERIENCE_EFFECT = 0.56  # of person-centred care where delivered, in SD of experience; none elsewhere

WARDS = {"A": 0.26, "B": 0.22, "C": 0.20, "D": 0.17, "E": 0.15}  # no ward differs in anything else
FIRST_DAY, LAST_DAY = np.datetime64("2008-02-01"), np.datetime64("2010-10-31")

SHARE_WITHOUT_CARE_ANSWERS = 0.04  # the whole scale skipped; likelier after a poor experience
SHARE_DEAD = 0.08
SHARE_WITHOUT_FOLLOW_UP = 0.30  # the dead among them
WORSE_HEALTH_LOST = 0.55  # loading of (bad) health after three months on not answering: not at random


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random numbers of one part, so that a change in one part leaves the others as they are."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def correlation_matrix() -> np.ndarray:
    """Return `LATENT_CORRELATIONS` as a 4 x 4 matrix in the order of `STATES`."""
    matrix = np.eye(len(STATES))
    for (one, other), value in LATENT_CORRELATIONS.items():
        i, j = STATES.index(one), STATES.index(other)
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
    people["health_3m"] = HEALTH_GAIN + HEALTH_SPREAD_3M * people["health_3m"]
    people["experience"] += EXPERIENCE_EFFECT * people["delivered"]
    _add_loss(people, stream(seed, "loss"))
    return people


def _add_design(people: pd.DataFrame, rng: np.random.Generator) -> None:
    """Before/after: the first to come get usual care; those who stay long get less of what was intended."""
    n = len(people)
    usual = np.arange(n) < round(SHARE_USUAL * n)
    people["arm"] = np.where(usual, "usual care", "person-centred")
    ease = -SICK_NOT_DELIVERED * people["stay"] + np.sqrt(1 - SICK_NOT_DELIVERED**2) * rng.standard_normal(n)
    order = ease.where(~usual, -np.inf).rank(ascending=False, method="first")
    people["delivered"] = order <= round(SHARE_DELIVERED * (n - usual.sum()))
    people["ward"] = rng.choice(list(WARDS), size=n, p=list(WARDS.values()))
    days = (LAST_DAY - FIRST_DAY).astype(int)
    people["admission_date"] = FIRST_DAY + np.sort(rng.integers(0, days + 1, n)).astype("timedelta64[D]")


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
    n, later = len(people), (people["health_3m"] - HEALTH_GAIN) / HEALTH_SPREAD_3M
    decline = -0.45 * later - 0.25 * people["health_baseline"] + 0.02 * (people["age"] - 77)
    people["dead_3m"] = rng.random(n) < _chance(decline, SHARE_DEAD)
    alive = ~people["dead_3m"]
    silence = (-WORSE_HEALTH_LOST * later + 0.01 * (people["age"] - 77))[alive]
    skips = rng.random(n) < _chance(-0.4 * people["experience"], SHARE_WITHOUT_CARE_ANSWERS)
    people["answers_care"] = ~skips
    lost = (SHARE_WITHOUT_FOLLOW_UP - SHARE_DEAD) / (1 - SHARE_DEAD)
    answering = pd.Series(1 - _chance(silence, lost), index=silence.index).reindex(people.index, fill_value=0)
    people["answers_3m"] = rng.random(n) < answering


def _chance(leaning: pd.Series, share: float, spread: float = 0.85) -> np.ndarray:
    """Return probabilities that rise with `leaning` and average near `share` (probit, noise `spread`)."""
    total = np.sqrt(leaning.var() + spread**2) if len(leaning) > 1 else spread
    return ndtr((ndtri(share) * total + (leaning - leaning.mean())) / spread)
