"""Ids of every kind of object, GraphQL's global ids, and the slugs of teams.

Each kind has its own range, so that an id of the wrong kind never matches an object.
"""

import base64
import re
import unicodedata

_FIRST = {
    "user": 1_100_001,
    "organization": 14_200_001,
    "team": 5_300_001,
    "repository": 240_000_001,
    "environment": 1_900_000_001,
    "protection_rule": 31_000_001,
    "deployment_policy": 42_000_001,
    "ruleset": 8_700_001,
    "branch_protection": 12_600_001,
    "app": 310_001,
    "installation": 52_000_001,
    "invitation": 61_000_001,
    "pull_request": 1_700_000_001,
    "review": 2_400_000_001,
    "workflow": 71_000_001,
    "run": 9_800_000_001,
    "job": 21_000_000_001,
    "deployment": 1_500_000_001,
    "deploy_key": 95_000_001,
}


class Ids:
    """Counters, one for each kind of object."""

    def __init__(self) -> None:
        self._next = dict(_FIRST)

    def take(self, kind: str) -> int:
        """Return the next id of a kind."""
        number = self._next[kind]
        self._next[kind] += 1
        return number


def node_id(kind: str, number: int) -> str:
    """Return the opaque global id of GraphQL and REST responses."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def slug_of(team_name: str) -> str:
    """Return the slug of a team's name: `My TEam Näme` becomes `my-team-name`.

    Source: GitHub's docs, REST page "Teams", `team_slug`: GitHub replaces special characters,
    changes all words to lower case, and replaces spaces with hyphens.

    Assumption: accents are removed from letters, any other run of special characters becomes one
    hyphen, and hyphens at either end are dropped.
    """
    normalized = unicodedata.normalize("NFKD", team_name)
    letters = "".join(character for character in normalized if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9_]+", "-", letters.lower()).strip("-")
