"""The layouts of a publish workflow: which jobs it has, and so which options make sense and which scripts have to be there.

What each costs and protects stands in `docs/publish-workflow.md`, why there are three in `docs/adr/0008-three-layouts.md`.
"""

from dataclasses import dataclass
from typing import Literal

LayoutName = Literal["scripts", "scripts-single", "trusted-publishing"]

COMMON = frozenset({"python_version", "runner", "timeout_minutes", "environment_variables"})


@dataclass(frozen=True)
class Layout:
    """One way to publish.

    Attributes:
        name: What `publish:` says.
        options: The fields of `PublishSettings` that are a choice in this layout.
        scripts: The files of the repository that its jobs run unless an option says otherwise.
    """

    name: LayoutName
    options: frozenset[str]
    scripts: tuple[str, ...]


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "scripts",
            COMMON | {"secrets", "permissions", "publish_install"},
            ("scripts/install", "scripts/build", "scripts/publish"),
        ),
        Layout(
            "scripts-single",
            COMMON | {"secrets", "permissions", "deploys_docs"},
            ("scripts/install", "scripts/build", "scripts/publish"),
        ),
        Layout("trusted-publishing", COMMON, ("scripts/install", "scripts/build")),
    )
}

OPTIONS: frozenset[str] = frozenset().union(*(layout.options for layout in LAYOUTS.values()))
