"""Every command of the README and of the pages that follow it, run as written and in one go."""

from pathlib import Path

import pytest

from tests.documents.pages import Command, Machine, Page

# The pages that a user follows after the README, in the order in which they build on each other.
PAGES = (
    ("docs/operating-by-pull-request.md", "docs/operating.md"),
    ("docs/state.md", "docs/leaving.md"),
)


@pytest.mark.parametrize("pages", PAGES, ids=["operating", "state"])
def test_the_pages_in_one_go(tmp_path: Path, pages: tuple[str, ...]) -> None:
    Machine.create(tmp_path).run(*map(Page.read, ("README.md", *pages)))


def test_the_page_of_the_simulator(tmp_path: Path) -> None:
    preparation = Page("the shell of the page", [Command('eval "$(scripts/env)"')])

    Machine.create(tmp_path).run(preparation, Page.read("docs/simulator.md"))
