"""The documents that are made from the models are up to date, and true."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands import document
from commands.configuration_page import default
from commands.document import PAGE, PROJECT, SCHEMA, documents
from stacks.settings.configuration_keys import options_of
from stacks.settings.loading import parse_settings
from tests.stacks.settings.test_names import KINDS
from tests.stacks.settings.test_options import FIELDS

MODELINE = f"# yaml-language-server: $schema={SCHEMA}"


@pytest.mark.parametrize("path", documents(), ids=str)
def test_a_document_is_up_to_date(path: Path) -> None:
    assert (PROJECT / path).read_text(encoding="utf-8") == documents()[path], "run scripts/document"


def test_documents_are_the_same_each_time() -> None:
    assert documents() == documents()


def test_every_key_is_on_the_page_with_its_description() -> None:
    page = documents()[PAGE]

    for model, name, field in FIELDS:
        assert f"{field.alias}` |" in page, f"{model.__name__}.{name}"
        assert f"| {field.description} |" in page


def test_every_kind_of_name_is_on_the_page() -> None:
    page = documents()[PAGE]

    assert not [kind for kind in KINDS if f"| {kind.name} | {kind.allowed} |" not in page]


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    lines = documents()[PAGE].splitlines()
    headings = {
        line.lstrip("# ").lower().replace(" ", "-") for line in lines if line.startswith("#")
    }
    links = {link.split(")")[0] for line in lines for link in line.split("](#")[1:]}

    assert links
    assert links <= headings


def test_every_row_of_a_table_has_the_cells_of_its_head() -> None:
    rows = [line for line in documents()[PAGE].splitlines() if line.startswith("|")]

    assert len(rows) > 40
    assert {row.count(" | ") for row in rows} == {2, 3}


@pytest.mark.parametrize(
    ("value", "text"),
    [("", '`""`'), ("*", '`"*"`'), ("v*", "`v*`"), (1, "`1`"), (False, "`false`"), ({}, "none")],
)
def test_a_default_is_written_as_in_the_stack_file(value: Any, text: str) -> None:
    assert default(value) == text


def test_the_example_of_the_page_can_be_used() -> None:
    config = example()["config"]
    raw = {key: as_engine_text(value) for key, value in options_of(config).items()}

    settings = parse_settings(raw, config["github:owner"], Path("Pulumi.none.yaml"), {})

    assert [repository.name for repository in settings.repositories] == [
        "httpx",
        "requests-async",
        "starlette",
        "uvicorn",
    ]
    assert settings.repositories[0].environment_secrets[0].value == "replace_encrypted"


def example() -> dict[str, Any]:
    """Return the YAML on the page."""
    text = documents()[PAGE].split("```yaml\n")[1].split("```")[0]
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def as_engine_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(replace_encrypted(value))


def replace_encrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return (
            "replace_encrypted"
            if "secure" in value
            else {key: replace_encrypted(child) for key, child in value.items()}
        )
    return value


def test_the_stack_file_names_its_schema_for_editors() -> None:
    assert (PROJECT / "Pulumi.prod.yaml").read_text(encoding="utf-8").splitlines()[0] == MODELINE
    assert (PROJECT / SCHEMA).is_file()


def test_documents_are_written_and_unchanged_ones_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(document, "PROJECT", tmp_path)

    document.main()
    document.main()

    assert {
        path: (tmp_path / path).read_text(encoding="utf-8") for path in documents()
    } == documents()
    assert capsys.readouterr().out.splitlines() == [
        f"{PAGE}: written",
        f"{SCHEMA}: written",
        f"{PAGE}: as before",
        f"{SCHEMA}: as before",
    ]
