"""Tests of pushes that rulesets decline, or that lack a scope, with GitHub's messages.

Sources: GitHub's docs, "Available rules for rulesets" and "Scopes for OAuth apps"; the messages are
those of refused pushes in public issue threads.
"""

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.git.http.conftest import Clone, get_refs
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


def test_a_ruleset_declines_a_tag_unless_bypassed(clone: Clone, owner: httpx.Client) -> None:
    create_ruleset(
        owner, [{"type": "creation"}], target="tag", include=["~ALL"], bypass=[MAINTAINS]
    )
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-1", json={"permission": "maintain"}))
    writer = clone("maintainer-1")
    bypasser = clone("operator-1")

    writer("push", "origin", "HEAD:refs/tags/1.0").expect_refusal(
        "remote: error: GH013: Repository rule violations found for refs/tags/1.0.",
        "remote: Review all repository rules at http",
        "encode/httpx/rules?ref=refs%2Ftags%2F1.0",
        "remote: - Cannot create ref due to creations being restricted.",
        f"! [remote rejected] HEAD -> 1.0 {DECLINED}",
    )
    assert list(get_refs(owner)) == ["refs/heads/main"]
    output = bypasser("push", "origin", "HEAD:refs/tags/1.0").expect_ok()
    assert "remote: Bypassed rule violations for refs/tags/1.0:" in output
    assert "remote: - Cannot create ref due to creations being restricted." in output


@pytest.mark.parametrize(
    ("target", "rule", "arguments"),
    [
        ("tag", "creation", ("HEAD:refs/tags/1.0",)),
        ("branch", "update", ("HEAD:refs/heads/main",)),
        ("branch", "creation", ("HEAD:refs/heads/new",)),
    ],
)
def test_a_ruleset_of_the_organization_declines_a_push(
    served: SimulatedGitHub,
    clone: Clone,
    owner: httpx.Client,
    target: str,
    rule: str,
    arguments: tuple[str, ...],
) -> None:
    """The organization's ruleset binds a user who bypasses the repository's.

    Source: GitHub's docs, "About rulesets": rules of all rulesets are aggregated.
    """
    next(iter(served.world.organizations.values())).plan = "team"
    conditions = {
        "repository_name": {"include": ["~ALL"], "exclude": []},
        "ref_name": {"include": ["~ALL"], "exclude": []},
    }
    body = {
        "name": "Organization",
        "target": target,
        "enforcement": "active",
        "conditions": conditions,
        "rules": [{"type": rule}],
    }
    expect_ok(owner.post("/orgs/encode/rulesets", json=body))
    create_ruleset(
        owner, [{"type": rule}], target=target, include=["~ALL"], bypass=[MAINTAINS], name="own"
    )
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-1", json={"permission": "maintain"}))
    git = clone("operator-1")
    git.commit("a.md", "x\n")

    git("push", "origin", *arguments).expect_refusal(DECLINED)
    expect_ok(
        owner.delete(
            f"/orgs/encode/rulesets/{expect_ok(owner.get('/orgs/encode/rulesets'))[0]['id']}"
        )
    )
    git("push", "origin", *arguments).expect_ok()


def test_a_protected_branch_declines_a_push(clone: Clone, owner: httpx.Client) -> None:
    """Source: prometheus-community/ansible pull request 36, and jgcri/gcamdata pull request 47."""
    body: dict[str, object] = dict.fromkeys(
        (
            "required_status_checks",
            "enforce_admins",
            "required_pull_request_reviews",
            "restrictions",
        )
    )
    body["required_pull_request_reviews"] = {"required_approving_review_count": 1}
    expect_ok(owner.put(f"{HTTPX}/branches/main/protection", json=body))
    writer = clone("maintainer-1")
    writer.commit("new.md", "x\n")
    admin = clone("owner-1")
    admin.commit("new.md", "x\n")

    writer("push", "origin", "main").expect_refusal(
        "remote: error: GH006: Protected branch update failed for refs/heads/main.",
        "remote: error: Changes must be made through a pull request.",
        "! [remote rejected] main -> main (protected branch hook declined)",
    )
    output = admin("push", "origin", "main").expect_ok()
    assert "remote: Bypassed rule violations for refs/heads/main:" in output
    assert "remote: - Changes must be made through a pull request." in output
    admin("reset", "--hard", "HEAD~1").expect_ok()
    admin("push", "--force", "origin", "main").expect_refusal(
        "remote: error: Cannot force-push to this branch",
        "(protected branch hook declined)",
    )


def test_linear_history_refuses_merges_in_a_push(clone: Clone, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Available rules for rulesets", require linear history.

    The rule applies to every commit of a push, not only to the last one.
    """
    git = clone("maintainer-1")
    git("checkout", "-b", "side").expect_ok()
    git.commit("side.md", "x\n")
    git("checkout", "main").expect_ok()
    git.commit("main.md", "x\n")
    git("merge", "--no-ff", "-m", "Merge", "side").expect_ok()
    git.commit("later.md", "x\n")
    create_ruleset(owner, [{"type": "required_linear_history"}])

    git("push").expect_refusal("remote: - This branch must not contain merge commits.", DECLINED)
    git("reset", "--hard", "origin/main").expect_ok()
    git.commit("straight.md", "x\n")
    git("push").expect_ok()


@pytest.mark.parametrize(
    ("rule", "arguments", "message"),
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
def test_rules_without_bypass_prevent_moving_and_deleting_a_tag(
    clone: Clone, owner: httpx.Client, rule: str, arguments: tuple[str, ...], message: str
) -> None:
    expect_ok(create_tag(owner, "1.0"))
    git = clone("owner-1")
    git("checkout", "--orphan", "other").expect_ok()
    git.commit("other.md", "x\n")
    create_ruleset(owner, [{"type": rule}], target="tag", include=["~ALL"])
    options = [argument for argument in arguments if argument.startswith("--")]

    git("push", *options, "origin", arguments[-1]).expect_refusal(f"remote: - {message}", DECLINED)

    assert get_refs(owner)["refs/tags/1.0"] == get_head(owner)


def test_a_branch_that_requires_reviews_refuses_pushes(clone: Clone, owner: httpx.Client) -> None:
    create_ruleset(owner, [build_review_rule()])
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")

    git("push").expect_refusal(
        "remote: - Changes must be made through a pull request.", f"main -> main {DECLINED}"
    )
    git("push", "origin", "HEAD:refs/heads/next").expect_ok()


def test_each_ref_of_a_push_is_checked_separately(clone: Clone, owner: httpx.Client) -> None:
    """Assumption: GitHub checks each ref on its own."""
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")

    git("push", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0").expect_refusal(
        f"HEAD -> 1.0 {DECLINED}", "HEAD -> next"
    )

    assert sorted(get_refs(owner)) == ["refs/heads/main", "refs/heads/next"]


def test_an_atomic_push_is_all_or_nothing(clone: Clone, owner: httpx.Client) -> None:
    ruleset = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")
    push = ("push", "--atomic", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0")

    git(*push).expect_refusal(f"HEAD -> 1.0 {DECLINED}", "HEAD -> next (atomic push failure)")
    assert list(get_refs(owner)) == ["refs/heads/main"]

    expect_ok(owner.delete(f"{HTTPX}/rulesets/{ruleset['id']}"))
    git(*push).expect_ok()
    assert sorted(get_refs(owner)) == ["refs/heads/main", "refs/heads/next", "refs/tags/1.0"]


def test_objects_of_a_declined_push_are_dropped(clone: Clone, owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")

    git("push", "origin", "HEAD:refs/tags/1.0").expect_refusal(DECLINED)

    assert owner.get(f"{HTTPX}/git/commits/{sha}").status_code == 404


def create_limited_token(served: SimulatedGitHub, login: str) -> str:
    """Return a token of a user without the scope `workflow`."""
    token = served.world.tokens[f"token-{login}"]
    name = f"small-{login}"
    served.world.tokens[name] = type(token)(token.user, frozenset({"repo"}))
    return name


@pytest.mark.parametrize("at_once", [True, False])
def test_pushing_a_workflow_requires_the_scope(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client, at_once: bool
) -> None:
    git = clone("maintainer-1")
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")
    if not at_once:
        git.commit("news.md", "News.\n")
    before = get_head(owner)

    git(
        "push",
        git.url(token=create_limited_token(served, "maintainer-1")),
        "HEAD:refs/heads/main",
        "HEAD:refs/heads/next",
    ).expect_refusal(
        "refusing to allow a Personal Access Token to create or update workflow "
        "`.github/workflows/more.yml` without `workflow` scope"
    )

    assert get_refs(owner) == {"refs/heads/main": before}


def test_an_existing_workflow_file_requires_no_scope(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Scopes for OAuth apps", `workflow`."""
    git = clone("maintainer-1")
    expect_ok(write_file(owner, ".github/workflows/more.yml", "on: push\njobs: {}\n"))
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")

    git(
        "push", git.url(token=create_limited_token(served, "maintainer-1")), "HEAD:refs/heads/next"
    ).expect_ok()
