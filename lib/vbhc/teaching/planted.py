"""The small tables of the lessons, made with a known truth that a lesson can set beside its estimate."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd


def truth() -> pd.DataFrame:
    """Return `name, lesson, meaning, value`: what the made-up tables were made with.

    Lessons print it after the student has estimated it.
    """
    return _beside("truth")


def _beside(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name(f"{name}.csv"))


TRUE = truth().set_index("name")["value"]


def clinics() -> pd.DataFrame:
    """Return six diabetes clinics with 200 patients each: contacts, cost (GBP) and remissions at one year.

    Remission is more likely where a programme of diet and support takes the place of routine contacts.
    """
    rng = np.random.default_rng(4)
    table = pd.DataFrame({"clinic": ["Ash", "Birch", "Cedar", "Elm", "Hazel", "Oak"], "patients": 200})
    table["contacts"] = 200 * np.array([9, 14, 12, 8, 16, 22]) + rng.integers(-40, 40, 6)
    table["cost"] = table["contacts"] * 40 + 200 * np.array([900, 250, 600, 1_100, 150, 60])
    table["remissions"] = rng.binomial(200, [0.28, 0.12, 0.22, 0.40, 0.10, 0.06])
    return table


def scores() -> pd.DataFrame:
    """Return 300 patients before and after on a scale that ends at 100, where many of them end."""
    rng = np.random.default_rng(3)
    before = rng.normal(72, 14, 300).clip(0, 100)
    after = before + rng.normal(TRUE["true_gain"], 9, 300)
    return pd.DataFrame({"before": before.round(), "after": after.clip(0, 100).round()})


def lines() -> pd.DataFrame:
    """Return what 40 patients used, a line a resource; in four lines the units are unknown."""
    rng = np.random.default_rng(4)
    rows = []
    for number in range(1, 41):
        used = {"ward_day": rng.poisson(6) + 1, "test": rng.poisson(4), "visit": rng.poisson(3) + 1}
        used["theatre_hour"] = int(rng.random() < 0.3) * 2
        rows += [(f"P{number:02d}", name, float(units)) for name, units in used.items() if units]
    table = pd.DataFrame(rows, columns=["patient", "resource", "units"])
    unknown = table["patient"].isin(["P08", "P17", "P25", "P33"]) & (table["resource"] == "ward_day")
    table.loc[unknown, "units"] = np.nan
    return table


def patients() -> pd.DataFrame:
    """Return 248 patients: score before (0-100), gain, cost (GBP), died or not; the dead have no gain."""
    rng = np.random.default_rng(15)
    sigma = np.sqrt(np.log(2))  # a coefficient of variation of 1
    table = pd.DataFrame({"before": rng.normal(38, 12, 248).clip(5, 80).round(1)})
    table["gain"] = rng.normal(12, 14, 248).round(1)
    table["cost"] = rng.lognormal(np.log(6_000) - sigma**2 / 2, sigma, 248).round()
    table["died"] = np.where(rng.permutation(248) < 25, "yes", "no")
    return table.assign(gain=table["gain"].where(table["died"] == "no"))


def ratings() -> pd.DataFrame:
    """Return 248 patients: score before and after, cost, and how they rated their care (0-100).

    Ratings follow where patients end (.35) more than where they began (.10) and know nothing of cost.
    """
    rng = np.random.default_rng(281)
    alike = [[1, 0.45, 0.10], [0.45, 1, 0.35], [0.10, 0.35, 1]]
    before, after, own = rng.multivariate_normal([0, 0, 0], alike, 248).T
    table = pd.DataFrame({"before": 42 + 12 * before, "after": 52 + 13 * after, "rating": 67 + 9 * own})
    table["cost"] = rng.lognormal(8.35, 0.83, 248)
    return table.round(1)


def passages() -> pd.DataFrame:
    """Return coded passages of 19 interviews, `person, role, code`; a few people talk a lot."""
    rng = np.random.default_rng(75)
    rows = []
    for number in range(19):
        role = "clinician" if number < 11 else "manager"
        chance = {"outcomes": 0.9, "cost": TRUE[f"cost_{role}s"], "time": 0.5, "listening": 0.6}
        for code, p in chance.items():
            times = int(rng.random() < p) * (1 + rng.poisson(9 if number == 2 else 1.5))
            rows += [(f"{role[0].upper()}{number + 1:02d}", role, code)] * times
    return pd.DataFrame(rows, columns=["person", "role", "code"])


def mentions() -> pd.DataFrame:
    """Return what 26 professionals said value-based work does to them: `person, theme, outcome, effect`.

    `themes.csv` has what a theme moves (motivation or strain), and the chances that somebody names a gain and
    a pain of it.
    """
    rng = np.random.default_rng(26)
    rows = [
        (f"I{person:02d}", theme, outcome, effect)
        for person in range(1, 27)
        for theme, outcome, gain, pain in _beside("themes").itertuples(index=False)
        for effect, chance in (("gain", gain), ("pain", pain))
        for _ in range(int(rng.random() < chance) * rng.integers(1, 4))
    ]
    return pd.DataFrame(rows, columns=["person", "theme", "outcome", "effect"])


def staff() -> pd.DataFrame:
    """Return 400 staff: whether an enthusiast, and gains less pains, whose mean is that of `truth`."""
    rng = np.random.default_rng(9)
    keen = np.arange(400) < 100
    balance = np.where(keen, 3.0, -2.0) + rng.normal(0, 2, 400)
    for group in (keen, ~keen):
        balance[group] += (3.0 if group is keen else -2.0) - balance[group].mean()
    table = pd.DataFrame({"enthusiast": np.where(keen, "yes", "no"), "balance": balance})
    return table.sample(frac=1, random_state=9, ignore_index=True)


def hospitals() -> pd.DataFrame:
    """Return 40 hospitals: patients and mean gain (SD of a patient 10); three truly differ from 20."""
    rng = np.random.default_rng(213)
    n = rng.permutation(np.geomspace(12, 500, 40).astype(int))
    true = np.full(40, 20.0)
    true[np.flatnonzero(n > 100)[:3]] += [2.0, -2.0, -2.5]
    names = [f"H{number:02d}" for number in range(1, 41)]
    mean = true + rng.normal(0, 10, 40) / np.sqrt(n)
    return pd.DataFrame({"hospital": names, "n": n, "mean_gain": mean.round(2), "true_mean": true})


def levels() -> pd.DataFrame:
    """Return 480 patients of 12 hospitals whose rating rises with gain in each and falls between them."""
    rng = np.random.default_rng(12)
    hospital = np.repeat(np.arange(12), 40)
    own = rng.normal(0, 6, 480)
    rating = 80 - 1.5 * hospital + 0.6 * own + rng.normal(0, 5, 480)
    return pd.DataFrame({"hospital": hospital + 1, "gain": 12 + hospital + own, "rating": rating}).round(1)


TABLES: dict[str, Callable[[], pd.DataFrame]] = {one.__name__: one for one in (
    truth, clinics, scores, lines, patients, ratings, passages, mentions, staff, hospitals, levels,
)}  # fmt: skip
