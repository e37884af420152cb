"""Which pushes start a workflow. Source: GitHub's docs, "Workflow syntax for GitHub Actions", ``on.push``."""

from typing import Any

import pytest
import yaml

from simulated_github.workflow_runs import pushes

BRANCH, TAG = "refs/heads/main", "refs/tags/v1.0"


def started(text: str) -> list[str]:
    document: dict[Any, Any] = yaml.safe_load(text)
    return [ref for ref in (BRANCH, TAG) if pushes(document, ref)]


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
def test_a_push_starts_what_its_filters_let_through(text: str, refs: list[str]) -> None:
    assert refs == started(text)
