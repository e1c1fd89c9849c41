"""Every value of every choice, with its tier and the reason for it."""

from __future__ import annotations

TIERS = ("principled", "common", "flawed")
DEFENSIBLE = TIERS[:2]
AXES = ("outcome", "form", "missing", "cost", "value", "negatives", "perception", "coefficient")
REASONS = {
    "form": {
        "adjusted": (
            "principled",
            "follow-up at average baseline: neither rewards nor punishes where patients start",
        ),
        "gain": ("common", "how far patients came; carries the noise of the baseline"),
        "follow-up": ("common", "where patients ended; credits care with health they came with"),
        "percent": ("flawed", "divides by the baseline, so the sickest count most"),
    },
    "missing": {
        "complete": ("common", "only patients with an answer; right only if missing is unrelated to outcome"),
        "imputed": (
            "principled",
            "what patients like them answered, drawn several times and pooled; death counts as the worst",
        ),
        "worst": ("common", "a missing follow-up counts as the worst one observed, as after a death"),
        "no change": ("flawed", "a missing follow-up counts as no change, which invents outcomes"),
    },
    "value": {
        "quotient": ("common", "outcome / cost, the definition of VQ"),
        "net benefit": ("principled", "willingness to pay x outcome - cost: no division"),
        "beyond cost": (
            "principled",
            "outcome above that of patients who cost as much: cost is held equal, not divided by",
        ),
    },
    "negatives": {
        "keep": ("principled", "every patient as they are"),
        "zero": ("common", "a loss counts as no gain, so that costly harm is not rewarded"),
        "drop": ("flawed", "selects patients by their own outcome"),
    },
    "coefficient": {
        "spearman": ("principled", "perception is ordinal and cost skewed"),
        "kendall": ("principled", "pairs of patients in the same order, made for ties; as sin(pi tau / 2)"),
        "pearson": ("common", "assumes a straight line; moved by a few extreme quotients"),
    },
}
DECLARED = ("principled", "declared by the study")
