"""Every command of the README and of the pages that follow it, run as written and in one go."""

from pathlib import Path

from tests.documents.pages import Machine, Page

PAGES = (
    "README.md",
    "docs/operating-by-pull-request.md",
    "docs/operating.md",
    "docs/state.md",
    "docs/leaving.md",
)


def test_the_pages_in_one_go(tmp_path: Path) -> None:
    Machine.create(tmp_path).run(*map(Page.read, PAGES))
