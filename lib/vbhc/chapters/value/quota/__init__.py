"""Definitions and forms of a value quota."""
