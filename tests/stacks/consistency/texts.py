"""A workflow that fits its gate, in which tests plant one mistake each."""

FITTING = """\
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


def planted(old: str, new: str) -> str:
    """The workflow with something else in one place, which has to be there."""
    assert old in FITTING
    return FITTING.replace(old, new)
