"""A lost state is recorded again, and nothing that protects is deleted."""

import json

import pytest

from commands.state_edits import lost_state
from tests.integration.living.organization import LivingStack
from tests.integration.rehearsed_stack import writes

LOST = {"operations": {"existing": "operations"}, "maintainers": {"existing": "maintainers"}}


def test_a_lost_state_is_imported(
    living: LivingStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gates = living.gates()
    export = json.loads(living.sandbox.pulumi("stack", "export").output)
    export["deployment"]["resources"] = []
    file = living.sandbox.directory / "empty.json"
    file.write_text(json.dumps(export), encoding="utf-8")
    living.run(f"pulumi stack import --force --file {file}")
    living.sandbox.configuration.update(LOST)
    living.sandbox.write_configuration()
    assert "set up by a stack of this project already" in living.blocked_up()
    monkeypatch.chdir(living.sandbox.directory)
    for name, value in living.sandbox.environment.items():
        monkeypatch.setenv(name, value)
    start = len(living.github.requests)

    assert lost_state.main(["--stack", living.sandbox.stack]) == 0

    (living.sandbox.directory / "import.json").write_text(capsys.readouterr().out)
    living.run(
        "pulumi import --file import.json --yes --skip-preview --protect=false "
        "--generate-code=false"
    )
    assert writes(living.github.requests[start:]) == []
    living.apply()
    assert living.gates() == gates
    assert [item.method for item in living.github.requests[start:] if item.method == "DELETE"] == []
