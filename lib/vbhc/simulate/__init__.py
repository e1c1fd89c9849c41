"""Do the intervals cover and the tests hold their size? Answers by drawing data whose truth is known.

`python -m vbhc.simulate --runs 1000 --out FOLDER` writes `calibration.csv`; `CHECKS` names every check.
"""

from vbhc.simulate.check import Check, calibrate, calibration_sentence, declared, write

CHECKS = declared()

__all__ = ["CHECKS", "Check", "calibrate", "calibration_sentence", "write"]
