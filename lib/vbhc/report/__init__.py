"""The published report of a study: pages from executed notebooks, their tables and figures, an index."""

from vbhc.report.build import build, verify
from vbhc.report.markdown import ReportError

__all__ = ["ReportError", "build", "verify"]
