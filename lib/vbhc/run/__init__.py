"""The driver: plan a run, execute what changed, build the report, and say where it came from.

Nothing here imports pandas or papermill before something has to run.
"""

from vbhc.run.driver import Outcome, ReportFailed, run_study
from vbhc.run.plan import Plan, make_plan

__all__ = ["Outcome", "Plan", "ReportFailed", "make_plan", "run_study"]
