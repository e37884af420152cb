"""How random settings are drawn: the same ones each time, and without a clock, which a busy machine would lose against."""

from hypothesis import settings

repeatable = settings(derandomize=True, deadline=None, database=None)
