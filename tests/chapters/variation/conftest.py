"""The study of made-up hospitals, cleaned once for every test of its pages."""

import pytest
from places import DATA

from vbhc import cleaning
from vbhc.study import load_study


@pytest.fixture(scope="package")
def shipped():
    """The study and what its cleaning made of it."""
    study = load_study(str(DATA / "hip-hospitals"))
    return study, cleaning.clean(study)
