"""Names that GitHub derives from other names."""

import re
import unicodedata


def slug_of(team_name: str) -> str:
    """Return the slug of a team's name: `My TEam Näme` becomes `my-team-name`.

    Source: GitHub's docs, REST page "Teams", `team_slug`: GitHub replaces special characters,
    changes all words to lower case, and replaces spaces with hyphens.

    Assumption: special characters lose their accents where they have any, every other run of
    them becomes one hyphen, and hyphens at either end are dropped.
    """
    decomposed = unicodedata.normalize("NFKD", team_name)
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9_]+", "-", letters.lower()).strip("-")
