"""A transport that compares every request and response with GitHub's API description."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase

import httpx

from simulated_github import Application, InProcess
from simulated_github.http.routing import Operation
from tests.simulated_github.helpers.api_description import describe, find_problems

PREFIX = "/api/v3"


@dataclass(frozen=True)
class Deviation:
    """A difference between GitHub and its description, which the simulator follows.

    `operation` and `place` are patterns of operation ids and problems.
    """

    operation: str
    place: str
    reason: str


DEVIATIONS = (
    Deviation("*", "response: status: not described", "GitHub adds the status to every refusal."),
    Deviation(
        "repos/*environment*",
        "*can_admins_bypass: not described",
        "The Terraform provider sends and reads it (resource github_repository_environment).",
    ),
    Deviation(
        "orgs/list-app-installations",
        "*actions_variables: not described",
        'Its page describes the permission "Variables"; the schema of permissions omits it.',
    ),
    Deviation(
        "repos/create-or-update-environment",
        "response: errors: not described",
        "Assumption: an entry names the refused reviewer, as for other fields.",
    ),
)


class CheckedTransport(httpx.BaseTransport):
    """`InProcess` that raises AssertionError for differences from GitHub's description."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._inner = InProcess(application)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response after checking it and its request."""
        response = self._inner.handle_request(request)
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(PREFIX)
        match = self._application.router.find(request.method, path)
        if match is not None and request.method != "HEAD":
            response.read()
            problems = list_differences(match[0], request, response)
            assert not problems, f"{match[0].id} {response.status_code}:\n" + "\n".join(problems)
        return response


def list_differences(
    operation: Operation, request: httpx.Request, response: httpx.Response
) -> list[str]:
    """Return problems of a response or an accepted body, except the deviations."""
    description = describe(operation.id)
    all_problems = list[str]()
    if response.is_success and request.content and description.body is not None:
        all_problems += [
            f"body: {problem}"
            for problem in find_problems(description.body, json.loads(request.content))
        ]
    model = (
        description.response if response.is_success else description.refusal(response.status_code)
    )
    if response.content and model is not None:
        all_problems += [
            f"response: {problem}" for problem in find_problems(model, response.json())
        ]
    return [problem for problem in all_problems if not _is_allowed(operation.id, problem)]


def _is_allowed(operation_id: str, problem: str) -> bool:
    return any(
        fnmatchcase(operation_id, deviation.operation) and fnmatchcase(problem, deviation.place)
        for deviation in DEVIATIONS
    )


def connect(github: Application, headers: dict[str, str]) -> httpx.Client:
    """Return a client that compares requests and responses with GitHub's API description."""
    return httpx.Client(
        transport=CheckedTransport(github), base_url="http://github.test", headers=headers
    )
