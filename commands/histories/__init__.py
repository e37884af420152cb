"""Random histories of a living organization: events on GitHub, and what `pulumi up` makes of them.

After every `pulumi up` that succeeds, a check that knows nothing of the stack's own rules looks at
the simulated GitHub. It reports each declared repository whose gate differs from the declared one,
and each person who can publish without an approval.
"""
