"""Every value of every choice, with its tier and the reason for it."""

from __future__ import annotations

from pathlib import Path

import yaml

TIERS = ("principled", "common", "flawed")
DEFENSIBLE = TIERS[:2]
AXES = ("outcome", "form", "missing", "cost", "value", "negatives", "perception", "coefficient")
_WRITTEN = yaml.safe_load(Path(__file__).with_name("reasons.yml").read_text(encoding="utf-8"))
REASONS = {axis: {value: tuple(why) for value, why in values.items()} for axis, values in _WRITTEN.items()}
DECLARED = ("principled", "declared by the study")
