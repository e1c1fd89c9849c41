"""Check spoilt studies, and count how each kind was told: `make fuzz`, or a part, `make fuzz N=250:500`."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from mutants import KINDS, every_turn, fuzz, sources

HOWS = ("named", "asked", "unseen", "wrong")

if __name__ == "__main__":
    first, last = ([0, *map(int, sys.argv[1].split(":"))])[-2:]
    with tempfile.TemporaryDirectory() as made:
        studies = sources(Path(made))
        found = fuzz(studies, Path(made) / "spoilt", range(first, last), every_turn(len(studies)))
    counts = Counter((one.kind, one.how) for one in found)
    print(f"{'kind':26}" + "".join(f"{how:>8}" for how in HOWS))
    for kind in KINDS:
        print(f"{kind:26}" + "".join(f"{counts[kind, how] or '':>8}" for how in HOWS))
    wrong = [f"{one.number} {one.kind}: {one.wrong}" for one in found if one.wrong]
    print("\n".join([*wrong, f"{len(found):,} spoilt studies, {len(wrong)} not told rightly"]))
    sys.exit(bool(wrong))
