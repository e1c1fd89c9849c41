"""`python -m vbhc.simulate`: write the calibration of every interval and test."""

import argparse
import sys

from vbhc.simulate import CHECKS
from vbhc.simulate.check import VERDICTS, calibrate, calibration_sentence, write


def main(arguments: list[str] | None = None) -> int:
    """Run the checks; exit 1 when an interval or test falls short unexpectedly."""
    parser = argparse.ArgumentParser(prog="python -m vbhc.simulate", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000, help="samples per check (default 1,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="calibration", help="folder for calibration.csv")
    parser.add_argument("--only", default="", help="part of the name of the checks to run")
    chosen = parser.parse_args(arguments)
    checks = [check for check in CHECKS if chosen.only.lower() in f"{check.name}, {check.model}".lower()]
    if not checks or chosen.runs < 1:
        known = "; ".join(dict.fromkeys(check.name for check in CHECKS))
        parser.error("--runs must be 1 or more" if checks else f"no check is named so; known: {known}")
    table = calibrate(chosen.runs, chosen.seed, checks, progress=lambda text: print(text, file=sys.stderr))
    path = write(chosen.out, table)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    print(f"{calibration_sentence(table)}\n{path}")
    return int((table["verdict"] == VERDICTS[3]).any())


if __name__ == "__main__":
    raise SystemExit(main())
