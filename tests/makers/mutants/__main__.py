"""Check as many spoilt studies as the command line says: `make fuzz`."""

import sys
import tempfile
from pathlib import Path

from places import DATA

from mutants import fuzz

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        failed = fuzz(DATA / "heart-failure", Path(made), int(sys.argv[1]))
    print("\n".join([*failed, f"{sys.argv[1]} spoilt studies, {len(failed)} not told rightly"]))
    sys.exit(bool(failed))
