"""Rerun a value-based health care study: from raw answers, costs and interviews to a published report."""

__version__ = "0.1.0"
