"""Reviews of pull requests."""

from simulated_github.actions import job_tokens
from simulated_github.errors import ValidationFailed
from simulated_github.http.fields import Anything, body, list_of, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnRepository
from simulated_github.http.responses import Response, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.pulls import find_pull
from simulated_github.records.pulls import PullRequest, Review
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes import pulls

_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def _shape(request: Request, pull: PullRequest, review: Review) -> dict[str, object]:
    return pulls.pull_review(request.world, request.links, request.repository, pull, review)


def _list(request: Request) -> Response:
    pull = find_pull(request)
    return page(request, pull.reviews, lambda review: _shape(request, pull, review))


def _create(request: Request) -> Response:
    """Submit a review.

    Raise ValidationFailed when the author approves their own pull request or requests changes on it
    (GitHub's "Unprocessable Entity"), and when a job's own token approves without the setting that
    allows it (the message is in many public logs).
    """
    pull = find_pull(request)
    event = request.body["event"]
    own = pull.author_id == request.user.id
    if own and event != "COMMENT":
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise ValidationFailed("Unprocessable Entity", [f"Can not {verb} your own pull request"])
    if event != "APPROVE" and not request.body.get("body"):
        raise ValidationFailed("Unprocessable Entity", ["Body can't be blank"])
    if (
        event == "APPROVE"
        and request.require_token().is_job_token
        and not job_tokens.may_open_pulls(request.repository)
    ):
        raise ValidationFailed(
            "Unprocessable Entity", ["GitHub Actions is not permitted to approve pull requests."]
        )
    review = Review(
        request.world.ids.take("review"),
        request.user.id,
        _STATES[event],
        request.body.get("body", ""),
        request.body.get("commit_id", pull.head_sha),
        request.world.clock.stamp(),
        request.installation is not None
        and access.has_permission(request.installation, "contents:write"),
    )
    pull.reviews.append(review)
    return ok(_shape(request, pull, review))


_PATH = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"

operations = [
    Operation(
        "pulls/list-reviews", "GET", _PATH, _list, OnRepository(Role.READ, "pull_requests:read")
    ),
    Operation(
        "pulls/create-review",
        "POST",
        _PATH,
        _create,
        OnRepository(Role.READ, "pull_requests:write"),
        # PyGithub always sends this list; line comments are ignored, because conversations
        # are not simulated
        body(
            commit_id=text(),
            body=text(),
            event=text(*_STATES, required=True),
            comments=list_of(Anything()),
        ),
    ),
]
