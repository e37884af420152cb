"""The kinds of names on GitHub, as types that validate themselves.

Each is an annotated string. Messages and `docs/configuration.md` quote its `allowed` sentence.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True)
class Kind:
    """A kind of name: the pattern that the whole name matches, and that pattern in words."""

    name: str
    pattern: str
    allowed: str
    example: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self.check, core_schema.str_schema(strict=True)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "description": self.allowed}

    def check(self, value: str) -> str:
        """Return the value. Raise `PydanticCustomError` if it is not a name of this kind."""
        if re.fullmatch(self.pattern, value):
            return value
        raise self.refusal

    @property
    def remedy(self) -> str:
        """Return what to write in place of a wrong name."""
        return f"write {self.name} such as {self.example}"

    @property
    def refusal(self) -> PydanticCustomError:
        return PydanticCustomError(
            "name", "{allowed}", {"allowed": self.allowed, "remedy": self.remedy}
        )


class DateKind(Kind):
    """A date, which YAML reads with or without quotes.

    The engine passes a date without quotes to the program as `2026-12-31 00:00:00 +0000 UTC`, and
    writes it back like that when a `pulumi config` command changes the file (seen with 3.259.0).
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def parse(self, value: object) -> date:
        """Return the date. Raise `PydanticCustomError` if the value is not a date."""
        if type(value) is date:
            return value
        if not isinstance(value, str):
            raise self.refusal
        try:
            return date.fromisoformat(self.check(value).removesuffix(MIDNIGHT))
        except ValueError:
            raise self.refusal from None


# https://docs.github.com/en/enterprise-cloud@latest/admin/identity-and-access-management/iam-configuration-reference/username-considerations-for-external-authentication
# An underscore appears only before the short code of an enterprise's managed users.
LOGIN = Kind(
    "a person's login",
    r"(?=.{1,39}$)[A-Za-z0-9](?:[A-Za-z0-9]|-(?!-))*(?:_[A-Za-z0-9]+)?",
    "a GitHub login: letters, digits and single hyphens, not starting with a hyphen, at most 39 "
    "characters",
    "tomchristie",
)
SLUG = Kind(
    "a team's slug",
    r"[a-z0-9][a-z0-9_-]{0,99}",
    "a team's slug, as in the address of its page: lower-case letters, digits, hyphens and "
    "underscores",
    "core-developers",
)
TEAM_NAME = Kind(
    "a team's name",
    r"(?=.{1,100}$)(?=.*[A-Za-z0-9])[^\s/](?:[^\r\n\t/]*[^\s/])?",
    "a team's name: up to 100 characters on one line, with a letter or digit, without a slash or "
    "surrounding spaces",
    "maintainers",
)
# Source: https://docs.github.com/en/repositories/creating-and-managing-repositories/best-practices-for-repositories
# GitHub's form allows letters, digits, `.`, `-` and `_`; the provider's ruleset resource checks it.
REPOSITORY = Kind(
    "a repository's name",
    r"(?!\.\.?$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}",
    "a repository's name without its owner: letters, digits, `.`, `-` and `_`, at most 100 "
    "characters, not ending in .git",
    "httpx",
)
# https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets
SECRET_NAME = Kind(
    "a secret's name",
    r"(?!GITHUB_)[A-Z_][A-Z0-9_]{0,254}",
    "a secret's name: upper-case letters, digits and underscores, not starting with a digit or "
    "with GITHUB_",
    "PYPI_TOKEN",
)
# The workflow's trigger, the environment's tag policy and the tag rulesets use the same pattern.
# Their matchers differ in `/`, `**`, `?`, `+`, `!`, `\` and braces, so only what has the same
# meaning in all three is allowed. Sources:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
# https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
# https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
# A range has to ascend. A descending one matches no tag, so that no release would start.
RANGES = "|".join([*(f"{first}-[{first}-9]" for first in range(10)), "a-z"])
TAG_PATTERN = Kind(
    "a tag pattern",
    rf"(?=.{{1,100}}$)(?!-)(?!.*\*\*)(?:[A-Za-z0-9._-]|\*|\[(?:{RANGES}|[0-9a-z])+\])+",
    "a pattern with one meaning in the workflow's trigger, the tag policy and the rulesets: "
    "letters, digits, `.`, `_`, `-`, a single `*`, and classes such as [0-9], at most 100 "
    "characters",
    "'*' or 'v*'",
)
# The slug is the app's name in the address of its page.
# Source: https://docs.github.com/en/rest/apps/apps#get-an-app
APP_SLUG = Kind(
    "an app's slug",
    r"[a-z0-9][a-z0-9-]{0,99}",
    "the slug of a GitHub App, as in github.com/apps/SLUG",
    "release-stack",
)

MIDNIGHT = " 00:00:00 +0000 UTC"
DATE = DateKind(
    "a date",
    rf"[0-9]{{4}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:{re.escape(MIDNIGHT)})?",
    "a date as YYYY-MM-DD",
    "'2027-06-30'",
)

Login = Annotated[str, LOGIN]
Slug = Annotated[str, SLUG]
TeamName = Annotated[str, TEAM_NAME]
RepositoryName = Annotated[str, REPOSITORY]
SecretName = Annotated[str, SECRET_NAME]
TagPattern = Annotated[str, TAG_PATTERN]
AppSlug = Annotated[str, APP_SLUG]
Date = Annotated[date, DATE]


def slug_of(team_name: str) -> str:
    """Return the slug that GitHub derives from a team's name: `My TEam Näme` gives `my-team-name`.

    Source: GitHub's docs, REST page "Teams", `team_slug`: GitHub replaces special characters,
    changes all words to lower case, and replaces spaces with hyphens.

    Assumption: special characters lose their accents where they have any, every other run of
    them becomes one hyphen, and hyphens at either end are dropped.
    """
    decomposed = unicodedata.normalize("NFKD", team_name)
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9_]+", "-", letters.lower()).strip("-")
