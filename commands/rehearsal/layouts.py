"""The layouts of the publish workflow that can be rehearsed."""

from collections.abc import Mapping
from typing import Any

from publish_workflow.layouts import LAYOUTS as DECLARED
from publish_workflow.layouts import OPTIONS

LAYOUTS = tuple(DECLARED)


def misfits(options: Mapping[str, Any], layout: str) -> list[str]:
    """The options of a repository, by their keys in the stack file, that a layout does not have."""
    lacking = OPTIONS - DECLARED[layout].options
    return [option for option in options if option.replace("-", "_") in lacking]
