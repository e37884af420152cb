"""Trials of a first `pulumi up` that fails, and of the recovery that `docs/faults.md` describes.

A trial starts from a stack that is declared and was never applied. Its first `up` fails once, an
operator recovers, and the result is compared with that of an undisturbed run.
"""
