"""Removing encrypted values from an exported state."""

import json
from pathlib import Path

import pytest

from commands.forget_secrets import main, remove_secrets

SECRET = {
    "urn": "urn:pulumi:prod::releases::S::httpx/deploy/PYPI_TOKEN",
    "inputs": {"value": {"ciphertext": "v1:x"}},
}
FILE = {
    "urn": "urn:pulumi:prod::releases::F::httpx/publish.yml",
    "dependencies": [SECRET["urn"], "urn:other"],
    "propertyDependencies": {"content": [SECRET["urn"]], "file": None},
}
STATE = {
    "version": 3,
    "deployment": {"secrets_providers": {"type": "passphrase"}, "resources": [SECRET, FILE]},
}


def test_encrypted_resources_and_references_are_removed() -> None:
    state, names = remove_secrets(STATE)

    [file] = state["deployment"]["resources"]
    assert names == ["httpx/deploy/PYPI_TOKEN"]
    assert file["dependencies"] == ["urn:other"]
    assert file["propertyDependencies"] == {"content": [], "file": []}
    assert "secrets_providers" not in state["deployment"]


def test_a_file_that_is_not_a_state_is_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.json"
    file.write_text("{}")
    monkeypatch.setattr("sys.argv", ["forget_secrets", str(file)])

    assert main() == 1
    assert file.read_text() == "{}"
    assert f"pulumi stack export --file {file}" in capsys.readouterr().err


def test_the_file_is_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps(STATE))
    monkeypatch.setattr("sys.argv", ["forget_secrets", str(file)])

    assert main() == 0
    assert "ciphertext" not in file.read_text()
