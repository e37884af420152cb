"""Responses of GitHub's API, and the problems that they mean for the user who runs the stack."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx

from stacks.settings.problems import Problem

# In seconds: longer than this, the user should not wait without a word.
LONGEST_RETRY_AFTER = 10
# Types of GraphQL errors. Sources:
# https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api and
# messages in public issues.
LARGE_QUERIES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})
DENIED_QUERIES = frozenset({"INSUFFICIENT_SCOPES", "FORBIDDEN"})
REFUSED_QUERIES = DENIED_QUERIES | {"RATE_LIMITED", "RATE_LIMIT"}


def is_json(response: httpx.Response) -> bool:
    try:
        response.json()
    except ValueError:
        return False
    return True


def refusal(response: httpx.Response) -> Problem:
    """Return the problem behind an error response."""
    path = response.request.url.path
    if response.status_code == 401:
        return Problem(
            "GITHUB_TOKEN",
            "",
            "a token that GitHub accepts; it rejected this one (401)",
            "create another token and export it as GITHUB_TOKEN",
        )
    if is_limited(response):
        return Problem(
            path,
            "refused by GitHub's rate limit",
            "fewer requests than GitHub's rate limit",
            f"run `pulumi up` again {end_of_limit(response)}",
        )
    if response.status_code in (403, 404):
        permission = response.headers.get("X-Accepted-GitHub-Permissions")
        permission = permission or response.headers.get("X-Accepted-OAuth-Scopes")
        return Problem(
            "GITHUB_TOKEN",
            f"refused at {path} ({response.status_code})",
            f"a token that may read it{f': {permission}' if permission else ''}",
            "give the token this permission, or export the token of an organization owner",
        )
    return Problem(
        path,
        f"refused with status {response.status_code}",
        "a successful response",
        "run `pulumi up` again in a few minutes; see https://www.githubstatus.com",
    )


def is_limited(response: httpx.Response) -> bool:
    """Return whether GitHub refuses because of its primary or a secondary rate limit.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    is_spent = (
        response.headers.get("X-RateLimit-Remaining") == "0" or "Retry-After" in response.headers
    )
    return response.status_code == 429 or (response.status_code == 403 and is_spent)


def is_forbidden(response: httpx.Response) -> bool:
    return response.status_code == 403 and not is_limited(response)


def end_of_limit(response: httpx.Response) -> str:
    """Return when the limit ends, from the header `X-RateLimit-Reset` (seconds since 1970).

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
    """
    reset = response.headers.get("X-RateLimit-Reset", "")
    if not reset.isdecimal():
        return "later"
    return f"after {datetime.fromtimestamp(int(reset), UTC):%H:%M:%S} UTC"


def is_outage(response: httpx.Response) -> bool:
    return response.status_code in (502, 503, 504)


def retry_delay(response: httpx.Response, default: float) -> float | None:
    """Return the seconds after which to send a request again, or `None` not to do that.

    A short `Retry-After` counts, also that of a rate limit. For a long one, the command ends.
    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
    """
    retry_after = response.headers.get("Retry-After", "")
    if retry_after.isdecimal() and (is_outage(response) or is_limited(response)):
        return float(retry_after) if int(retry_after) <= LONGEST_RETRY_AFTER else None
    return default if is_outage(response) else None


def is_unfinished(result: dict[str, Any]) -> bool:
    """Return whether a GraphQL response, of status 200, says that the query was too large.

    Assumption: an error without data is one, unless its type says what GitHub refuses.
    """
    types = {error.get("type") for error in result.get("errors") or ()}
    refused = bool(types) and types <= REFUSED_QUERIES
    return not types.isdisjoint(LARGE_QUERIES) or not (result.get("data") or refused)


def failed_query(errors: Iterable[dict[str, Any]]) -> Problem:
    """Return the problem behind a GraphQL response without data; its status is 200."""
    types = list(dict.fromkeys(str(error.get("type", "error")) for error in errors))
    if DENIED_QUERIES.intersection(types):
        return Problem(
            "GITHUB_TOKEN",
            f"refused by GitHub's GraphQL API ({', '.join(types)})",
            "a token that may read the organization's teams and repositories: a classic one with "
            "the scopes repo, workflow and admin:org, or an app's with members: read",
            "give the token this permission, or export the token of an organization owner",
        )
    return Problem(
        "/graphql",
        ", ".join(types),
        "a response with data",
        "run `pulumi up` again later, or with the token of an organization owner",
    )


def scopes_of(response: httpx.Response) -> frozenset[str] | None:
    """Return the scopes of a classic token, or `None` for a token that has permissions instead.

    Source: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
    (the header X-OAuth-Scopes)
    """
    header = response.headers.get("X-OAuth-Scopes")
    return None if header is None else frozenset(re.findall(r"[^,\s]+", header))
