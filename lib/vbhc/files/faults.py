"""What helps against several kinds of faults of files."""

SAVE_AS = "open it in a spreadsheet program and save it as .xlsx (Excel workbook) or as .csv"
EXPORT_AGAIN = "export it again"
