"""A transport that holds every body and every answer of the tests against GitHub's API description."""

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
    """Where GitHub, and so the simulator, is not as its description says; ``place`` and ``operation`` are patterns."""

    operation: str
    place: str
    why: str


DEVIATIONS = (
    Deviation("*", "answer: status: not described", "GitHub puts the status into every refusal."),
    Deviation(
        "repos/*environment*",
        "*can_admins_bypass: not described",
        "Shown and taken: the Terraform provider sends and reads it (resource github_repository_environment).",
    ),
    Deviation(
        "orgs/list-app-installations",
        "*actions_variables: not described",
        'The permission "Variables" is described on its page, and left out of the schema of permissions.',
    ),
    Deviation(
        "repos/create-or-update-environment",
        "answer: errors: not described",
        "Assumption: a refused reviewer is named in an entry, as in other refusals of fields.",
    ),
)


class CheckedTransport(httpx.BaseTransport):
    """``InProcess``, with an AssertionError for what GitHub's description does not allow."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._inner = InProcess(application)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, and look at both sides."""
        response = self._inner.handle_request(request)
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(PREFIX)
        found = self._application.router.find(request.method, path)
        if found is not None and request.method != "HEAD":
            response.read()
            wrong = list_differences(found[0], request, response)
            assert not wrong, f"{found[0].id} {response.status_code}:\n" + "\n".join(wrong)
        return response


def list_differences(
    operation: Operation, request: httpx.Request, response: httpx.Response
) -> list[str]:
    """What is wrong with an answer, or with a body that was accepted, but for the deviations."""
    description = describe(operation.id)
    found = list[str]()
    if response.is_success and request.content and description.body is not None:
        found += [
            f"body: {problem}"
            for problem in find_problems(description.body, json.loads(request.content))
        ]
    model = description.answer if response.is_success else description.refusal(response.status_code)
    if response.content and model is not None:
        found += [f"answer: {problem}" for problem in find_problems(model, response.json())]
    return [problem for problem in found if not _is_known(operation.id, problem)]


def _is_known(operation_id: str, problem: str) -> bool:
    return any(
        fnmatchcase(operation_id, one.operation) and fnmatchcase(problem, one.place)
        for one in DEVIATIONS
    )


def client(github: Application, headers: dict[str, str]) -> httpx.Client:
    """Return a client that compares requests and responses with GitHub's API description."""
    return httpx.Client(
        transport=CheckedTransport(github), base_url="http://github.test", headers=headers
    )
