"""Figures of chapter 04."""
