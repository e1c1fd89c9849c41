"""Score patient-reported measures: answers in, one column per scale out, a reason for every missing score.

`score("kccq23", items)` has the same shape for every instrument; the modules (`eq5d`, `kccq` ...) hold the
rest.
"""

from vbhc.instruments.instrument import Scale
from vbhc.instruments.registry import get, mcids, missing_reasons, registry, scales, score

__all__ = ["Scale", "get", "mcids", "missing_reasons", "registry", "scales", "score"]
