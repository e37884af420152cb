"""Commits and branches; these operations only read."""

from simulated_github.errors import Conflict, Moved, NotFound, ValidationFailed
from simulated_github.git import merging
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.roles import Role
from simulated_github.rules import branch_protection
from simulated_github.shapes import commits as shapes


def _list(request: Request) -> Response:
    repository = request.repository
    query = request.query
    if not repository.git.refs:
        raise Conflict("Git Repository is empty.")
    start = repository.git.resolve(query.get("sha") or repository.default_branch)
    if start is None:
        raise NotFound
    path = query.get("path", "").strip("/")
    commits = repository.git.path_history(start, path) if path else repository.git.history(start)
    return page(request, commits, lambda sha: shapes.commit(request.links, repository, sha))


def _get(request: Request) -> Response:
    repository = request.repository
    commit = repository.git.resolve(request.params["ref"])
    if commit is None:
        raise ValidationFailed(f"No commit found for SHA: {request.params['ref']}")
    return ok(shapes.commit_with_files(request.links, repository, commit))


def _is_protected(request: Request, branch: str) -> bool:
    return branch_protection.is_protected(request.repository, f"refs/heads/{branch}")


def _list_branches(request: Request) -> Response:
    """List the branches; with `protected`, only those that are, or are not, protected."""
    repository = request.repository
    is_requested = {"true": True, "false": False}.get(request.query.get("protected", ""))
    heads = (
        ref.removeprefix("refs/heads/")
        for ref in repository.git.refs
        if ref.startswith("refs/heads/")
    )
    return page(
        request,
        sorted(name for name in heads if is_requested in (None, _is_protected(request, name))),
        lambda name: shapes.branch(
            request.links, repository, name, protected=_is_protected(request, name)
        ),
    )


def _get_branch(request: Request) -> Response:
    repository = request.repository
    name = request.params["branch"]
    if f"refs/heads/{name}" not in repository.git.refs:
        _redirect_from(request, name)
        raise NotFound("Branch not found")
    return ok(
        shapes.branch_with_protection(
            request.links,
            repository,
            name,
            protected=_is_protected(request, name),
            protection=branch_protection.find_protection(repository, f"refs/heads/{name}"),
        )
    )


def _redirect_from(request: Request, former_name: str) -> None:
    """Raise Moved (301) for the former name of a branch.

    Source: GitHub's API description of "Get a branch".
    """
    repository = request.repository
    name = repository.renamed_branch(former_name)
    if name is not None:
        url = request.links.api("repositories", str(repository.id), "branches", name)
        raise Moved(url, permanent=True)


def _compare(request: Request) -> Response:
    """Compare `BASE...HEAD`: branches, tags or commits, optionally as `OWNER:NAME`."""
    repository = request.repository
    git = request.repository.git
    base, dots, head = request.params["basehead"].partition("...")
    base_sha = git.resolve(base.rpartition(":")[2])
    head_sha = git.resolve(head.rpartition(":")[2])
    if not dots or base_sha is None or head_sha is None:
        raise NotFound
    ahead = merging.commits_ahead(git, base_sha, head_sha)
    behind = merging.commits_ahead(git, head_sha, base_sha)
    return ok(shapes.comparison(request.links, repository, base_sha, head_sha, ahead, len(behind)))


_PATH = "/repos/{owner}/{repo}"
_READ = OnRepository(Role.READ, "contents:read")

operations = [
    Operation("repos/list-commits", "GET", f"{_PATH}/commits", _list, _READ),
    Operation("repos/get-commit", "GET", f"{_PATH}/commits/{{ref...}}", _get, _READ),
    Operation("repos/compare-commits", "GET", f"{_PATH}/compare/{{basehead...}}", _compare, _READ),
    Operation("repos/list-branches", "GET", f"{_PATH}/branches", _list_branches, _READ),
    Operation("repos/get-branch", "GET", f"{_PATH}/branches/{{branch...}}", _get_branch, _READ),
]
