"""Check as many spoilt studies as the command line says, and count how each kind was told: `make fuzz`."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from nhs_packs import lookalike_study
from places import DATA

from mutants import KINDS, fuzz

HOWS = ("named", "asked", "unseen", "wrong")

if __name__ == "__main__":
    n = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as made:
        lookalike = lookalike_study("hip", Path(made), 300).folder
        found = fuzz([DATA / "heart-failure", DATA / "hip-hospitals", lookalike], Path(made) / "spoilt", n)
    counts = Counter((one.kind, one.how) for one in found)
    print(f"{'kind':26}" + "".join(f"{how:>8}" for how in HOWS))
    for kind in KINDS:
        print(f"{kind:26}" + "".join(f"{counts[kind, how] or '':>8}" for how in HOWS))
    wrong = [f"{one.number} {one.kind}: {one.wrong}" for one in found if one.wrong]
    print("\n".join([*wrong, f"{n:,} spoilt studies, {len(wrong)} not told rightly"]))
    sys.exit(bool(wrong))
