"""The package of a rehearsal: its name, its files, its versions and its release tags."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.package import (
    USUAL_TAGS,
    choose_tag,
    is_release_tag,
    later_tags,
    matching_tags,
    package_of,
    version_of,
)

PARTS = st.sampled_from(["v", "release-", "*", "[0-9]", "[a-z]", "[01]", ".", "_", "1", "rc"])
PATTERNS = st.lists(PARTS, min_size=1, max_size=8).map(
    lambda parts: "".join(parts).replace("**", "*")
)


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

    assert package.name == name
    assert package.module == module


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
def test_the_version_of_a_tag(tag: str, version: str) -> None:
    assert version_of(tag) == version


def test_the_files_of_a_package_build_a_wheel(tmp_path: Path) -> None:
    package = package_of("My.Pkg")
    for path, text in package.files("1.2.3", "PYPI_TOKEN").items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    options = ["--no-isolation", "--wheel", "--outdir", str(tmp_path / "dist")]
    command = [sys.executable, "-m", "build", *options]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    (wheel,) = (tmp_path / "dist").iterdir()
    assert wheel.name == "my_pkg-1.2.3-py2.py3-none-any.whl"
    assert "my_pkg/__init__.py" in zipfile.ZipFile(wheel).namelist()


def test_the_workflow_passes_the_usual_secret() -> None:
    script = package_of("httpx").files("1.0", "PYPI_TOKEN")["scripts/publish"]

    assert "TWINE_PASSWORD" not in script


def test_the_script_reads_another_secret_by_its_name() -> None:
    script = package_of("httpx").files("1.0", "UPLOAD_KEY")["scripts/publish"]

    assert 'TWINE_PASSWORD="$UPLOAD_KEY"' in script


def test_the_docs_are_pushed_only_if_declared() -> None:
    assert "gh-pages" not in package_of("httpx").files("1.0", "")["scripts/publish"]
    assert "gh-pages" in package_of("httpx", docs=True).files("1.0", "")["scripts/publish"]


@pytest.mark.parametrize(
    ("pattern", "tag"),
    [
        ("*", "0.2.0"),
        ("v*", "v0.2.0"),
        ("[0-9]*", "0.2.0"),
        ("v[0-9]*", "v0.2.0"),
        ("release-*", "release-0.2.0"),
        ("1.0", "1.0"),
    ],
)
def test_a_made_up_tag_matches_the_pattern(pattern: str, tag: str) -> None:
    assert choose_tag(pattern, None) == tag


def test_a_users_tag_that_matches_is_used() -> None:
    assert choose_tag("v*", "v3.1") == "v3.1"


@pytest.mark.parametrize("tag", ["0.2.0", "v1/2", "v1..2", "v1.lock", "v1 2", "", "v1.", "-v1"])
def test_a_tag_outside_the_pattern_is_refused(tag: str) -> None:
    with pytest.raises(ChoiceError) as refused:
        choose_tag("v*", tag)

    assert str(refused.value).splitlines()[0] == f"TAG is {tag!r}"
    assert "the pattern 'v*' of release-tags" in str(refused.value)
    assert "for example v0.2.0" in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "tag", "later"),
    [
        ("*", "0.2.0", ("0.2.1", "0.3.0")),
        ("v*", "v9", ("v10", "v11")),
        ("*", "nightly", ("0.2.0", "0.3.0")),
        ("1.0", "1.0", ()),
        ("1.[01]", "1.0", ("1.1",)),
    ],
)
def test_later_tags_have_higher_numbers(pattern: str, tag: str, later: tuple[str, ...]) -> None:
    assert later_tags(pattern, tag) == later


@settings(deadline=None)
@given(pattern=PATTERNS)
def test_every_made_up_tag_is_a_release_tag(pattern: str) -> None:
    tags = [*matching_tags(pattern, USUAL_TAGS), *later_tags(pattern, "0.2.0")]

    assert all(is_release_tag(pattern, tag) for tag in tags)
