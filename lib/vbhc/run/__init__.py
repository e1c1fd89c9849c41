"""The driver: run what changed of a study, then build its report. Imports nothing: Ctrl-C comes first."""
