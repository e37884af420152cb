"""URLs in responses; they have the address and the prefix of the request."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from simulated_github.records.repositories import Repository

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Links:
    """The URLs of one server.

    `origin` is scheme, host and port; `prefix` is the path of the API, `/api/v3` or empty.
    """

    origin: str
    prefix: str = ""

    def api(self, *parts: str) -> str:
        """Return the API's URL of a path; `parts` are its segments, before escaping."""
        return f"{self.origin}{self.prefix}/{'/'.join(_escape(part) for part in parts)}"

    def html(self, *parts: str) -> str:
        """Return the URL of a page for people."""
        return f"{self.origin}/{'/'.join(_escape(part) for part in parts)}"

    def repository(self, repository: Repository, *parts: str) -> str:
        """Return the API's URL of a repository or of a path below it."""
        return self.api("repos", repository.owner.login, repository.name, *parts)

    def repository_page(self, repository: Repository, *parts: str) -> str:
        """Return the URL of a repository's page or of a page below it."""
        return self.html(repository.owner.login, repository.name, *parts)


@lru_cache(maxsize=4096)
def _escape(part: str) -> str:
    return quote(part, safe="@:~")
