"""Pull requests: opened, read, changed and merged."""

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
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, created, ok, page
from simulated_github.http.routing import Operation
from simulated_github.http.signing import signature_of
from simulated_github.operations import pushes
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules.rule_checks import RefChange
from simulated_github.shapes import pulls

_METHODS = {
    "merge": "allow_merge_commit",
    "squash": "allow_squash_merge",
    "rebase": "allow_rebase_merge",
}


def find(request: Request) -> PullRequest:
    """The pull request of the path."""
    found = request.repository.pulls.get(request.number("pull_number"))
    if found is None:
        raise NotFound
    return found


def _shape(request: Request, found: PullRequest) -> dict[str, object]:
    return pulls.full(request.world, request.links, request.repository, found)


def _list(request: Request) -> Response:
    query, state = request.query, request.query.get("state", "open")
    head = query.get("head", "").rpartition(":")[2]
    found = [
        pull
        for pull in request.repository.pulls.values()
        if state in ("all", pull.state)
        and query.get("base", pull.base) == pull.base
        and head in ("", pull.head)
    ]
    return page(
        request,
        reversed(found),
        lambda p: pulls.simple(request.world, request.links, request.repository, p),
    )


def _get(request: Request) -> Response:
    return ok(_shape(request, find(request)))


def _create(request: Request) -> Response:
    repository, sent, now = request.repository, request.body, request.world.clock.stamp()
    if request.sender.is_job_token and not job_tokens.may_open_pulls(repository):
        raise Forbidden("GitHub Actions is not permitted to create or approve pull requests.")
    head, base = (
        _branch(repository, sent["head"], "head"),
        _branch(repository, sent["base"], "base"),
    )
    _check_new(repository, head, base)
    number = len(repository.pulls) + 1
    refs = repository.git.refs
    found = PullRequest(
        request.world.ids.take("pull_request"),
        number,
        sent["title"],
        sent.get("body"),
        request.user.id,
        head,
        base,
        now,
        now,
        repository.last_pushers.get(f"refs/heads/{head}", request.user.id),
        refs[f"refs/heads/{head}"],
        refs[f"refs/heads/{base}"],
        sent.get("draft", False),
    )
    repository.pulls[number] = found
    return created(_shape(request, found))


def _branch(repository: Repository, named: str, field: str) -> str:
    owner, colon, branch = named.rpartition(":")
    if (
        colon and owner.lower() != repository.owner.login.lower()
    ) or f"refs/heads/{branch}" not in repository.git.refs:
        raise invalid("PullRequest", field)
    return branch


def _check_new(repository: Repository, head: str, base: str) -> None:
    open_ones = [
        p
        for p in repository.pulls.values()
        if p.state == "open" and (p.head, p.base) == (head, base)
    ]
    if open_ones:
        message = f"A pull request already exists for {repository.owner.login}:{head}."
        raise ValidationFailed(
            errors=[{"resource": "PullRequest", "code": "custom", "message": message}]
        )
    refs = repository.git.refs
    if not merging.ahead(repository.git, refs[f"refs/heads/{base}"], refs[f"refs/heads/{head}"]):
        message = f"No commits between {base} and {head}"
        raise ValidationFailed(
            errors=[{"resource": "PullRequest", "code": "custom", "message": message}]
        )


def _update(request: Request) -> Response:
    found, sent = find(request), request.body
    if found.merged and sent.get("state") == "open":
        raise ValidationFailed(
            "Validation Failed", ["A merged pull request cannot be opened again."]
        )
    found.title, found.body = sent.get("title", found.title), sent.get("body", found.body)
    found.base = _branch(request.repository, sent["base"], "base") if "base" in sent else found.base
    now = request.world.clock.stamp()
    if sent.get("state", found.state) != found.state:
        found.state, found.closed_at = sent["state"], now if sent["state"] == "closed" else None
    found.updated_at = now
    return ok(_shape(request, found))


def _merge(request: Request) -> Response:
    """405 when it cannot be merged, also by a ruleset; 409 when the head is another one by now."""
    repository, found, method = (
        request.repository,
        find(request),
        request.body.get("merge_method", "merge"),
    )
    if found.state != "open" or found.draft:
        raise NotMergeable("Pull Request is not mergeable")
    if not repository.settings[_METHODS[method]]:
        raise NotMergeable(f"{method.capitalize()} merges are not allowed on this repository.")
    if request.body.get("sha", found.head_sha) != found.head_sha:
        raise Conflict("Head branch was modified. Review and try the merge again.")
    sha = _merged(request, found, method)
    ref = f"refs/heads/{found.base}"
    before = repository.git.refs[ref]
    change = RefChange(ref, before, sha, pull=found, method=method)
    pushes.move_ref(request.world, request.sender, repository, change, NotMergeable)
    _close(request, found, sha)
    return ok({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _merged(request: Request, found: PullRequest, method: str) -> str:
    git, sent = request.repository.git, request.body
    who = signature_of(request.user, request.world.clock.seconds())
    title = f"Merge pull request #{found.number} from {request.repository.owner.login}/{found.head}"
    title = title if method == "merge" else f"{found.title} (#{found.number})"
    message = "\n\n".join(
        (sent.get("commit_title") or title, sent.get("commit_message") or found.title)
    )
    try:
        return merging.merge(
            git, git.refs[f"refs/heads/{found.base}"], found.head_sha, method, message, who
        )
    except merging.ConflictError:
        raise NotMergeable("Pull Request has merge conflicts") from None


def _close(request: Request, found: PullRequest, sha: str) -> None:
    now = request.world.clock.stamp()
    found.state, found.merged, found.merged_at, found.closed_at = "closed", True, now, now
    found.merged_by_id, found.merge_commit_sha, found.updated_at = request.user.id, sha, now
    head = f"refs/heads/{found.head}"
    if (
        request.repository.settings["delete_branch_on_merge"]
        and head in request.repository.git.refs
    ):
        change = pushes.change_of(request.repository, head, None)
        pushes.move_ref(request.world, request.sender, request.repository, change)


_PATH = "/repos/{owner}/{repo}/pulls"
_ONE = f"{_PATH}/{{pull_number}}"
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
    Operation("pulls/get", "GET", _ONE, _get, _READ),
    Operation("pulls/create", "POST", _PATH, _create, _WRITE, _NEW),
    Operation(
        "pulls/update",
        "PATCH",
        _ONE,
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
        f"{_ONE}/merge",
        _merge,
        OnRepository(Role.WRITE, "contents:write"),
        body(commit_title=text(), commit_message=text(), sha=text(), merge_method=text(*_METHODS)),
    ),
]
