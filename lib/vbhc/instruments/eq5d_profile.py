"""Describe EQ-5D profiles without a value set: severity, frequencies, diversity.

Source throughout: Devlin, Parkin, Janssen, Methods for Analysing and Reporting EQ-5D Data, Springer 2020, doi
10.1007/978-3-030-47622-9. Every function takes levels as `eq5d.index` does (five columns, or profiles) and
the version ("3L", "5L", "Y-3L"); rows with a missing level are left out and counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.eq5d import levels_of, profiles
from vbhc.instruments.eq5d_names import tidy_version
from vbhc.instruments.eq5d_tables import DIMENSIONS, LEVELS


def level_sum_score(levels: Any, version: str) -> pd.Series:
    """Return the level sum score (LSS, "misery index"): 5 for 11111, 15 (3L) or 25 (5L) at worst.

    A crude measure of severity: it weighs all dimensions and steps alike. NaN where a level is missing.
    """
    return levels_of(levels, version).sum(axis=1, skipna=False).rename("eq5d_lss")


def level_frequency_score(levels: Any, version: str) -> pd.Series:
    """Return the level frequency score (LFS): number of dimensions at each level, "320" for 11122 of the 3L.

    Oppe & de Charro 2001. Missing where a level is missing.
    """
    frame = levels_of(levels, version)
    levels_used = range(1, LEVELS[tidy_version(version)] + 1)
    digits = [(frame == level).sum(axis=1).astype("str") for level in levels_used]
    text = digits[0]
    for more in digits[1:]:
        text = text + more
    return text.where(frame.notna().all(axis=1)).rename("eq5d_lfs")


def profile_frequencies(levels: Any, version: str) -> pd.DataFrame:
    """Count profiles, the most frequent first (Devlin 2020, table 2.2).

    Returns
    -------
    DataFrame
        profile, n, share, cumulative_share (of patients), cumulative_profiles (share of the different
        profiles seen). Profiles that are equally frequent stand in order of their digits.
    """
    counts = profiles(levels, version).dropna().value_counts().rename_axis("profile").reset_index(name="n")
    counts = counts.sort_values(["n", "profile"], ascending=[False, True], ignore_index=True)
    share = counts["n"] / counts["n"].sum()
    place = np.arange(1, len(counts) + 1) / max(len(counts), 1)
    cumulative = counts["n"].cumsum() / counts["n"].sum()
    return counts.assign(share=share, cumulative_share=cumulative, cumulative_profiles=place)


def shannon(levels: Any, version: str) -> pd.DataFrame:
    """Return Shannon's diversity H', its maximum and evenness J' = H' / H'max, in bits.

    Janssen 2007, Qual Life Res 16:1255-65: how much of the descriptive system a sample uses. H'max is log2 of
    the number of levels (dimension) or of all profiles, 243 or 3125 (profile).

    Returns
    -------
    DataFrame
        Rows profile, mo, sc, ua, pd, ad: scope, h, h_max, j, n, n_missing.
    """
    frame = levels_of(levels, version)
    complete = frame.notna().all(axis=1)
    frame, n_levels = frame[complete], LEVELS[tidy_version(version)]
    rows = [("profile", profiles(frame, version), n_levels**5)]
    rows += [(dimension, frame[dimension], n_levels) for dimension in DIMENSIONS]
    table = []
    for scope, values, possible in rows:
        share = values.value_counts(normalize=True).to_numpy()
        h = float(-(share * np.log2(share)).sum()) if len(share) else float("nan")
        h_max = float(np.log2(possible))
        counts = {"n": int(complete.sum()), "n_missing": int((~complete).sum())}
        table.append({"scope": scope, "h": h, "h_max": h_max, "j": h / h_max, **counts})
    return pd.DataFrame(table)


def density_curve(levels: Any, version: str) -> pd.DataFrame:
    """Return the health state density curve (HSDC): cumulative share of patients and of profiles seen.

    Zamora 2018, OHE research paper: profiles from the most to the least frequent; the diagonal would mean
    that all profiles seen are equally frequent. Columns share_of_patients, share_of_profiles, from (0, 0).
    """
    table = profile_frequencies(levels, version)
    return pd.DataFrame({
        "share_of_patients": np.append(0.0, table["cumulative_share"]),
        "share_of_profiles": np.append(0.0, table["cumulative_profiles"]),
    })  # fmt: skip


def density_index(levels: Any, version: str) -> float:
    """Return the health state density index (HSDI): twice the area under the HSDC; 1 = all equally frequent.

    Near 0, a few profiles hold nearly all patients. NaN without a complete profile.
    """
    curve = density_curve(levels, version)
    if len(curve) < 2:
        return float("nan")
    return float(2 * np.trapezoid(curve["share_of_profiles"], curve["share_of_patients"]))


def plot_density_curve(curve: pd.DataFrame, ax: Any, label: str = "") -> Any:
    """Draw a health state density curve with the diagonal of equal frequency on `ax`, and return it."""
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--")
    ax.plot(curve["share_of_patients"], curve["share_of_profiles"], label=label or None)
    ax.set_xlabel("Cumulative share of patients (0-1)")
    ax.set_ylabel("Cumulative share of profiles seen (0-1)")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    if label:
        ax.legend(frameon=False)
    return ax
