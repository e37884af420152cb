"""The commands of the README and of the pages, run as written.

The README and the pages that follow it are run in one go. NOT_RUN lists the pages whose commands no
test runs as they stand, with the reason.
"""

from pathlib import Path

import pytest

from tests.documents.pages import FENCE, PROJECT, Command, Machine, Page, indented_commands

# The pages that a user follows after the README, in the order in which they build on each other.
PAGES = (
    ("docs/operating-by-pull-request.md", "docs/operating.md"),
    ("docs/state.md", "docs/leaving.md"),
)
SHELL = Page("the shell of the page", [Command('eval "$(scripts/env)"')])
SERVER = Page("a server", [Command("python -m simulated_github --port 8080 &")])
# A repository with a reviewed tag, as a maintainer has cloned it, and a built package.
CLONE = Page(
    "a clone with a tag",
    [
        Command("git config --global user.name Ann; git config --global user.email ann@a.test"),
        Command("git init --quiet --initial-branch main ~/origin && cd ~/origin"),
        Command("git commit --quiet --allow-empty --message Release && git tag 0.21.1"),
        Command("git clone --quiet ~/origin ~/clone && cd ~/clone"),
        Command("mkdir dist && printf wheel >dist/httpx-0.21.1.whl"),
    ],
)
# Other pages with blocks of commands, and the reason why no test runs these as they stand.
NOT_RUN = {
    "docs/publish-workflow.md": "scripts/update-pins reads releases of github.com; the rest is run",
}


@pytest.mark.parametrize("pages", PAGES, ids=["operating", "state"])
def test_the_pages_in_one_go(tmp_path: Path, pages: tuple[str, ...]) -> None:
    settings = indented_commands("docs/configuration.md", "pulumi")
    assert len(settings.steps) >= 3
    # The page's values replace those of the other pages, so it comes last, and once is enough.
    last = [settings] if "docs/operating.md" in pages else []

    Machine.create(tmp_path).run(*map(Page.read, ("README.md", *pages)), *last)


def test_the_page_of_the_simulator(tmp_path: Path) -> None:
    Machine.create(tmp_path).run(SHELL, Page.read("docs/simulator.md"))


def test_the_requests_of_the_simulators_readme(tmp_path: Path) -> None:
    requests = indented_commands("simulated_github/README.md", "curl")
    assert len(requests.steps) >= 3

    Machine.create(tmp_path).run(SHELL, SERVER, with_failures(requests))


def test_the_checks_of_a_tag_and_of_files(tmp_path: Path) -> None:
    page = Page.read("docs/publish-workflow.md")
    page.steps = [step for step in page.steps if not is_skipped(page.name, step)]
    assert len(page.steps) == 3

    Machine.create(tmp_path).run(SHELL, CLONE, page)


def test_every_page_with_a_console_block_is_run() -> None:
    run = {"README.md", "docs/simulator.md", *(name for pages in PAGES for name in pages)}
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("*/README.md")]
    with_commands = {
        path.relative_to(PROJECT).as_posix()
        for path in pages
        if path.is_file() and has_console_block(path)
    }

    assert with_commands == run | NOT_RUN.keys()


def has_console_block(path: Path) -> bool:
    fences = FENCE.findall(path.read_text(encoding="utf-8"))
    return any(language == "console" for language, _ in fences)


def is_skipped(page: str, step: Command | str) -> bool:
    """Return whether NOT_RUN gives a reason for a step of a page."""
    return isinstance(step, Command) and step.text in NOT_RUN.get(page, "")


def with_failures(page: Page) -> Page:
    """Return a page whose requests end with an error where the server refuses one."""
    steps: list[Command | str] = [
        Command(step.text.replace("curl ", "curl --fail --silent ", 1), step.expected)
        for step in page.steps
        if isinstance(step, Command)
    ]
    return Page(page.name, steps)
