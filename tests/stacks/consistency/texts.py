"""A workflow that fits its gate; each test changes one part of it."""

VALID_WORKFLOW = """\
name: Publish

on:
  push:
    tags:
      - 'v*'

permissions: {}

jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - run: scripts/build
  publish:
    needs: build
    runs-on: ubuntu-latest
    environment:
      name: deploy
    steps:
      - run: scripts/publish
        env:
          TWINE_PASSWORD: ${{ secrets.PYPI_TOKEN }}
"""


def workflow_with(old: str, new: str) -> str:
    """Return the workflow with `new` in place of `old`, which it must contain."""
    assert old in VALID_WORKFLOW
    return VALID_WORKFLOW.replace(old, new)
