"""From a patient's true state to the resources that were used, one line per resource.

The stay dominates: its length is lognormal and the intensity of its days rises with its length (more days in
intermediate and intensive care), so that the log of cost rises more than in step with the log of days.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from vbhc.synthetic.latent import FIGURES, PLANTED
from vbhc.synthetic.tables import stream


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
