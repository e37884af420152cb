"""The made-up package of a rehearsal, with its scripts, versions and release tags."""

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

from commands.rehearsal.errors import ChoiceError
from publish_workflow.steps import PYPI_TOKEN
from simulated_github.rules.patterns import fnmatch, matches_filters

# Source: https://packaging.python.org/en/latest/specifications/name-normalization/
# Not every repository name is a valid package name.
PACKAGE_NAME = r"[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]"
# Source: https://packaging.python.org/en/latest/specifications/version-specifiers/
VERSION = r"\d+(?:\.\d+)*(?:[-_.]?(?:a|b|rc)[-_.]?\d+)?(?:\.post\d+)?(?:\.dev\d+)?"

README = "# {name}\n\nA package that is only released in rehearsals.\n"
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
description = "A package that is only released in rehearsals."
readme = "README.md"
dynamic = ["version"]

[tool.hatch.version]
path = "{module}/__init__.py"

[tool.hatch.build.targets.wheel]
packages = ["{module}"]
"""
INIT = '"""A package that is only released in rehearsals."""\n\n__version__ = "{version}"\n'
# A rehearsal downloads nothing: pip finds these installed, and the build is not isolated.
INSTALL = "#!/bin/sh -e\npython -m pip install build hatchling twine\n"
BUILD = "#!/bin/sh -e\npython -m build --no-isolation\npython -m twine check --strict dist/*\n"
PUBLISH = """\
#!/bin/sh -e
{login}python -m twine upload --non-interactive --disable-progress-bar dist/*
{docs}"""
LOGIN = 'export TWINE_USERNAME=__token__ TWINE_PASSWORD="${secret}"\n'
DOCS = "git push --quiet origin HEAD:refs/heads/gh-pages\n"

USUAL_TAGS = ("0.2.0", "v0.2.0")
USUAL_VERSIONS = ("0.2.0", "0.3.0")
# Source: https://git-scm.com/docs/git-check-ref-format, limited to the characters of a tag pattern.
GIT_TAG = r"(?!.*(?:\.\.|\.lock$|\.$|^\.|^-))[A-Za-z0-9._+-]+"
PATTERN_PART = re.compile(r"\*|\[(?P<set>[^\]]+)\]|.")


@dataclass(frozen=True)
class ExamplePackage:
    """A package that is named after a repository.

    Attributes:
        name: Its name on the index.
        module: The name to import.
        docs: Whether publishing it pushes documentation too.
    """

    name: str
    module: str
    docs: bool = False

    def files(self, version: str, secret: str) -> dict[str, str]:
        """Return the text of every file by path, with the scripts that the publish workflow runs.

        `secret` is the name of the secret that uploads the package; empty with trusted publishing.
        """
        # The workflow passes the usual secret in twine's variables, any other under its name.
        login = "" if secret in ("", PYPI_TOKEN) else LOGIN.replace("{secret}", secret)
        return {
            "README.md": README.format(name=self.name),
            "pyproject.toml": PYPROJECT.format(name=self.name, module=self.module),
            self.version_file: self.version_text(version),
            "scripts/install": INSTALL,
            "scripts/build": BUILD,
            "scripts/publish": PUBLISH.format(login=login, docs=DOCS if self.docs else ""),
        }

    @property
    def version_file(self) -> str:
        return f"{self.module}/__init__.py"

    def version_text(self, version: str) -> str:
        """Return the text of the file that holds the version."""
        return INIT.format(version=version)


def package_of(repository: str, *, docs: bool = False) -> ExamplePackage:
    """Return the package of a repository, renamed if its name is not valid for a package."""
    name = repository
    if not re.fullmatch(PACKAGE_NAME, repository):
        name = f"package-{repository.strip('._-') or 'rehearsed'}"
    module = re.sub(r"\W", "_", name).lower()
    if module[0].isdigit() or keyword.iskeyword(module):
        module = f"package_{module}"
    return ExamplePackage(name, module, docs)


def version_of(tag: str) -> str:
    """Return the first version in a release tag, in its normal form; 0.2.0 without one."""
    version = re.search(rf"(?<![\d.]){VERSION}", tag)
    if version is None:
        return USUAL_VERSIONS[0]
    return re.sub(r"[-_.]?(a|b|rc)[-_.]?(?=\d)", r"\1", version.group())


def is_release_tag(pattern: str, tag: str) -> bool:
    """Return whether the workflow's trigger, the tag policy and the rulesets all match a tag."""
    is_git_tag = bool(re.fullmatch(GIT_TAG, tag))
    return is_git_tag and matches_filters([pattern], tag) and fnmatch(pattern, tag)


def choose_tag(pattern: str, tag: str | None) -> str:
    """Return the user's tag, or one that matches the pattern. Raise `ChoiceError` if none does."""
    if tag is None:
        return example_tag(pattern)
    if is_release_tag(pattern, tag):
        return tag
    raise ChoiceError(
        place="TAG",
        value=repr(tag),
        allowed=f"a valid git tag that matches the pattern {pattern!r} of release-tags",
        remedy=f"for example {example_tag(pattern)}",
    )


def example_tag(pattern: str) -> str:
    """Return a tag that matches the pattern. Raise `ChoiceError` if none can be guessed."""
    tag = next(matching_tags(pattern, USUAL_TAGS), None)
    if tag is None:
        raise ChoiceError(
            place="release-tags",
            value=repr(pattern),
            allowed="a pattern for which a tag can be guessed",
            remedy="name the tag: scripts/rehearse REPOSITORY TAG",
        )
    return tag


def later_tags(pattern: str, tag: str, limit: int = 2) -> tuple[str, ...]:
    """Return up to `limit` more release tags, with higher numbers if possible."""
    incremented = increments(tag)
    twice = [later for once in incremented for later in increments(once)]
    matching = matching_tags(pattern, (*incremented, *twice))
    return tuple(dict.fromkeys(later for later in matching if later != tag))[:limit]


def matching_tags(pattern: str, candidates: tuple[str, ...]) -> Iterator[str]:
    """Yield the candidates that are release tags, then tags made from the pattern itself."""
    filled = [
        fill_pattern(pattern, version, position)
        for version in USUAL_VERSIONS
        for position in (0, -1)
    ]
    yield from (tag for tag in (*candidates, *filled) if is_release_tag(pattern, tag))


def increments(tag: str) -> tuple[str, ...]:
    """Return the tag with one of its numbers raised by one, the last number first."""
    numbers = [*re.finditer(r"\d+", tag)]
    return tuple(
        f"{tag[: number.start()]}{int(number.group()) + 1}{tag[number.end() :]}"
        for number in reversed(numbers)
    )


def fill_pattern(pattern: str, version: str, position: int) -> str:
    """Return a tag for a pattern.

    The first `*` becomes the version, others nothing, and a class its character at `position`.
    """
    texts: list[str] = []
    stars = 0
    for part in PATTERN_PART.finditer(pattern):
        if part.group() == "*":
            texts.append("" if stars else version)
            stars += 1
        else:
            texts.append(part["set"][position] if part["set"] else part.group())
    return "".join(texts)
