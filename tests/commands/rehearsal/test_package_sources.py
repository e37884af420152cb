"""The package of a rehearsal: named after its repository, and really built."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from commands.rehearsal.package_sources import package_of, version_of


@pytest.mark.parametrize(
    ("repository", "name", "module"),
    [
        ("httpx", "httpx", "httpx"),
        ("My.Pkg", "My.Pkg", "my_pkg"),
        (".github", "package-github", "package_github"),
        ("2fa", "2fa", "package_2fa"),
        ("class", "class", "package_class"),
        ("_", "package-rehearsed", "package_rehearsed"),
    ],
)
def test_a_package_is_named_after_its_repository(repository: str, name: str, module: str) -> None:
    package = package_of(repository)

    assert (package.name, package.module) == (name, module)


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("0.2.0", "0.2.0"),
        ("v1.2", "1.2"),
        ("1.0rc1", "1.0rc1"),
        ("v1.0-rc.1", "1.0rc1"),
        ("httpx-3.1.post1", "3.1.post1"),
        ("x", "0.2.0"),
    ],
)
def test_a_tag_stands_for_a_version(tag: str, version: str) -> None:
    assert version_of(tag) == version


def test_its_files_are_built_into_a_wheel_of_that_version(tmp_path: Path) -> None:
    package = package_of("My.Pkg")
    for path, text in package.files("1.2.3", "PYPI_TOKEN").items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(tmp_path / "dist"),
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    (wheel,) = (tmp_path / "dist").iterdir()
    assert wheel.name == "my_pkg-1.2.3-py2.py3-none-any.whl"
    assert "my_pkg/__init__.py" in zipfile.ZipFile(wheel).namelist()


def test_the_script_takes_the_usual_secret_from_the_workflow_and_another_by_its_name() -> None:
    package = package_of("httpx")

    assert "TWINE_PASSWORD" not in package.files("1.0", "PYPI_TOKEN")["scripts/publish"]
    assert 'TWINE_PASSWORD="$UPLOAD_KEY"' in package.files("1.0", "UPLOAD_KEY")["scripts/publish"]


def test_the_docs_are_pushed_only_where_that_is_declared() -> None:
    assert "gh-pages" not in package_of("httpx").files("1.0", "")["scripts/publish"]
    assert "gh-pages" in package_of("httpx", docs=True).files("1.0", "")["scripts/publish"]
