"""Write the look-alike NHS pack: record files, and the summary by provider that a reproduction must meet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from lookalike_records import PREDICTED, record_file, scores_of

MEMBERS = {"hip": "Hip Replacement Provider 1819.csv", "knee": "Knee Replacements Provider 1718.csv"}
SUMMARY = "ProvComm Hip and Knee Replacements.csv"


def write_pack(folder: Path, n: int = 2000, seed: int = 1997) -> list[Path]:
    """Write the look-alike's hip and knee record files and the summary by provider, named as published."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, summaries = [], []
    for procedure, name in MEMBERS.items():
        records = record_file(procedure, n, seed)
        records.to_csv(folder / name, index=False, lineterminator="\r\n")
        paths.append(folder / name)
        summaries.append(provider_summary(records, procedure))
    paths.append(folder / SUMMARY)
    pd.concat(summaries).to_csv(paths[-1], index=False, lineterminator="\r\n")
    return paths


def provider_summary(records: pd.DataFrame, procedure: str) -> pd.DataFrame:
    """Return number, means, gain and improved / same / worse per provider, as the publisher's ProvComm file.

    A record counts where score before, score after and prediction are all there. The case-mix adjusted
    columns are left as `*`, which is how small providers are published.
    """
    title = f"{procedure.capitalize()} Replacement"
    stems = {"EQ VAS": ("EQ VAS", 1), "EQ-5D Index": ("EQ5D Index", 0)}
    stems[f"Oxford {procedure.capitalize()} Score"] = ("Score", 2)
    rows = []
    for measure, (name, number) in stems.items():
        prefix = f"{title} " if name == "Score" else ""
        scores = pd.DataFrame({
            "provider": records["Provider Code"],
            "procedure": records["Revision Flag"].map({"0": f"{title} Primary", "1": f"{title} Revision"}),
            "q1": scores_of(records[f"{prefix}Pre-Op Q {name}"]),
            "q2": scores_of(records[f"{prefix}Post-Op Q {name}"]),
            "expected": scores_of(records[f"{title} {PREDICTED[procedure][number]}"]),
        }).dropna()  # fmt: skip
        groups = scores.groupby(["procedure", "provider"])
        rows += [_summary_row(*key, measure, group["q1"], group["q2"]) for key, group in groups]
    return pd.DataFrame(rows)


def _summary_row(procedure: str, provider: str, measure: str, first: pd.Series, second: pd.Series) -> dict:
    gain = (second - first).round(9)
    return {
        "Procedure": procedure,
        "Organisation Type": "Provider",
        "Organisation Code": provider,
        "Organsation Name": "MADE UP",
        "Measure": measure,
        "Modelled Records": len(gain),
        "Average Pre-Op Q Score": round(first.mean(), 4),
        "Average Post-Op Q Score": round(second.mean(), 4),
        "Health Gain": round(gain.mean(), 4),
        "Improved": int((gain > 0).sum()),
        "Same": int((gain == 0).sum()),
        "Worse": int((gain < 0).sum()),
        "Adjusted Post-Op Q Score": "*",
        "Adjusted Average Health Gain": "*",
        "Standard Deviation": "*",
    }
