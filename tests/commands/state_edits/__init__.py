"""Tests of the edits of an exported state."""
