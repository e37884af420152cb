"""The GraphQL queries of the snapshot.

Source: GitHub's public GraphQL schema. Deliberately absent: fields of newer schemas, such as users
as bypass actors, because an older Enterprise Server refuses a query with an unknown field.
Assumption: the affiliation `DIRECT` leaves out who has access by a team, by the base permission or
as an owner, like `direct` of the REST API, whose description is the same.
"""

import json
from collections.abc import Iterable, Sequence

# At 50 rulesets with 50 bypass actors and 50 rules, 25 repositories request 130,000 of the 500,000
# nodes that GitHub allows, and cost 26 of the 5,000 points of an hour.
# Source: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
REPOSITORIES_IN_ONE_REQUEST = 25

REPOSITORY = """
fragment repository on Repository {
  databaseId name owner { login } isArchived isPrivate
  mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
  defaultBranchRef {
    name target { oid }
    branchProtectionRule {
      isAdminEnforced lockBranch requiresApprovingReviews requiresLinearHistory
      requiresStatusChecks restrictsPushes
    }
  }
  rulesets(first: 50, includeParents: true) {
    nodes { ...ruleset }
    pageInfo { hasNextPage }
  }
  collaborators(first: 100, affiliation: DIRECT) {
    edges { permission node { databaseId login } }
    pageInfo { hasNextPage }
  }
  workflows: object(expression: "HEAD:.github/workflows") {
    ... on Tree { entries { name type object { ... on Blob { isTruncated text } } } }
  }
  scripts: object(expression: "HEAD:scripts") {
    ... on Tree { entries { name mode } }
  }
}
"""

RULESET = """
fragment ruleset on RepositoryRuleset {
  databaseId name target enforcement source { __typename }
  conditions { refName { include exclude } }
  bypassActors(first: 50) {
    nodes {
      bypassMode deployKey organizationAdmin repositoryRoleDatabaseId
      actor { __typename ... on App { databaseId } ... on Team { databaseId } }
    }
    pageInfo { hasNextPage }
  }
  rules(first: 50) {
    nodes { type parameters { ...parameters } }
    pageInfo { hasNextPage }
  }
}
"""

RULE_PARAMETERS = """
fragment parameters on RuleParameters {
  ... on BranchNamePatternParameters { name negate operator pattern }
  ... on CommitAuthorEmailPatternParameters { name negate operator pattern }
  ... on CommitMessagePatternParameters { name negate operator pattern }
  ... on CommitterEmailPatternParameters { name negate operator pattern }
  ... on TagNamePatternParameters { name negate operator pattern }
  ... on PullRequestParameters {
    allowedMergeMethods dismissStaleReviewsOnPush requireCodeOwnerReview requireLastPushApproval
    requiredApprovingReviewCount requiredReviewThreadResolution
  }
  ... on RequiredDeploymentsParameters { requiredDeploymentEnvironments }
  ... on RequiredStatusChecksParameters {
    doNotEnforceOnCreate strictRequiredStatusChecksPolicy
    requiredStatusChecks { context integrationId }
  }
  ... on UpdateParameters { updateAllowsFetchAndMerge }
}
"""

TEAM = """
fragment team on Team {
  databaseId slug privacy
  repositories(first: 100) {
    edges { permission node { databaseId } }
    pageInfo { hasNextPage }
  }
}
"""


def repositories_query(owner: str, names: Iterable[str]) -> str:
    """Return the query for repositories, each under a numbered alias, also by a former name."""
    fields = "\n".join(
        f"  n{number}: repository(owner: {json.dumps(owner)}, name: {json.dumps(name)}) "
        "{ ...repository }"
        for number, name in enumerate(names)
    )
    return f"query {{\n{fields}\n}}{REPOSITORY}{RULESET}{RULE_PARAMETERS}"


def teams_query(owner: str, cursor: str | None) -> str:
    """Return the query for 100 teams of an organization, after a cursor."""
    after = f", after: {json.dumps(cursor)}" if cursor else ""
    return f"""
query {{
  organization(login: {json.dumps(owner)}) {{
    teams(first: 100{after}) {{
      nodes {{ ...team }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}{TEAM}"""


def grants_query(owner: str, slugs: Sequence[str], names: Iterable[str]) -> str:
    """Return the query for what teams may do in repositories, which it looks up by name.

    The teams have the aliases `t0`, `t1`, ... and the repositories in them `n0`, `n1`, ...
    """
    repositories = "\n".join(
        f"      n{number}: repositories(query: {json.dumps(name)}, first: 100) {{ ...grants }}"
        for number, name in enumerate(names)
    )
    teams = "\n".join(
        f"    t{number}: team(slug: {json.dumps(slug)}) {{\n{repositories}\n    }}"
        for number, slug in enumerate(slugs)
    )
    return f"""
query {{
  organization(login: {json.dumps(owner)}) {{
{teams}
  }}
}}
fragment grants on TeamRepositoryConnection {{
  edges {{ permission node {{ databaseId }} }}
  pageInfo {{ hasNextPage }}
}}
"""
