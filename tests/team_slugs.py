"""Names of teams with the slugs that GitHub derives from them.

The stack and the simulated GitHub each have a `slug_of`, since neither imports the other; this
table tests both with the same names. Source: GitHub's docs, REST page "Teams", `team_slug`.
"""

TEAM_SLUGS = [
    ("maintainers", "maintainers"),
    ("My TEam Näme", "my-team-name"),  # the example of GitHub's page
    ("Justice League", "justice-league"),
    ("R&D (tools)", "r-d-tools"),
    ("core_team", "core_team"),
    ("Release -- Operations", "release-operations"),
    ("Release  Operations & Co.", "release-operations-co"),
    ("Équipe Générale", "equipe-generale"),
]
