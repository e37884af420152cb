"""Numbers for things: each kind counts from a place of its own, so that an id used for the wrong kind is never found."""

import base64

_FIRST = {
    "user": 1_100_001,
    "organization": 14_200_001,
    "team": 5_300_001,
    "repository": 240_000_001,
    "environment": 1_900_000_001,
    "protection_rule": 31_000_001,
    "deployment_policy": 42_000_001,
    "ruleset": 8_700_001,
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
    """Counters, one for each kind of thing."""

    def __init__(self) -> None:
        self._next = dict(_FIRST)

    def take(self, kind: str) -> int:
        """A fresh id for a thing of this kind."""
        number = self._next[kind]
        self._next[kind] += 1
        return number


def node_id(kind: str, number: int) -> str:
    """An opaque global id, as GraphQL and REST answers carry it."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()
