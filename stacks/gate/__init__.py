"""The gate of a repository as plain values: as declared, as recorded, and as GitHub's API takes it.

The gate is the environment with its deployment policies, and the three rulesets. The components
declare the same objects to the engine; a test compares both on the simulated GitHub.
"""

from stacks.gate.bodies import environment_body, put_command, refresh_command, ruleset_body
from stacks.gate.declared import GateIds, declared_environment, declared_rulesets
from stacks.gate.recorded import recorded_environment, recorded_ruleset

__all__ = [
    "GateIds",
    "declared_environment",
    "declared_rulesets",
    "environment_body",
    "put_command",
    "recorded_environment",
    "recorded_ruleset",
    "refresh_command",
    "ruleset_body",
]
