"""A small Python package, complete enough to be built, published, installed and imported."""

import keyword
import re
from dataclasses import dataclass

from publish_workflow.steps import TOKEN

# https://packaging.python.org/en/latest/specifications/name-normalization/: a repository's name need not be a package's.
PACKAGE_NAME = r"[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]"
# The part of a tag that is a version: https://packaging.python.org/en/latest/specifications/version-specifiers/
VERSION = r"\d+(?:\.\d+)*(?:[-_.]?(?:a|b|rc)[-_.]?\d+)?(?:\.post\d+)?(?:\.dev\d+)?"

README = "# {name}\n\nA package that is only ever released in a rehearsal.\n"
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
description = "A package that is only ever released in a rehearsal."
readme = "README.md"
dynamic = ["version"]

[tool.hatch.version]
path = "{module}/__init__.py"

[tool.hatch.build.targets.wheel]
packages = ["{module}"]
"""
INIT = '"""A package that is only ever released in a rehearsal."""\n\n__version__ = "{version}"\n'
# Nothing is downloaded in a rehearsal: what these ask for is installed, and the build takes it from there.
INSTALL = "#!/bin/sh -e\npython -m pip install build hatchling twine\n"
BUILD = "#!/bin/sh -e\npython -m build --no-isolation\npython -m twine check --strict dist/*\n"
PUBLISH = "#!/bin/sh -e\n{login}python -m twine upload --non-interactive --disable-progress-bar dist/*\n{docs}"
LOGIN = 'export TWINE_USERNAME=__token__ TWINE_PASSWORD="${secret}"\n'
DOCS = "git push --quiet origin HEAD:refs/heads/gh-pages\n"


@dataclass(frozen=True)
class Package:
    """A package that is named after a repository.

    Attributes:
        name: Its name on the index.
        module: What is imported.
        docs: Whether publishing pushes documentation too.
    """

    name: str
    module: str
    docs: bool = False

    def files(self, version: str, secret: str) -> dict[str, str]:
        """Every file by its path. The scripts are those of the workflow; `secret` is the name of what is uploaded with."""
        # The workflow itself hands over the usual secret in twine's own words, and any other under its name.
        login = "" if secret in ("", TOKEN) else LOGIN.replace("{secret}", secret)
        return {
            "README.md": README.format(name=self.name),
            "pyproject.toml": PYPROJECT.format(name=self.name, module=self.module),
            self.version_file: self.init(version),
            "scripts/install": INSTALL,
            "scripts/build": BUILD,
            "scripts/publish": PUBLISH.format(login=login, docs=DOCS if self.docs else ""),
        }

    @property
    def version_file(self) -> str:
        return f"{self.module}/__init__.py"

    def init(self, version: str) -> str:
        """The text of the file that holds the version."""
        return INIT.format(version=version)


def package_of(repository: str, *, docs: bool = False) -> Package:
    """The package of a repository; where its name cannot be a package's, one that is near it."""
    name = (
        repository
        if re.fullmatch(PACKAGE_NAME, repository)
        else f"package-{repository.strip('._-') or 'rehearsed'}"
    )
    module = re.sub(r"\W", "_", name).lower()
    return Package(
        name,
        f"package_{module}" if module[0].isdigit() or keyword.iskeyword(module) else module,
        docs,
    )


def version_of(tag: str) -> str:
    """The version that a release tag stands for, in its normal form: the first one in it, else 0.2.0."""
    found = re.search(rf"(?<![\d.]){VERSION}", tag)
    return re.sub(r"[-_.]?(a|b|rc)[-_.]?(?=\d)", r"\1", found.group()) if found else "0.2.0"
