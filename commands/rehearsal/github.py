"""The simulated GitHub in use: its API, git, and its control plane for pages and runners."""

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from commands.rehearsal.errors import ActionRefusedError, StoppedError
from commands.rehearsal.processes import Processes, ProcessResult

Json = dict[str, Any]

TIMEOUT = 30  # seconds
# Lines that git prints at every refused push.
GIT_NOISE = re.compile(
    r"hint:.*|To http.*|error: failed to push.*|fatal: unable to access.*"
    r"|Review all repository rules at.*|remote: *$|\s*! \[remote rejected\].*"
)


class RepositoryAPI:
    """The API of one repository, `OWNER/NAME`, at `url`. Use it as a context manager."""

    def __init__(self, url: str, repository: str) -> None:
        base = f"{url}/repos/{repository}"
        self._client = httpx.Client(base_url=base, timeout=TIMEOUT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def request(
        self, login: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a request with a user's token, and return the document of the response.

        Raise `ActionRefusedError` with GitHub's message for an error response.
        """
        headers = {"Authorization": f"Bearer token-{login}"}
        response = self._client.request(method, path, json=body, headers=headers)
        if not response.is_success:
            raise ActionRefusedError(error_message(response))
        return response.json() if response.content else None

    def file_text(self, login: str, path: str) -> str:
        """Return the text of a file on the default branch."""
        return base64.b64decode(self.request(login, "GET", f"/contents/{path}")["content"]).decode()

    def has_branch(self, login: str, branch: str) -> bool:
        branches = self.request(login, "GET", "/branches?per_page=100")
        return branch in {item["name"] for item in branches}

    def merge(self, author: str, reviewers: Iterable[str], branch: str, base: str) -> None:
        """Open a pull request, have it approved by the reviewers, and merge it as its author."""
        body = {"title": branch, "head": branch, "base": base}
        number = self.request(author, "POST", "/pulls", body)["number"]
        for reviewer in reviewers:
            self.request(reviewer, "POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
        self.request(author, "PUT", f"/pulls/{number}/merge", {})

    def run(self, login: str, run: int) -> Json:
        """Return a workflow run by its id."""
        document: Json = self.request(login, "GET", f"/actions/runs/{run}")
        return document

    def rerun(self, login: str, run: int) -> None:
        self.request(login, "POST", f"/actions/runs/{run}/rerun")

    def review_deployments(self, login: str, run: int, state: str) -> None:
        """Review all pending deployments of a run; `state` is `approved` or `rejected`."""
        path = f"/actions/runs/{run}/pending_deployments"
        pending = self.request(login, "GET", path)
        ids = [deployment["environment"]["id"] for deployment in pending]
        body = {"environment_ids": ids, "state": state, "comment": "Rehearsed"}
        self.request(login, "POST", path, body)


class ControlClient:
    """The simulator's control plane: actions of runners and of GitHub's pages without a public API.

    Use it as a context manager.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=f"{url}/_simulator", timeout=TIMEOUT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def use_runners(self) -> None:
        """Make jobs wait for a runner from now on."""
        self._request("POST", "/runner")

    def jobs(self, run: int) -> list[Json]:
        """Return the jobs of a run that wait for a runner."""
        jobs: list[Json] = self._request("GET", "/jobs")
        return [job for job in jobs if job["run_id"] == run]

    def take(self, job: int) -> Json:
        """Take a job, and return everything that GitHub gives its runner, including secrets."""
        document: Json = self._request("POST", "/jobs/take", {"id": job})
        return document

    def finish(self, job: int, conclusion: str, outputs: dict[str, str], summary: str) -> None:
        """Report the end of a job."""
        body = {"id": job, "conclusion": conclusion, "outputs": outputs, "summary": summary}
        self._request("POST", "/jobs/finish", body)

    def start_waiting_jobs(self, run: int, actor: str) -> None:
        """Press the button "Start all waiting jobs".

        Raise `ActionRefusedError` if GitHub does not show the button to the actor.
        """
        response = self._client.post("/bypass", json={"run_id": run, "actor": actor})
        if not response.is_success:
            raise ActionRefusedError(response.json()["message"])

    def runs(self) -> list[Json]:
        """Return every run with its jobs, and the secrets that each job got."""
        runs: list[Json] = self._request("GET", "/state")["runs"]
        return runs

    def newest_run(self, repository: str, ref: str, workflow: str) -> Json:
        """Return the newest run of a workflow file for a ref, with its jobs.

        Raise `StoppedError` if there is none.
        """
        key = (repository, ref, workflow)
        runs = [run for run in self.runs() if (run["repository"], run["ref"], run["path"]) == key]
        if not runs:
            raise StoppedError(f"no run of {workflow} was started for {ref}")
        return max(runs, key=lambda run: int(run["id"]))

    def _request(self, method: str, path: str, body: Json | None = None) -> Any:
        response = self._client.request(method, path, json=body)
        if not response.is_success:
            raise StoppedError(f"the simulated GitHub refused {method} {path}: {response.text}")
        return response.json() if response.content else None


class GitClone:
    """A clone of `OWNER/NAME` at `directory`. All users work in it, each with their own token."""

    def __init__(self, processes: Processes, url: str, repository: str, directory: Path) -> None:
        self._processes = processes
        self._url = url
        self.repository = repository
        self.directory = directory

    def fetch(self, login: str) -> None:
        """Make the clone, or update it. Raise `StoppedError` if git fails."""
        if not self.directory.exists():
            self.directory.mkdir(parents=True)
            self._run("init", "--quiet", "--initial-branch", "empty")
            self._run("remote", "add", "origin", f"{self._url}/{self.repository}.git")
        result = self._run_as(login, "fetch", "--quiet", "--tags", "origin")
        if result.code:
            raise StoppedError(f"git fetch failed: {git_message(result.output)}")

    def commit(self, login: str, branch: str, files: Mapping[str, str], message: str) -> str:
        """Commit files on a new local branch from the fetched one, and return the commit id."""
        self._run("checkout", "--quiet", "--force", "-B", f"work-{login}", f"origin/{branch}")
        for path, text in files.items():
            file = self.directory / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self._run("add", "--all")
        self._run("commit", "--quiet", "--message", message, author=login)
        return self.commit_id("HEAD")

    def commit_id(self, revision: str) -> str:
        """Return the id of the commit that a revision points to."""
        return self._run("rev-parse", f"{revision}^{{commit}}").strip()

    def push(self, login: str, *refspecs: str) -> None:
        """Push as a user. Raise `ActionRefusedError` with GitHub's message if it is refused."""
        result = self._run_as(login, "push", "origin", *refspecs)
        if result.code:
            raise ActionRefusedError(git_message(result.output))

    def _run_as(self, login: str, *arguments: str) -> ProcessResult:
        credentials = base64.b64encode(f"{login}:token-{login}".encode()).decode()
        environment = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self._url}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {credentials}",
        }
        return self._processes.run(["git", *arguments], self.directory, environment)

    def _run(self, *arguments: str, author: str = "rehearsal") -> str:
        environment = {
            "GIT_AUTHOR_NAME": author,
            "GIT_AUTHOR_EMAIL": f"{author}@users.example",
            "GIT_COMMITTER_NAME": author,
            "GIT_COMMITTER_EMAIL": f"{author}@users.example",
        }
        result = self._processes.run(["git", *arguments], self.directory, environment)
        if result.code:
            raise StoppedError(f"git {arguments[0]} failed: {git_message(result.output)}")
        return result.output


def jobs_with_secrets(runs: Iterable[Json]) -> list[str]:
    """Return the jobs that got any secret."""
    return [
        f"{job['name']} of run {run['id']}" for run in runs for job in run["jobs"] if job["secrets"]
    ]


def error_message(response: httpx.Response) -> str:
    """Return the status, the message and the details of an error response."""
    document = response.json()
    details = [
        detail if isinstance(detail, str) else str(detail.get("message", ""))
        for detail in document.get("errors") or []
    ]
    parts = (f"{response.status_code} {document['message']}", *details)
    return " ".join(part for part in parts if part)


def git_message(output: str) -> str:
    """Return GitHub's message in the output of git, or git's own output without one."""
    lines = [line.removeprefix("remote:").strip() for line in output.splitlines()]
    message = " ".join(line for line in lines if line and not GIT_NOISE.fullmatch(line))
    return message or " ".join(lines) or "no reason given"
