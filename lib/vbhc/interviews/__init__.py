"""Read coded interviews of any tool into five plain tables; what was guessed or dropped is said."""

from vbhc.interviews.derived import code_counts, interview_order, labels, presence, quotations, segment_totals
from vbhc.interviews.participants import groups
from vbhc.interviews.reading import read
from vbhc.interviews.tables import Interviews, lost_codings, report_without_names
from vbhc.interviews.writer import write_qdpx
