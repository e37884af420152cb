"""Pull requests."""

from simulated_github.actions import job_tokens
from simulated_github.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotMergeable,
    ValidationFailed,
    invalid,
)
from simulated_github.git import merging
from simulated_github.http.fields import body, flag, text
from simulated_github.http.request import Request, user_signature
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations import pushes
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules.rule_checks import RefChange
from simulated_github.shapes import pulls

#: The setting that allows each merge method, and the start of GitHub's message without it.
_METHODS = {
    "merge": ("allow_merge_commit", "Merge commits"),
    "squash": ("allow_squash_merge", "Squash merges"),
    "rebase": ("allow_rebase_merge", "Rebase merges"),
}


def find_pull(request: Request) -> PullRequest:
    """Return the path's pull request; raise NotFound when there is none."""
    pull = request.repository.pulls.get(request.number("pull_number"))
    if pull is None:
        raise NotFound
    return pull


def _shape(request: Request, pull: PullRequest) -> dict[str, object]:
    return pulls.full(request.world, request.links, request.repository, pull)


def _list(request: Request) -> Response:
    query = request.query
    state = request.query.get("state", "open")
    head = query.get("head", "").rpartition(":")[2]
    matching = [
        pull
        for pull in request.repository.pulls.values()
        if state in ("all", pull.state)
        and query.get("base", pull.base) == pull.base
        and head in ("", pull.head)
    ]
    return page(
        request,
        reversed(matching),
        lambda pull: pulls.simple(request.world, request.links, request.repository, pull),
    )


def _get(request: Request) -> Response:
    return ok(_shape(request, find_pull(request)))


def _create(request: Request) -> Response:
    repository = request.repository
    fields = request.body
    created_at = request.world.clock.stamp()
    if request.require_token().is_job_token and not job_tokens.may_open_pulls(repository):
        raise Forbidden("GitHub Actions is not permitted to create or approve pull requests.")
    head = _parse_branch(repository, fields["head"], "head")
    base = _parse_branch(repository, fields["base"], "base")
    _check_new_pull(repository, head, base)
    number = len(repository.pulls) + 1
    refs = repository.git.refs
    pull = PullRequest(
        request.world.ids.take("pull_request"),
        number,
        fields["title"],
        fields.get("body"),
        request.user.id,
        head,
        base,
        created_at,
        created_at,
        repository.last_pushers.get(f"refs/heads/{head}", request.user.id),
        refs[f"refs/heads/{head}"],
        refs[f"refs/heads/{base}"],
        fields.get("draft", False),
    )
    repository.pulls[number] = pull
    return created(_shape(request, pull))


def _parse_branch(repository: Repository, label: str, field: str) -> str:
    owner, colon, branch = label.rpartition(":")
    if (
        colon and owner.lower() != repository.owner.login.lower()
    ) or f"refs/heads/{branch}" not in repository.git.refs:
        raise invalid("PullRequest", field)
    return branch


def _check_new_pull(repository: Repository, head: str, base: str) -> None:
    duplicates = [
        pull
        for pull in repository.pulls.values()
        if pull.state == "open" and (pull.head, pull.base) == (head, base)
    ]
    if duplicates:
        message = f"A pull request already exists for {repository.owner.login}:{head}."
        raise ValidationFailed(
            errors=[{"resource": "PullRequest", "code": "custom", "message": message}]
        )
    refs = repository.git.refs
    if not merging.commits_ahead(
        repository.git, refs[f"refs/heads/{base}"], refs[f"refs/heads/{head}"]
    ):
        message = f"No commits between {base} and {head}"
        raise ValidationFailed(
            errors=[{"resource": "PullRequest", "code": "custom", "message": message}]
        )


def _update(request: Request) -> Response:
    pull = find_pull(request)
    fields = request.body
    if pull.merged and fields.get("state") == "open":
        raise ValidationFailed(
            "Validation Failed", ["A merged pull request cannot be opened again."]
        )
    pull.title = fields.get("title", pull.title)
    pull.body = fields.get("body", pull.body)
    pull.base = (
        _parse_branch(request.repository, fields["base"], "base") if "base" in fields else pull.base
    )
    now = request.world.clock.stamp()
    if fields.get("state", pull.state) != pull.state:
        pull.state = fields["state"]
        pull.closed_at = now if fields["state"] == "closed" else None
    pull.updated_at = now
    return ok(_shape(request, pull))


def _merge(request: Request) -> Response:
    """Merge a pull request.

    The method must be one that the settings allow, and that every rule of the branch allows too;
    an actor who bypasses the rules cannot bypass the settings. Raise NotMergeable (405) when the
    state, the method, a conflict or a rule forbids the merge, and Conflict (409) when `sha` is not
    the head.
    """
    repository = request.repository
    pull = find_pull(request)
    method = request.body.get("merge_method", "merge")
    if pull.state != "open" or pull.draft:
        raise NotMergeable("Pull Request is not mergeable")
    setting, noun = _METHODS[method]
    if not repository.settings[setting]:
        raise NotMergeable(f"{noun} are not allowed on this repository.")
    if request.body.get("sha", pull.head_sha) != pull.head_sha:
        raise Conflict("Head branch was modified. Review and try the merge again.")
    sha = _create_merge_commit(request, pull, method)
    ref = f"refs/heads/{pull.base}"
    before = repository.git.refs[ref]
    change = RefChange(ref, before, sha, pull=pull, method=method)
    pushes.move_ref(request.world, request.require_token(), repository, change, NotMergeable)
    _close_merged(request, pull, sha)
    return ok({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _create_merge_commit(request: Request, pull: PullRequest, method: str) -> str:
    git = request.repository.git
    fields = request.body
    author = user_signature(request.user, request.world.clock.seconds())
    title = f"Merge pull request #{pull.number} from {request.repository.owner.login}/{pull.head}"
    title = title if method == "merge" else f"{pull.title} (#{pull.number})"
    message = "\n\n".join(
        (fields.get("commit_title") or title, fields.get("commit_message") or pull.title)
    )
    try:
        return merging.merge(
            git, git.refs[f"refs/heads/{pull.base}"], pull.head_sha, method, message, author
        )
    except merging.ConflictError:
        raise NotMergeable("Pull Request has merge conflicts") from None


def _close_merged(request: Request, pull: PullRequest, sha: str) -> None:
    now = request.world.clock.stamp()
    pull.state = "closed"
    pull.merged = True
    pull.merged_at = now
    pull.closed_at = now
    pull.merged_by_id = request.user.id
    pull.merge_commit_sha = sha
    pull.updated_at = now
    head = f"refs/heads/{pull.head}"
    if (
        request.repository.settings["delete_branch_on_merge"]
        and head in request.repository.git.refs
    ):
        change = pushes.describe_change(request.repository, head, None)
        pushes.move_ref(request.world, request.require_token(), request.repository, change)


_PATH = "/repos/{owner}/{repo}/pulls"
_PULL = f"{_PATH}/{{pull_number}}"
_READ = OnRepository(Role.READ, "pull_requests:read")
_WRITE = OnRepository(Role.WRITE, "pull_requests:write")
_NEW = body(
    title=text(required=True),
    head=text(required=True),
    base=text(required=True),
    body=text(nullable=True),
    draft=flag(),
    maintainer_can_modify=flag(),
)

operations = [
    Operation("pulls/list", "GET", _PATH, _list, _READ),
    Operation("pulls/get", "GET", _PULL, _get, _READ),
    Operation("pulls/create", "POST", _PATH, _create, _WRITE, _NEW),
    Operation(
        "pulls/update",
        "PATCH",
        _PULL,
        _update,
        _WRITE,
        body(
            title=text(),
            body=text(nullable=True),
            state=text("open", "closed"),
            base=text(),
            maintainer_can_modify=flag(),
        ),
    ),
    Operation(
        "pulls/merge",
        "PUT",
        f"{_PULL}/merge",
        _merge,
        OnRepository(Role.WRITE, "contents:write"),
        body(commit_title=text(), commit_message=text(), sha=text(), merge_method=text(*_METHODS)),
    ),
]
