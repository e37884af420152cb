"""The release stack: load the settings, deploy what they declare, export the outputs."""

import pulumi

from stacks.program import deploy

pulumi.run(deploy)
