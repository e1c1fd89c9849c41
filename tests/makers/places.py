"""Where the tests find things: the repository, its studies and notebooks, values from elsewhere."""

from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
DATA = REPO / "data"
NOTEBOOKS = REPO / "notebooks"
ORACLES = REPO / "tests" / "oracles"
NHS_FILES = REPO.parent / "shared" / "nhs-proms"  # real data, which not every clone has beside it
