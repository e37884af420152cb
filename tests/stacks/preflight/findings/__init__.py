"""Findings, which operators may accept."""
