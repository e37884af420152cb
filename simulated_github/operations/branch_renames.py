"""Renames of branches.

Sources: GitHub's docs, "Renaming a branch" and REST page "Rename a branch": the former name
redirects in URLs, not in git; open pull requests follow with their base and are closed with their
head; a classic protection of the name follows; only admins rename the default branch or a protected
one. A published probe of 2026 found that rulesets which name the branch literally do not follow.

Assumptions: a rename starts no workflow, deployment policies do not follow, and creation rules
apply to the new name.
"""

from simulated_github.errors import Forbidden, NotFound, ValidationFailed
from simulated_github.git.objects import is_ref_name
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response
from simulated_github.http.routing import Operation
from simulated_github.operations import pushes
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import branch_protection, rulesets
from simulated_github.shapes import commits as shapes


def _rename(request: Request) -> Response:
    repository = request.repository
    former_name = request.params["branch"]
    name = request.body["new_name"]
    if f"refs/heads/{former_name}" not in repository.git.refs:
        raise NotFound("Branch not found")
    _check_role(request, former_name)
    check_organization_rulesets(request)
    if name != former_name:
        _check_new_name(request, former_name, name)
        _move(request, former_name, name)
    ref = f"refs/heads/{name}"
    branch = shapes.branch_with_protection(
        request.links,
        repository,
        name,
        protected=branch_protection.is_protected(repository, ref),
        protection=branch_protection.find_protection(repository, ref),
    )
    return Response(201, branch)


def _check_role(request: Request, name: str) -> None:
    repository = request.repository
    is_protected = branch_protection.is_protected(repository, f"refs/heads/{name}")
    if request.role < Role.ADMIN and (name == repository.default_branch or is_protected):
        raise Forbidden("Must have admin rights to Repository.")


def check_organization_rulesets(request: Request) -> None:
    """Raise Forbidden when an organization's ruleset keeps the branches of the repository.

    Owners of the organization, and actors that may bypass the ruleset, are not refused.

    Source: GitHub's docs, "Renaming a branch": with organization rulesets for branches, an admin of
    the repository can neither rename branches nor change the default branch. Assumption: the
    status and the message.
    """
    repository = request.repository
    token = request.require_token()
    organization = repository.organization
    if organization is None or organization.is_owner(token.user.id):
        return
    binding = [
        ruleset
        for ruleset in rulesets.active_branch_rulesets_of_organization(repository)
        if rulesets.bypass_mode(repository, ruleset, token) not in ("always", "exempt")
    ]
    if binding:
        names = ", ".join(ruleset.name for ruleset in binding)
        raise Forbidden(
            "Repository rule violations found\n\n"
            f"Branches cannot be renamed and the default branch cannot change: {names}.\n\n"
        )


def _check_new_name(request: Request, former_name: str, name: str) -> None:
    repository = request.repository
    ref = f"refs/heads/{name}"
    if not is_ref_name(ref):
        raise ValidationFailed(f"{name} is not a valid branch name.")
    if ref in repository.git.refs:
        raise ValidationFailed(f"Branch {name} already exists.")
    sha = repository.git.refs[f"refs/heads/{former_name}"]
    try:
        pushes.check_change(
            request.require_token(), repository, pushes.describe_change(repository, ref, sha)
        )
    except pushes.RuleViolationsError as error:
        raise ValidationFailed(f"Repository rule violations found\n\n{error}\n\n") from None


def _move(request: Request, former_name: str, name: str) -> None:
    repository = request.repository
    former_ref = f"refs/heads/{former_name}"
    ref = f"refs/heads/{name}"
    repository.git.refs[ref] = repository.git.refs.pop(former_ref)
    if former_ref in repository.last_pushers:
        repository.last_pushers[ref] = repository.last_pushers.pop(former_ref)
    protection = repository.branch_protections.pop(former_name, None)
    if protection is not None:
        protection.pattern = name
        repository.branch_protections[name] = protection
    if repository.default_branch == former_name:
        repository.default_branch = name
    repository.former_branches.pop(name, None)
    repository.former_branches[former_name] = name
    _move_pulls(repository, former_name, name, request.world.clock.stamp())
    repository.updated_at = request.world.clock.stamp()


def _move_pulls(repository: Repository, former_name: str, name: str, stamp: str) -> None:
    """Move the base of open pull requests; close those whose head was renamed."""
    for pull in repository.pulls.values():
        if pull.state != "open":
            continue
        if pull.base == former_name:
            pull.base = name
            pull.updated_at = stamp
        if pull.head == former_name:
            pull.state = "closed"
            pull.closed_at = stamp
            pull.updated_at = stamp


operations = [
    Operation(
        "repos/rename-branch",
        "POST",
        "/repos/{owner}/{repo}/branches/{branch}/rename",
        _rename,
        OnRepository(Role.WRITE, "contents:write", ("repo",)),
        body(new_name=text(required=True)),
    )
]
