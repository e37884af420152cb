"""The simulated GitHub's own plane: what is no part of GitHub's API, as its runners' protocol and its pages' buttons."""

from types import TracebackType
from typing import Any, Self

import httpx

from commands.rehearsal.errors import RefusedError, StoppedError

Json = dict[str, Any]


class Control:
    """The control plane of the simulated GitHub at `url`. Use it as a context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=f"{url}/_simulator", timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def have_runners(self) -> None:
        """From now on a job that is let go waits for a runner."""
        self._ask("POST", "/runner")

    def jobs(self, run: int) -> list[Json]:
        """The jobs of a run that may be taken now."""
        found: list[Json] = self._ask("GET", "/jobs")
        return [job for job in found if job["run_id"] == run]

    def take(self, job: int) -> Json:
        """Takes a job; all that GitHub hands a runner, secrets included."""
        taken: Json = self._ask("POST", "/jobs/take", {"id": job})
        return taken

    def finish(self, job: int, conclusion: str, outputs: dict[str, str], summary: str) -> None:
        self._ask(
            "POST",
            "/jobs/finish",
            {"id": job, "conclusion": conclusion, "outputs": outputs, "summary": summary},
        )

    def bypass(self, run: int, actor: str) -> None:
        """Presses the button "Start all waiting jobs". Raises `RefusedError` where GitHub does not show it."""
        answer = self._client.post("/bypass", json={"run_id": run, "actor": actor})
        if not answer.is_success:
            raise RefusedError(answer.json()["message"])

    def runs(self) -> list[Json]:
        """Every run with its jobs, and the secrets that each was handed."""
        found: list[Json] = self._ask("GET", "/state")["runs"]
        return found

    def _ask(self, method: str, path: str, body: Json | None = None) -> Any:
        answer = self._client.request(method, path, json=body)
        if not answer.is_success:
            raise StoppedError(f"the simulated GitHub refused {method} {path}: {answer.text}")
        return answer.json() if answer.content else None
