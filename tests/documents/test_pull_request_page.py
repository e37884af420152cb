"""The commands of docs/operating-by-pull-request.md, and the environments that they create."""

from pathlib import Path

from tests.documents.pages import Command, Machine, Page

PREPARATION = Page(
    "an organization with an operations team, and the variables that the README sets",
    [
        Command('eval "$(scripts/env)"'),
        Command("python -m simulated_github --port 8080 &"),
        Command("export GITHUB_BASE_URL=http://127.0.0.1:8080/ GITHUB_TOKEN=token-owner-1"),
        Command(
            "gh() { GH_HOST=github.localhost GH_TOKEN=$GITHUB_TOKEN "
            'HTTP_PROXY=$GITHUB_BASE_URL command gh "$@"; }'
        ),
        Command("gh api orgs/encode/teams --field name=operations --field privacy=closed"),
        Command("export PULUMI_BACKEND_URL=file:///state PULUMI_CONFIG_PASSPHRASE=a-passphrase"),
    ],
)
PROTECTION = (
    '[(.protection_rules[] | select(.type == "required_reviewers") | '
    "(.prevent_self_review, .reviewers[].reviewer.slug)), .can_admins_bypass] | @json"
)
POLICIES = '"\\(.total_count) \\(.branch_policies[0].name) \\(.branch_policies[0].type)"'
RESULT = Page(
    "what GitHub has afterwards",
    [
        Command(
            f"gh api repos/encode/release-stack/environments/preview --jq '{PROTECTION}'",
            ('[true,"operations",false]',),
        ),
        Command(
            f"gh api repos/encode/release-stack/environments/apply --jq '{PROTECTION}'",
            ("[false]",),
        ),
        Command(
            "gh api repos/encode/release-stack/environments/preview/deployment-branch-policies "
            f"--jq '{POLICIES}'",
            ("1 refs/pull/*/merge branch",),
        ),
        Command(
            "gh api repos/encode/release-stack/environments/apply/deployment-branch-policies "
            f"--jq '{POLICIES}'",
            ("1 main branch",),
        ),
        Command("gh secret list --env preview", ("PULUMI_CONFIG_PASSPHRASE",)),
        Command("gh secret list --env apply", ("PULUMI_CONFIG_PASSPHRASE",)),
        Command("gh variable get PULUMI_BACKEND_URL", ("file:///state",)),
    ],
)


def test_the_page_creates_protected_environments(tmp_path: Path) -> None:
    page = Page.read("docs/operating-by-pull-request.md")

    Machine.create(tmp_path).run(PREPARATION, page, RESULT)
