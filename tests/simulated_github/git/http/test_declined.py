"""Pushes that rulesets decline, or that lack a scope, in GitHub's words.

Sources: GitHub's docs, "Available rules for rulesets" and "Scopes for OAuth apps"; the sentences are those of refused pushes in
public issue threads.
"""

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.git.http.conftest import Clone, refs
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_ruleset,
    create_tag,
    expect_ok,
    get_head,
    write_file,
)

MAINTAINS = {"actor_type": "RepositoryRole", "actor_id": 2, "bypass_mode": "always"}
DECLINED = "(push declined due to repository rule violations)"


def test_a_ruleset_declines_a_tag_of_those_whom_it_binds(clone: Clone, owner: httpx.Client) -> None:
    create_ruleset(
        owner, [{"type": "creation"}], target="tag", include=["~ALL"], bypass=[MAINTAINS]
    )
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-1", json={"permission": "maintain"}))
    bound, free = clone("maintainer-1"), clone("operator-1")

    bound("push", "origin", "HEAD:refs/tags/1.0").refused(
        "remote: error: GH013: Repository rule violations found for refs/tags/1.0.",
        "remote: Review all repository rules at http",
        "encode/httpx/rules?ref=refs%2Ftags%2F1.0",
        "remote: - Cannot create ref due to creations being restricted.",
        f"! [remote rejected] HEAD -> 1.0 {DECLINED}",
    )
    assert list(refs(owner)) == ["refs/heads/main"]
    told = free("push", "origin", "HEAD:refs/tags/1.0").done()
    assert "remote: Bypassed rule violations for refs/tags/1.0:" in told
    assert "remote: - Cannot create ref due to creations being restricted." in told


def test_a_history_with_a_merge_in_it_is_not_linear(clone: Clone, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Available rules for rulesets", require linear history: the last commit is not the only one."""
    git = clone("maintainer-1")
    git("checkout", "-b", "side").done()
    git.commit("side.md", "x\n")
    git("checkout", "main").done()
    git.commit("main.md", "x\n")
    git("merge", "--no-ff", "-m", "Merge", "side").done()
    git.commit("later.md", "x\n")
    create_ruleset(owner, [{"type": "required_linear_history"}])

    git("push").refused("remote: - This branch must not contain merge commits.", DECLINED)
    git("reset", "--hard", "origin/main").done()
    git.commit("straight.md", "x\n")
    git("push").done()


@pytest.mark.parametrize(
    ("rule", "arguments", "sentence"),
    [
        ("update", ("--force", "HEAD:refs/tags/1.0"), "Cannot update this protected ref."),
        ("deletion", ("--delete", "1.0"), "Cannot delete this protected ref."),
        (
            "non_fast_forward",
            ("--force", "HEAD:refs/tags/1.0"),
            "Cannot force-push to this protected ref",
        ),
    ],
)
def test_a_tag_is_neither_moved_nor_deleted_where_nobody_may(
    clone: Clone, owner: httpx.Client, rule: str, arguments: tuple[str, ...], sentence: str
) -> None:
    expect_ok(create_tag(owner, "1.0"))
    git = clone("owner-1")
    git("checkout", "--orphan", "other").done()
    git.commit("other.md", "x\n")
    create_ruleset(owner, [{"type": rule}], target="tag", include=["~ALL"])
    options = [argument for argument in arguments if argument.startswith("--")]

    git("push", *options, "origin", arguments[-1]).refused(f"remote: - {sentence}", DECLINED)

    assert refs(owner)["refs/tags/1.0"] == get_head(owner)


def test_a_branch_that_wants_reviews_is_not_pushed_to(clone: Clone, owner: httpx.Client) -> None:
    create_ruleset(owner, [build_review_rule()])
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")

    git("push").refused(
        "remote: - Changes must be made through a pull request.", f"main -> main {DECLINED}"
    )
    git("push", "origin", "HEAD:refs/heads/next").done()


def test_one_ref_is_rejected_and_another_one_accepted(clone: Clone, owner: httpx.Client) -> None:
    """Assumption: each ref by itself."""
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")

    git("push", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0").refused(
        f"HEAD -> 1.0 {DECLINED}", "HEAD -> next"
    )

    assert sorted(refs(owner)) == ["refs/heads/main", "refs/heads/next"]


def test_an_atomic_push_is_accepted_whole_or_not_at_all(clone: Clone, owner: httpx.Client) -> None:
    made = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")
    push = ("push", "--atomic", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0")

    git(*push).refused(f"HEAD -> 1.0 {DECLINED}", "HEAD -> next (atomic push failure)")
    assert list(refs(owner)) == ["refs/heads/main"]

    expect_ok(owner.delete(f"{HTTPX}/rulesets/{made['id']}"))
    git(*push).done()
    assert sorted(refs(owner)) == ["refs/heads/main", "refs/heads/next", "refs/tags/1.0"]


def test_what_a_declined_push_brought_is_not_kept(clone: Clone, owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")

    git("push", "origin", "HEAD:refs/tags/1.0").refused(DECLINED)

    assert owner.get(f"{HTTPX}/git/commits/{sha}").status_code == 404


def limited(served: SimulatedGitHub, login: str) -> str:
    """A token of somebody without the scope ``workflow``."""
    token = served.world.tokens[f"token-{login}"]
    name = f"small-{login}"
    served.world.tokens[name] = type(token)(token.user, frozenset({"repo"}))
    return name


@pytest.mark.parametrize("at_once", [True, False])
def test_a_workflow_is_not_pushed_without_its_scope(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client, at_once: bool
) -> None:
    git = clone("maintainer-1")
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")
    if not at_once:
        git.commit("news.md", "News.\n")
    before = get_head(owner)

    git(
        "push",
        git.url(token=limited(served, "maintainer-1")),
        "HEAD:refs/heads/main",
        "HEAD:refs/heads/next",
    ).refused(
        "refusing to allow a Personal Access Token to create or update workflow "
        "`.github/workflows/more.yml` without `workflow` scope"
    )

    assert refs(owner) == {"refs/heads/main": before}


def test_a_workflow_that_a_branch_has_already_needs_no_scope(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Scopes for OAuth apps", ``workflow``."""
    git = clone("maintainer-1")
    expect_ok(write_file(owner, ".github/workflows/more.yml", "on: push\njobs: {}\n"))
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")

    git("push", git.url(token=limited(served, "maintainer-1")), "HEAD:refs/heads/next").done()
