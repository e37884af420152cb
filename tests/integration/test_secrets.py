"""Secret values are in their environments and in no other place."""

import gzip
from pathlib import Path

from tests.integration.on_github import send_request, share_secret
from tests.integration.rehearsed_stack import OWNER, RehearsedStack, token_of, writes


def read_written_files(stack: RehearsedStack) -> str:
    """Return every file that the engine wrote: state, backups, logs, the stack file."""
    root = stack.sandbox.directory.parent
    files = [
        path
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and "plugins" not in path.parts
    ]
    return "\n".join(text_of(path) for path in files if is_outside_venv(path))


def text_of(path: Path) -> str:
    """Return the text of a file; the engine compresses some of its logs."""
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    return content.decode("utf-8", errors="replace")


def is_outside_venv(path: Path) -> bool:
    return ".venv" not in path.parts


# The engine's own debugging output shows everything from -v=9 on, as docs/operating.md says.
def test_no_secret_value_is_in_any_output_or_file(declared: RehearsedStack) -> None:
    outputs = [
        declared.sandbox.pulumi("preview", "--diff").output,
        declared.sandbox.pulumi("up", "--yes", "--diff", "--logtostderr", "-v=8").output,
        declared.sandbox.pulumi("refresh", "--yes", "--diff").output,
        declared.sandbox.pulumi("stack", "output", "--json", "--show-secrets").output,
        declared.sandbox.pulumi("stack", "export").output,
    ]
    declared.sandbox.set_secrets({"httpx.PYPI_TOKEN": "pypi-a-new-token"})
    outputs.append(declared.sandbox.pulumi("up", "--yes", "--diff").output)
    outputs.append(str([(r.method, r.path, r.status) for r in declared.github.requests]))
    outputs.append(read_written_files(declared))

    assert declared.repository("httpx")["environments"]["deploy"]["secrets"] == {
        "PYPI_TOKEN": "pypi-a-new-token"
    }
    for value in (token_of("httpx"), token_of("databases"), "pypi-a-new-token"):
        assert [place for place, text in enumerate(outputs) if value in text] == []


def test_no_secret_value_is_in_the_message_of_a_refusal(declared: RehearsedStack) -> None:
    declared.sandbox.set_secrets({"httpx.PYPI_TOKEN": "x" * 60_000})

    refused = declared.up(check=False)

    assert "x" * 40 not in refused.output


def test_rotating_a_token_is_one_update(applied: RehearsedStack) -> None:
    applied.sandbox.set_secrets({"httpx.PYPI_TOKEN": "pypi-rotated"})

    assert applied.plan() == {"httpx/deploy/PYPI_TOKEN": "update"}
    with applied.requests() as requests:
        applied.up()

    assert len(writes(requests)) == 1
    assert applied.repository("httpx")["environments"]["deploy"]["secrets"] == {
        "PYPI_TOKEN": "pypi-rotated"
    }


def test_a_missing_value_warns_in_preview_and_blocks_up(
    declared: RehearsedStack,
) -> None:
    declared.repositories["httpcore"] = None
    declared.configure()
    command = "pulumi config set --path 'secrets.httpcore.PYPI_TOKEN' --secret"

    preview = declared.preview()
    with declared.requests() as requests:
        refused = declared.up(check=False)

    assert "warning: 1 secret has no value yet; `pulumi up` needs it:" in preview.output
    assert command in preview.output
    assert refused.code != 0
    assert "secrets.httpcore.PYPI_TOKEN is missing" in refused.output
    assert command in refused.output
    assert writes(requests) == []


def test_leftover_repository_secrets_are_a_warning(
    applied: RehearsedStack,
) -> None:
    finished = applied.up()

    command = "gh secret delete PYPI_TOKEN --repo encode/$name"
    assert f"for name in databases httpx; do {command}; done" in finished.output
    assert "broadcaster" not in finished.output


def test_a_leftover_token_of_a_trusted_publisher_is_a_warning(
    applied: RehearsedStack,
) -> None:
    applied.repositories["httpx"] = {"publish": "trusted-publishing"}
    del applied.configuration["secrets"]["httpx"]
    applied.configure()

    assert "still have the repository secret PYPI_TOKEN: databases, httpx" in applied.up().output


def test_an_organization_secret_is_a_warning(
    applied: RehearsedStack,
) -> None:
    share_secret(applied, "PYPI_TOKEN", "pypi-of-everybody")

    finished = applied.up()

    assert (
        "encode has the actions secret PYPI_TOKEN. It bypasses the approval gate: any workflow in "
        "databases, "
        "httpx can read it" in finished.output
    )
    assert "gh secret delete PYPI_TOKEN --org encode --app actions" in finished.output
    assert "pypi-of-everybody" not in finished.output


def test_unsafe_workflow_token_defaults_are_a_warning(
    applied: RehearsedStack,
) -> None:
    path = f"orgs/{OWNER}/actions/permissions/workflow"
    safe = applied.up().output
    send_request(
        applied,
        "PUT",
        f"/{path}",
        {"default_workflow_permissions": "write", "can_approve_pull_request_reviews": True},
    )

    unsafe = applied.up().output

    assert f"gh api -X PUT {path}" not in safe
    assert f"gh api -X PUT {path} -f default_workflow_permissions=read" in unsafe
    assert f"gh api -X PUT {path} -F can_approve_pull_request_reviews=false" in unsafe
