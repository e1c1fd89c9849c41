"""Definitions and forms of a value quota."""

from vbhc.chapters.value.quota.definitions import quota_where_possible, value_quota, without_quota
from vbhc.chapters.value.quota.numerators import adjusted_outcome
