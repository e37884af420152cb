"""Tests of workflow files as documents.

Source: GitHub's docs, "Workflow syntax for GitHub Actions".
"""

from typing import Any

import pytest
import yaml

from simulated_github.actions.workflow_files import (
    condition_holds,
    dispatch_inputs,
    runs_on_push,
    secret_names,
)

BRANCH = "refs/heads/main"
TAG = "refs/tags/v1.0"


def refs_that_start(text: str) -> list[str]:
    document: dict[Any, Any] = yaml.safe_load(text)
    return [ref for ref in (BRANCH, TAG) if runs_on_push(document, ref)]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("on: push", [BRANCH, TAG]),
        ("on: [push, pull_request]", [BRANCH, TAG]),
        ("'on': push", [BRANCH, TAG]),
        ("on: {push: }", [BRANCH, TAG]),
        ("on: {push: {tags: ['*']}}", [TAG]),
        ("on: {push: {tags: 'v*'}}", [TAG]),
        ("on: {push: {tags: ['w*']}}", []),
        ("on: {push: {branches: [main]}}", [BRANCH]),
        ("on: {push: {branches: [main], tags: ['*']}}", [BRANCH, TAG]),
        ("on: {push: {tags-ignore: ['v*']}}", []),
        ("on: {push: {branches-ignore: [other]}}", [BRANCH]),
        ("on: {push: {paths: [docs/**]}}", [BRANCH, TAG]),
        ("on: pull_request", []),
        ("on: {workflow_dispatch: }", []),
        ("jobs: {}", []),
    ],
)
def test_a_push_starts_workflows_whose_filters_match(text: str, refs: list[str]) -> None:
    assert refs == refs_that_start(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("steps: [{run: '${{ secrets.ONE }}'}]", ("ONE",)),
        ("steps: [{run: \"${{ secrets['two'] }}\"}]", ("TWO",)),
        ("steps: [{run: '${{ secrets.ONE || secrets.TWO }}'}]", ("ONE", "TWO")),
        ("steps: [{run: '${{ toJSON(secrets) }}'}]", ("*",)),
        ("steps: [{run: '${{ secrets[matrix.name] }}'}]", ("*",)),
        ("secrets: inherit", ("*",)),
        ("steps: [{run: 'no secrets (here)'}]", ()),
    ],
)
def test_secret_names_are_read_from_a_job(text: str, names: tuple[str, ...]) -> None:
    assert names == secret_names({"jobs": {}}, yaml.safe_load(text))


def test_secret_names_are_read_from_the_env_of_a_workflow() -> None:
    assert list(secret_names({"env": {"X": "${{ secrets.ONE }}"}}, {})) == ["ONE"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ("github.repository == 'encode/httpx'", True),
        ("github.repository == 'Encode/Httpx'", True),
        ("${{ github.repository == 'other/httpx' }}", False),
        ("github.repository == 'other/httpx' || true", True),
        ("github.ref == 'refs/heads/main'", True),
    ],
)
def test_a_condition_on_the_repository_is_evaluated(condition: str | None, expected: bool) -> None:
    """Assumption: conditions of any other form hold."""
    assert condition_holds(condition, "encode/httpx") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on: push", None),
        ("on: workflow_dispatch", {}),
        ("on: [push, workflow_dispatch]", {}),
        ("on: {workflow_dispatch: }", {}),
        (
            "on: {workflow_dispatch: {inputs: {tag: {required: true}, dry: }}}",
            {"tag": {"required": True}, "dry": {}},
        ),
    ],
)
def test_the_inputs_of_a_dispatch_are_read(text: str, expected: Any) -> None:
    assert dispatch_inputs(yaml.safe_load(text)) == expected
