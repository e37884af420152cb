"""What a stack file declares, read without the engine, its passphrase or any rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from commands.state_edits.selection import Selection
from stacks.settings.configuration_keys import options_of
from stacks.settings.stack_file import read_config

ROLES = ("operations", "maintainers")


@dataclass(frozen=True)
class StackFile:
    """The `config` of a stack file, without prefixes, and the organization."""

    options: Mapping[str, Any]
    owner: str
    base_url: str

    @classmethod
    def read(cls, file: Path, project: str) -> Self:
        config, _ = read_config(file)
        plain = {str(key): value for key, value in config.items()}
        return cls(
            options_of(plain, project),
            str(plain.get("github:owner") or ""),
            str(plain.get("github:baseUrl") or ""),
        )

    def declares(self, selection: Selection) -> bool:
        """Return whether the file still declares what is to be forgotten."""
        name = selection.name
        if selection.kind == "repository":
            return name in set(self.repositories())
        if selection.kind == "role":
            return not mapping(self.options.get(name)).get("existing")
        names = self.logins() if selection.kind == "person" else self.slugs()
        return name.lower() in {text.lower() for text in names}

    def entries(self) -> dict[str, Mapping[str, Any]]:
        repositories = mapping(self.options.get("repositories"))
        return {str(name): mapping(entry) for name, entry in repositories.items()}

    def repositories(self) -> Iterator[str]:
        """Yield the name and the former name of each entry."""
        for name, entry in self.entries().items():
            yield name
            if entry.get("formerly"):
                yield str(entry["formerly"])

    def layers(self) -> Iterator[Mapping[str, Any]]:
        yield mapping(self.options.get("defaults"))
        yield from self.entries().values()

    def logins(self) -> Iterator[str]:
        for role in ROLES:
            team = mapping(self.options.get(role))
            for key in ("members", "team-maintainers"):
                yield from map(str, team.get(key) or ())
        for layer in self.layers():
            yield from map(str, mapping(layer.get("reviewers")).get("users") or ())

    def slugs(self) -> Iterator[str]:
        for role in ROLES:
            if existing := mapping(self.options.get(role)).get("existing"):
                yield str(existing)
        for layer in self.layers():
            yield from map(str, mapping(layer.get("teams")))
            yield from map(str, mapping(layer.get("reviewers")).get("teams") or ())


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping, or an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}
