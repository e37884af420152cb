"""The release stack: load the settings, deploy what they declare, export the outputs."""

from stacks.program import run

run()
