"""The layouts of the publish workflow that can be rehearsed."""

from collections.abc import Mapping
from typing import Any

LAYOUTS = ("scripts", "scripts-single", "trusted-publishing")
# The options that some layouts do not have, by the layouts that have them.
ONLY_IN = {
    "publish-install": ("scripts",),
    "deploys-docs": ("scripts-single",),
    "secrets": ("scripts", "scripts-single"),
    "permissions": ("scripts", "scripts-single"),
}


def misfits(options: Mapping[str, Any], layout: str) -> list[str]:
    """The options of a repository that a layout does not have."""
    return [option for option in options if layout not in ONLY_IN.get(option, LAYOUTS)]


def has_token(layout: str) -> bool:
    """Whether a release of this layout is uploaded with a token that is stored on GitHub."""
    return layout != "trusted-publishing"
