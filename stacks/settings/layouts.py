"""Which options a layout has, in the words of the settings."""

from typing import Any

from publish_workflow.layouts import LAYOUTS, OPTIONS
from stacks.settings.declared import DEFAULTS

# What holds for a repository whose layout does without an option: as if nobody had ever said anything.
WITHOUT: dict[str, Any] = {
    name: [] if name == "secrets" else default
    for name, default in DEFAULTS.items()
    if name in OPTIONS and not all(name in layout.options for layout in LAYOUTS.values())
}


def lacks(layout: str, option: str) -> bool:
    return option in WITHOUT and option not in LAYOUTS[layout].options


def layouts_with(option: str) -> list[str]:
    return [layout.name for layout in LAYOUTS.values() if option in layout.options]
