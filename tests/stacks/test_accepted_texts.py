"""Every text that the settings accept can be written into a workflow and read back."""

import re
from typing import Any

import hypothesis
import yaml
from hypothesis import given
from hypothesis import strategies as st

from publish_workflow.layouts import LAYOUTS
from stacks.consistency import check_consistency
from stacks.publishing import workflow_text
from stacks.settings.model import key_of
from stacks.settings.names import TAG_PATTERN, Kind
from stacks.settings.options import OPTIONS, Options, is_unavailable
from stacks.settings.workflow_names import (
    COMMAND,
    PYTHON_VERSION,
    RUNNERS,
    SCOPES,
    VARIABLE_NAME,
    VARIABLE_VALUE,
)
from tests.stacks.settings.configurations import settings

TRICKY = (
    "'",
    '"',
    "\\",
    ": ",
    " #",
    "{",
    "}",
    "$",
    "${",
    "%",
    "&",
    "*",
    "!",
    "|",
    ">",
    "@",
    "`",
    "- ",
    "~",
    "null",
    "yes",
    "0x1",
)


def texts_of(kind: Kind, *pieces: str) -> st.SearchStrategy[str]:
    """Return a strategy for texts of a kind that consist of pieces."""
    return (
        st.lists(st.sampled_from(pieces), max_size=6)
        .map("".join)
        .filter(re.compile(kind.pattern).fullmatch)
    )


VALUES = texts_of(VARIABLE_VALUE, *TRICKY, "é", " ", "1")
NAMES = texts_of(VARIABLE_NAME, "A", "b", "_", "1", "PATH", "GITHUB", "TWINE_", "y", "null")
STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "release-tags": texts_of(TAG_PATTERN, "v", "1", "*", "_", "[0-9]", "true"),
    "python-version": texts_of(PYTHON_VERSION, "3.", "1", "0", "x", "."),
    "runner": st.sampled_from(RUNNERS),
    "timeout-minutes": st.integers(1, 360),
    "environment-variables": st.dictionaries(NAMES, VALUES, max_size=3),
    "publish-install": texts_of(COMMAND, *TRICKY, "scripts/install", " ", "x"),
    "permissions": st.dictionaries(
        st.sampled_from(sorted(SCOPES)), st.just("write"), max_size=3
    ).map(lambda names: {name: SCOPES[name].levels[-1] for name in names}),
    "deploys-docs": st.booleans(),
    "secrets": st.lists(st.sampled_from(["PYPI_TOKEN", "DOCS_KEY", "X"]), unique=True),
}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an entry with some of the options that its layout has."""
    layout = draw(st.sampled_from(sorted(LAYOUTS)))
    available = {key_of(Options, name) for name in OPTIONS if not is_unavailable(layout, name)}
    drawable = [option for option in STRATEGIES if option in available]
    options = draw(st.lists(st.sampled_from(drawable), unique=True))
    return {"publish": layout, **{option: draw(STRATEGIES[option]) for option in options}}


@hypothesis.settings(derandomize=True, deadline=None, database=None)
@given(entries())
def test_an_accepted_entry_is_written_and_read_back(entry: dict[str, Any]) -> None:
    stack_settings = settings(repositories={"httpx": entry})

    check_consistency(stack_settings)
    text = workflow_text(stack_settings, stack_settings.repositories[0])
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506

    assert workflow["on"] == {"push": {"tags": [entry.get("release-tags", "*")]}}
    runs_scripts = [
        job for job in workflow["jobs"].values() if any("run" in step for step in job["steps"])
    ]
    assert {job["runs-on"] for job in workflow["jobs"].values()} == {
        entry.get("runner", "ubuntu-latest")
    }
    assert {job["timeout-minutes"] for job in workflow["jobs"].values()} == {
        str(entry.get("timeout-minutes", 30))
    }
    for job in runs_scripts:
        assert job.get("env", {}) == entry.get("environment-variables", {})
    if "publish-install" in entry:
        assert entry["publish-install"] in [
            step.get("run") for step in workflow["jobs"]["publish"]["steps"]
        ]
