"""Figures of chapter 02."""
