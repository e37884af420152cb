"""``git push`` with the real git: what is accepted, what is rejected, and in which words.

Sources: git's documentation, "gitprotocol-pack"; GitHub's docs, "Available rules for rulesets" and "Scopes for OAuth apps"; the
sentences are those of refused pushes in public issue threads.
"""

from typing import Any

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.acting import HTTPX, done, head, review_rule, ruleset, sha_of, tag, write
from tests.simulated_github.gated import RUNS, WORKFLOW, finish, replace_workflow, take
from tests.simulated_github.git_http.conftest import Clone, Git

MAINTAINS = {"actor_type": "RepositoryRole", "actor_id": 2, "bypass_mode": "always"}
DECLINED = "(push declined due to repository rule violations)"


def refs(owner: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = done(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["refs"]
    return found


def test_a_commit_is_pushed_to_a_branch(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")

    git("push").done()

    assert head(owner) == sha
    assert done(owner.get(f"{HTTPX}/commits/main"))["commit"]["author"]["name"] == "Ada"


def test_a_new_branch_and_both_kinds_of_tags_are_pushed(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")
    git("tag", "light").done()
    git("tag", "-a", "-m", "A release.", "annotated").done()

    git("push", "origin", "HEAD:refs/heads/next", "light", "annotated").done()

    found = refs(owner)
    assert (found["refs/heads/next"], found["refs/tags/light"]) == (sha, sha)
    shown = done(owner.get(f"{HTTPX}/git/tags/{found['refs/tags/annotated']}"))
    assert (shown["message"], shown["object"]["sha"]) == ("A release.\n", sha)


def test_a_push_by_force_moves_a_branch_back(clone: Clone, owner: httpx.Client) -> None:
    git, first = clone("maintainer-1"), head(owner)
    git.commit("news.md", "News.\n")
    git("push").done()
    git("reset", "--hard", first).done()

    git("push").refused("(non-fast-forward)")
    git("push", "--force").done()

    assert head(owner) == first


def test_branches_and_tags_are_deleted(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("push", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0").done()

    git("push", "--delete", "origin", "next", "1.0").done()

    assert list(refs(owner)) == ["refs/heads/main"]


def test_the_default_branch_is_not_deleted(clone: Clone) -> None:
    clone("owner-1")("push", "--delete", "origin", "main").refused("refusing to delete the current branch: refs/heads/main")


def test_a_push_that_is_behind_is_not_taken(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")
    done(write(owner, "theirs.md", "x\n"))

    git("push").refused("[rejected]", "fetch first")


def test_a_large_push_arrives_in_chunks(clone: Clone, owner: httpx.Client) -> None:
    """Git asks first with an empty request, and sends what is larger than its buffer in chunks."""
    git = clone("maintainer-1")
    git("config", "http.postBuffer", "65536").done()
    git.commit("large.txt", "".join(f"{number * 7919 % 104729} {number}\n" for number in range(60_000)))

    git("push").done()

    assert "large.txt" in done(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["files"]


def test_deltas_against_what_is_there_are_understood(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    text = "".join(f"line {number}\n" for number in range(2000))
    git.commit("long.txt", text)
    git("push").done()
    git.commit("long.txt", text.replace("line 1000\n", "another line\n"))

    git("push").done()

    assert head(owner) == git("rev-parse", "HEAD").done().strip()
    clone("maintainer-2")("fsck", "--full", "--strict").done()


def test_many_negotiations_arrive_compressed(clone: Clone, owner: httpx.Client) -> None:
    """Git compresses what is longer than a kilobyte."""
    git = clone("maintainer-1")
    for number in range(60):
        git("commit", "--allow-empty", "-m", f"{number}").done()
    done(write(owner, "theirs.md", "x\n"))

    git("fetch").done()

    assert git("rev-parse", "origin/main").done().strip() == head(owner)


@pytest.mark.parametrize("login", ["outsider-1", "reader-1"])
def test_whoever_may_not_write_does_not_push(clone: Clone, owner: httpx.Client, login: str) -> None:
    if login == "reader-1":
        done(owner.put(f"{HTTPX}/collaborators/maintainer-1", json={"permission": "pull"}))
    who = {"reader-1": "maintainer-1"}.get(login, login)
    git = clone(who)
    git.commit("news.md", "News.\n")

    git("push").refused(f"remote: Permission to encode/httpx.git denied to {who}.", "error: 403")


def test_nobody_pushes_without_a_token(clone: Clone) -> None:
    git = clone("")
    git.commit("news.md", "News.\n")

    git("push").refused("Authentication failed")


def test_nothing_is_pushed_to_an_archived_repository(clone: Clone, owner: httpx.Client) -> None:
    git = clone("owner-1")
    git.commit("news.md", "News.\n")
    done(owner.patch(HTTPX, json={"archived": True}))

    git("push").refused("remote: This repository was archived so it is read-only.", "error: 403")


def test_a_ruleset_declines_a_tag_of_those_whom_it_binds(clone: Clone, owner: httpx.Client) -> None:
    ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"], bypass=[MAINTAINS])
    done(owner.put(f"{HTTPX}/collaborators/operator-1", json={"permission": "maintain"}))
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
    ruleset(owner, [{"type": "required_linear_history"}])

    git("push").refused("remote: - This branch must not contain merge commits.", DECLINED)
    git("reset", "--hard", "origin/main").done()
    git.commit("straight.md", "x\n")
    git("push").done()


@pytest.mark.parametrize(
    ("rule", "arguments", "sentence"),
    [
        ("update", ("--force", "HEAD:refs/tags/1.0"), "Cannot update this protected ref."),
        ("deletion", ("--delete", "1.0"), "Cannot delete this protected ref."),
        ("non_fast_forward", ("--force", "HEAD:refs/tags/1.0"), "Cannot force-push to this protected ref"),
    ],
)
def test_a_tag_is_neither_moved_nor_deleted_where_nobody_may(
    clone: Clone, owner: httpx.Client, rule: str, arguments: tuple[str, ...], sentence: str
) -> None:
    done(tag(owner, "1.0"))
    git = clone("owner-1")
    git("checkout", "--orphan", "other").done()
    git.commit("other.md", "x\n")
    ruleset(owner, [{"type": rule}], target="tag", include=["~ALL"])
    options = [argument for argument in arguments if argument.startswith("--")]

    git("push", *options, "origin", arguments[-1]).refused(f"remote: - {sentence}", DECLINED)

    assert refs(owner)["refs/tags/1.0"] == head(owner)


def test_a_branch_that_wants_reviews_is_not_pushed_to(clone: Clone, owner: httpx.Client) -> None:
    ruleset(owner, [review_rule()])
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")

    git("push").refused("remote: - Changes must be made through a pull request.", f"main -> main {DECLINED}")
    git("push", "origin", "HEAD:refs/heads/next").done()


def test_one_ref_is_rejected_and_another_one_accepted(clone: Clone, owner: httpx.Client) -> None:
    """Assumption: each ref by itself."""
    ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")

    git("push", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0").refused(f"HEAD -> 1.0 {DECLINED}", "HEAD -> next")

    assert sorted(refs(owner)) == ["refs/heads/main", "refs/heads/next"]


def test_an_atomic_push_is_accepted_whole_or_not_at_all(clone: Clone, owner: httpx.Client) -> None:
    made = ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    git = clone("maintainer-1")
    push = ("push", "--atomic", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0")

    git(*push).refused(f"HEAD -> 1.0 {DECLINED}", "HEAD -> next (atomic push failure)")
    assert list(refs(owner)) == ["refs/heads/main"]

    done(owner.delete(f"{HTTPX}/rulesets/{made['id']}"))
    git(*push).done()
    assert sorted(refs(owner)) == ["refs/heads/main", "refs/heads/next", "refs/tags/1.0"]


def test_what_a_declined_push_brought_is_not_kept(clone: Clone, owner: httpx.Client) -> None:
    ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
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
    before = head(owner)

    git("push", git.url(token=limited(served, "maintainer-1")), "HEAD:refs/heads/main", "HEAD:refs/heads/next").refused(
        "refusing to allow a Personal Access Token to create or update workflow "
        "`.github/workflows/more.yml` without `workflow` scope"
    )

    assert refs(owner) == {"refs/heads/main": before}


def test_a_workflow_that_a_branch_has_already_needs_no_scope(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Scopes for OAuth apps", ``workflow``."""
    git = clone("maintainer-1")
    done(write(owner, ".github/workflows/more.yml", "on: push\njobs: {}\n"))
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")

    git("push", git.url(token=limited(served, "maintainer-1")), "HEAD:refs/heads/next").done()


def test_a_tag_starts_the_workflow_of_its_commit(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    text = (git.folder / WORKFLOW).read_text().replace("name: ", "name: Another ", 1)
    sha = git.commit(WORKFLOW, text)

    git("push", "origin", "HEAD:refs/tags/1.0").done()

    found = done(owner.get(RUNS))["workflow_runs"]
    assert [(run["event"], run["head_branch"], run["head_sha"], run["actor"]["login"]) for run in found] == [
        ("push", "1.0", sha, "maintainer-1")
    ]


def test_an_annotated_tag_starts_it_too(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("tag", "-a", "-m", "A release.", "1.0").done()

    git("push", "origin", "1.0").done()

    assert [run["head_sha"] for run in done(owner.get(RUNS))["workflow_runs"]] == [head(owner)]


@pytest.mark.parametrize(("count", "started"), [(3, 3), (4, 0)])
def test_more_than_three_tags_at_once_start_nothing(clone: Clone, owner: httpx.Client, count: int, started: int) -> None:
    """Source: GitHub's docs, "Events that trigger workflows", ``push``."""
    clone("maintainer-1")("push", "origin", *(f"HEAD:refs/tags/1.{number}" for number in range(count))).done()

    assert done(owner.get(RUNS))["total_count"] == started


def test_a_job_pushes_with_its_own_token_and_starts_nothing(clone: Clone, served: SimulatedGitHub, owner: httpx.Client) -> None:
    """As ``mkdocs gh-deploy`` does from a workflow. Source: GitHub's docs, "GITHUB_TOKEN"."""
    git = clone("maintainer-1")
    served.run_jobs()
    replace_workflow(owner, "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n")
    number, taken = take(owner)
    bot = Git(git.folder, git.base, "x-access-token")
    url = bot.url(token=taken["github_token"])
    before = done(owner.get(RUNS))["total_count"]

    bot("push", url, "HEAD:refs/heads/gh-pages").done()
    assert done(owner.get(RUNS))["total_count"] == before

    finish(owner, number)
    bot("push", url, "HEAD:refs/heads/later").refused("Authentication failed")


def test_a_job_that_reads_does_not_push(clone: Clone, served: SimulatedGitHub, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    served.run_jobs()
    replace_workflow(owner, "on: push\npermissions: {contents: read}\njobs: {docs: {steps: []}}\n")
    bot = Git(git.folder, git.base, "x-access-token")
    url = bot.url(token=take(owner)[1]["github_token"])

    bot("push", url, "HEAD:refs/heads/gh-pages").refused("Permission to encode/httpx.git denied to github-actions[bot].")


def test_a_job_does_not_push_a_workflow(clone: Clone, served: SimulatedGitHub, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    served.run_jobs()
    replace_workflow(owner, "on: push\npermissions: write-all\njobs: {docs: {steps: []}}\n")
    bot = Git(git.folder, git.base, "x-access-token")
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")

    bot("push", bot.url(token=take(owner)[1]["github_token"]), "HEAD:refs/heads/next").refused(
        "refusing to allow a GitHub App to create or update workflow "
        "`.github/workflows/more.yml` without `workflows` permission"
    )


def test_an_open_pull_request_follows_its_branch(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("checkout", "-b", "next").done()
    git.commit("news.md", "News.\n")
    git("push", "origin", "next").done()
    made = done(owner.post(f"{HTTPX}/pulls", json={"title": "Next", "head": "next", "base": "main"}))
    sha = git.commit("more.md", "More.\n")

    git("push", "origin", "next").done()

    assert done(owner.get(f"{HTTPX}/pulls/{made['number']}"))["head"]["sha"] == sha


def test_a_pull_requests_own_refs_are_not_pushed_to(clone: Clone) -> None:
    clone("owner-1")("push", "origin", "HEAD:refs/pull/1/head").refused("deny updating a hidden ref")


def test_a_submodule_and_a_script_keep_their_modes(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = head(owner)
    git("update-index", "--add", "--cacheinfo", f"160000,{sha},vendored").done()
    (git.folder / "run").write_text("#!/bin/sh\n")
    git("add", "--chmod=+x", "run").done()
    git("commit", "-m", "More").done()

    git("push").done()

    assert done(owner.get(f"{HTTPX}/contents/run"))["path"] == "run"
    assert "vendored" in done(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["files"]
    assert "160000 commit" in clone("maintainer-2")("ls-tree", "HEAD", "vendored").done()


def test_pushes_are_logged_and_faults_strike_them(clone: Clone, served: SimulatedGitHub, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")
    served.requests.clear()
    fault = served.fault(path="/encode/httpx.git/git-receive-pack", status=503)

    git("push").refused("503")
    assert [one.path for one in fault.struck] == ["/encode/httpx.git/git-receive-pack"]
    served.clear_faults()
    git("push").done()

    logged = [(one.method, one.path, one.status) for one in served.requests]
    assert ("POST", "/encode/httpx.git/git-receive-pack", 200) in logged
    assert ("POST", "/encode/httpx.git/git-receive-pack", 503) in logged
    assert sha_of(owner, "news.md")


def test_a_push_whose_answer_is_lost_has_happened(clone: Clone, served: SimulatedGitHub, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")
    served.fault(method="POST", path=".*/git-receive-pack", drop="after")

    git("push").refused()

    assert head(owner) == sha
