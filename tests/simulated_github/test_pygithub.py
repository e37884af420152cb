"""Tests of the simulator with PyGithub over a socket; it follows the URLs in responses."""

from collections.abc import Callable, Iterator

import github as pygithub
import pytest
from github.Repository import Repository

from simulated_github import SimulatedGitHub
from simulated_github.control.snapshot import snapshot

Login = Callable[[str], pygithub.Github]


@pytest.fixture(scope="module")
def served() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as running:
        yield running


@pytest.fixture
def login(served: SimulatedGitHub) -> Iterator[Login]:
    """Return a function that creates a PyGithub client for a user, without retries and delays."""
    served.reset()
    clients: list[pygithub.Github] = []

    def create_client(name: str) -> pygithub.Github:
        auth = pygithub.Auth.Token(f"token-{name}")
        url = f"{served.url}/api/v3"
        client = pygithub.Github(
            base_url=url,
            auth=auth,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        clients.append(client)
        return client

    yield create_client
    for client in clients:
        client.close()


@pytest.fixture
def get_httpx(login: Login) -> Callable[[str], Repository]:
    return lambda name: login(name).get_repo("encode/httpx")


def test_teams_and_their_members(login: Login) -> None:
    organization = login("owner-1").get_organization("encode")
    team = organization.create_team("operations", privacy="closed", description="Lets releases go")
    for name in ("operator-1", "outsider-1"):
        team.add_membership(login("owner-1").get_user(name), role="member")
    team.update_team_repository(organization.get_repo("httpx"), "maintain")

    assert {member.login for member in team.get_members()} == {"owner-1", "operator-1"}
    assert [invitee.login for invitee in team.invitations()] == ["outsider-1"]
    assert [repository.name for repository in team.get_repos()] == ["httpx"]
    assert organization.get_team_by_slug("operations").description == "Lets releases go"
    team.delete()
    assert list(organization.get_teams()) == []


def test_invite_an_outside_user(login: Login) -> None:
    organization = login("owner-1").get_organization("encode")
    organization.add_to_members(login("owner-1").get_user("outsider-1"), role="member")

    assert login("outsider-1").get_user().get_organization_membership("encode").state == "pending"
    assert [invitee.login for invitee in organization.invitations()] == ["outsider-1"]
    assert [member.login for member in organization.get_members(role="admin")] == ["owner-1"]


def test_create_update_and_delete_a_repository(login: Login) -> None:
    organization = login("owner-1").get_organization("encode")
    repository = organization.create_repo(
        "orm", description="An ORM", auto_init=True, private=False
    )
    repository.edit(description="An async ORM", has_wiki=False, delete_branch_on_merge=True)
    repository.replace_topics(["python", "sql"])

    updated = login("owner-1").get_repo(repository.id)
    assert updated.description == "An async ORM"
    assert updated.has_wiki is False
    assert updated.get_topics() == ["python", "sql"]
    repository.delete()
    with pytest.raises(pygithub.UnknownObjectException):
        login("owner-1").get_repo("encode/orm")


def test_collaborators(get_httpx: Callable[[str], Repository]) -> None:
    repository = get_httpx("owner-1")
    invitation = repository.add_to_collaborators("outsider-1", "push")

    assert invitation is not None
    assert repository.get_collaborator_permission("maintainer-1") == "write"
    assert [pending.invitee.login for pending in repository.get_pending_invitations()] == [
        "outsider-1"
    ]
    repository.remove_invitation(invitation.id)
    assert repository.has_in_collaborators("operator-1")


def test_create_an_environment_with_secrets_and_variables(
    served: SimulatedGitHub, get_httpx: Callable[[str], Repository]
) -> None:
    repository = get_httpx("owner-1")
    reviewer = pygithub.EnvironmentProtectionRuleReviewer.ReviewerParams(
        "User", repository.get_collaborators()[0].id
    )
    policy = pygithub.EnvironmentDeploymentBranchPolicy.EnvironmentDeploymentBranchPolicyParams(
        False, True
    )
    environment = repository.create_environment(
        "deploy", reviewers=[reviewer], prevent_self_review=True, deployment_branch_policy=policy
    )
    environment.create_secret("PYPI_TOKEN", "a-new-token")
    environment.create_variable("INDEX", "PyPI")

    assert [rule.type for rule in repository.get_environment("deploy").protection_rules] == [
        "required_reviewers",
        "branch_policy",
    ]
    assert [s.name for s in environment.get_secrets()] == ["PYPI_TOKEN"]
    assert [v.value for v in environment.get_variables()] == ["PyPI"]
    state = snapshot(served.world)["repositories"]["encode/httpx"]
    assert state["environments"]["deploy"]["secrets"] == {"PYPI_TOKEN": "a-new-token"}
    repository.delete_environment("deploy")
    assert list(repository.get_environments()) == []


def test_secrets_and_variables_of_repository_and_organization(
    login: Login, get_httpx: Callable[[str], Repository]
) -> None:
    repository = get_httpx("owner-1")
    organization = login("owner-1").get_organization("encode")
    assert repository.create_secret("TOKEN", "x").name == "TOKEN"
    repository.create_variable("INDEX", "PyPI").edit("TestPyPI")
    shared = organization.create_variable(
        "SHARED", "x", visibility="selected", selected_repositories=[repository]
    )

    assert {secret.name for secret in repository.get_secrets()} == {"PYPI_TOKEN", "TOKEN"}
    assert repository.get_variable("INDEX").value == "TestPyPI"
    assert [selected.name for selected in shared.selected_repositories] == ["httpx"]
    assert repository.delete_secret("TOKEN")
    assert repository.delete_variable("INDEX")


def test_files_and_commits(get_httpx: Callable[[str], Repository]) -> None:
    repository = get_httpx("maintainer-1")
    created = repository.create_file("docs/index.md", "Write the docs", "# Docs\n", branch="main")
    updated = repository.update_file(
        "docs/index.md", "Say more", "# The docs\n", created["content"].sha
    )

    file = repository.get_contents("docs/index.md")
    assert not isinstance(file, list)
    assert file.decoded_content == b"# The docs\n"
    assert [commit.commit.message for commit in repository.get_commits(path="docs/index.md")] == [
        "Say more",
        "Write the docs",
    ]
    assert repository.compare(created["commit"].sha, updated["commit"].sha).ahead_by == 1
    repository.delete_file("docs/index.md", "Drop the docs", file.sha)


def test_review_and_merge_a_pull_request(get_httpx: Callable[[str], Repository]) -> None:
    repository = get_httpx("maintainer-1")
    start = repository.get_branch("main").commit.sha
    repository.create_git_ref("refs/heads/change", start)
    repository.create_file("change.md", "Change", "A change.\n", branch="change")
    opened = repository.create_pull(base="main", head="change", title="A change", body="Please.")
    get_httpx("maintainer-2").get_pull(opened.number).create_review(body="Good.", event="APPROVE")

    assert [(review.user.login, review.state) for review in opened.get_reviews()] == [
        ("maintainer-2", "APPROVED")
    ]
    assert opened.merge(merge_method="squash").merged
    assert repository.get_pull(opened.number).merged_by.login == "maintainer-1"


def test_move_branches_and_tags(get_httpx: Callable[[str], Repository]) -> None:
    repository = get_httpx("maintainer-1")
    start = repository.get_branch("main").commit.sha
    ref = repository.create_git_ref("refs/heads/next", start)
    later = repository.create_file("a.md", "A", "a", branch="main")["commit"].sha
    ref.edit(later)
    tag = repository.create_git_tag("1.0", "A release", later, "commit")
    repository.create_git_ref("refs/tags/1.0", tag.sha)

    assert repository.get_branch("next").commit.sha == later
    assert repository.get_git_ref("tags/1.0").object.type == "tag"
    ref.delete()
    assert [branch.name for branch in repository.get_branches()] == ["main"]


def test_deploy_keys_and_runs(get_httpx: Callable[[str], Repository]) -> None:
    repository = get_httpx("owner-1")
    key = repository.create_key("docs", "ssh-ed25519 " + "A" * 68, read_only=True)
    repository.create_git_ref("refs/tags/1.0", repository.get_branch("main").commit.sha)

    assert [listed_key.title for listed_key in repository.get_keys()] == ["docs"]
    assert [
        (run.event, run.conclusion, run.head_branch) for run in repository.get_workflow_runs()
    ] == [("push", "success", "1.0")]
    key.delete()


def test_refusals_raise_exceptions(login: Login, get_httpx: Callable[[str], Repository]) -> None:
    with pytest.raises(pygithub.BadCredentialsException):
        login("unknown-user").get_user().login  # noqa: B018
    with pytest.raises(pygithub.UnknownObjectException):
        login("outsider-1").get_repo("encode/nothing")
    with pytest.raises(pygithub.GithubException, match="Must have admin rights"):
        get_httpx("maintainer-1").edit(description="x")


def test_follow_a_renamed_repository(get_httpx: Callable[[str], Repository]) -> None:
    get_httpx("owner-1").edit(name="client")

    assert get_httpx("owner-1").full_name == "encode/client"


def test_dispatch_and_rerun_a_workflow(
    get_httpx: Callable[[str], Repository],
) -> None:
    repository = get_httpx("maintainer-1")
    file = repository.get_contents(".github/workflows/publish.yml")
    assert not isinstance(file, list)
    text = "on: {push: {tags: ['*']}, workflow_dispatch: }\njobs: {publish: {steps: []}}\n"
    repository.update_file(file.path, "By hand too", text, file.sha)
    workflow = repository.get_workflow("publish.yml")

    assert workflow.create_dispatch("main")
    run = next(iter(workflow.get_runs()))
    assert run.rerun()
    assert not run.cancel()

    second = repository.get_workflow_run(run.id)
    assert second.event == "workflow_dispatch"
    assert second.run_attempt == 2
    assert second.conclusion == "success"
    assert [job.name for job in second.jobs()] == ["publish"]
