"""`every_moment.py` in a process of its own: it forks, which is safe only where nothing else is under way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).with_name("every_moment.py")


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork and the exchange of two names")
def test_a_run_may_stop_at_every_moment(tmp_path):
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    alone |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    quiet = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'cases'}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, str(CASES)], env=alone, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "8 passed" in done.stdout
