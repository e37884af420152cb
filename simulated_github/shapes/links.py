"""URLs in answers: they lead back to the address and the prefix that the request came by."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Links:
    """``origin`` is scheme, host and port; ``prefix`` is ``/api/v3`` or nothing."""

    origin: str
    prefix: str = ""

    def api(self, *parts: str) -> str:
        """The API's address of a path, part by part."""
        return f"{self.origin}{self.prefix}/{'/'.join(_escape(part) for part in parts)}"

    def html(self, *parts: str) -> str:
        """The address of a page for people."""
        return f"{self.origin}/{'/'.join(_escape(part) for part in parts)}"


@lru_cache(maxsize=4096)
def _escape(part: str) -> str:
    return quote(part, safe="@:~")
