"""The keys of a stack file, and the project that each of them belongs to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stacks.settings.declaration import Declaration
from stacks.settings.model import keys_of
from stacks.settings.problems import Problem

# The project of this repository. Stack files that were written for it may have this prefix.
PROJECT = "releases"
OPTION_NAMES = frozenset(keys_of(Declaration))
# The namespaces of the provider and of the engine.
PROVIDERS = ("github", "pulumi")


def normalize(key: str, project: str) -> tuple[str, str]:
    """Return the namespace and the name of a key, as the engine reads it.

    `KEY`, `PROJECT:KEY` and `PROJECT:config:KEY` are the same key.

    Source: `ParseConfigKeyForProject` in pkg/cmd/pulumi/config/io.go of github.com/pulumi/pulumi,
    and `ParseKey` in sdk/go/common/resource/config/key.go.
    """
    namespace, _, name = key.rpartition(":")
    return namespace.removesuffix(":config") or project, name


def option_name(key: str, project: str) -> str | None:
    """Return the name of an option of `project`, or `None` where the key is of another project."""
    namespace, name = normalize(key, project)
    return name if namespace == project else None


def options_of(config: Mapping[str, Any], project: str = PROJECT) -> dict[str, Any]:
    """Return the values of the project's own keys by their name without prefix."""
    names = {key: option_name(key, project) for key in config}
    return {name: config[key] for key, name in names.items() if name}


def strip_prefixes(config: Mapping[str, Any], project: str = PROJECT) -> dict[str, Any]:
    """Return `config` with the project's own keys without prefix, and all others as they are."""
    return {option_name(key, project) or key: value for key, value in config.items()}


def spelling_problems(keys: Iterable[Any], project: str, file: str) -> Iterator[Problem]:
    """Yield a problem for each key with two spellings or with the prefix of another project.

    A key such as `release:operations` is a problem only where the project's own key is missing:
    it may belong to another program.
    """
    spellings: dict[str, str] = {}
    names = [str(key) for key in keys]
    own_names = {option_name(key, project) for key in names}
    for key in names:
        namespace, name = normalize(key, project)
        if namespace == project:
            if name in spellings:
                yield duplicate_key(name, spellings[name], key, file)
            spellings[name] = key
        elif namespace == PROJECT:
            yield foreign_key(key, project, file)
        elif name in OPTION_NAMES - own_names and namespace not in PROVIDERS:
            yield ignored_key(key, name)


def duplicate_key(name: str, first: str, second: str, file: str) -> Problem:
    return Problem(
        name,
        f"written twice, as `{first}` and as `{second}`",
        "each key once: of two spellings of the same key, Pulumi uses one at random",
        f"move all values under `{name}` in {file}, and remove the other key",
    )


def foreign_key(key: str, project: str, file: str) -> Problem:
    return Problem(
        key,
        f"a key of the project {PROJECT}",
        f"keys without a prefix, or with `{project}:`, the name of this project",
        f"""sed -i.bak -E "s/^( *['\\"]?){PROJECT}:(config:)?/\\1/" {file}""",
    )


def ignored_key(key: str, name: str) -> Problem:
    return Problem(
        key,
        f"ignored: the prefix `{normalize(key, '')[0]}` is not the name of this project",
        "keys without a prefix",
        f"write `{name}`",
    )
