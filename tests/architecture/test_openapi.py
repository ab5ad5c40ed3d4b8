"""The stored OpenAPI document is the one the program would write, and says what programs have to know."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management import call_command

DOCUMENT = yaml.safe_load((Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
OF_PROTOCOL = {"PassInRequest"}
"""RFC 6749 (3.2): what an authorization server does not know it passes over; its words are the protocol's."""


def test_the_stored_document_has_not_drifted(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh), validate=True, fail_on_warn=True)
    stored = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
    assert stored.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), (
        "run: manage.py spectacular --file docs/openapi.yaml"
    )


def _inputs() -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects that are handed in, without those of the protocol."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.endswith("InRequest") and name not in OF_PROTOCOL:
            yield name, schema


def _texts(schema: Any) -> Iterator[dict[str, Any]]:
    """The texts within a schema that are no codes, days, numbers or files."""
    if isinstance(schema, dict):
        kinds = schema.get("type")
        if "string" in (kinds if isinstance(kinds, list) else [kinds]) and not {"format", "enum"} & set(schema):
            yield schema
        for inner in schema.values():
            yield from _texts(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _texts(inner)


def test_inputs_are_closed() -> None:
    inputs = dict(_inputs())
    assert len(inputs) > 80
    assert [name for name, schema in inputs.items() if schema.get("additionalProperties") is not False] == []


def test_every_text_that_is_handed_in_says_what_characters_it_takes() -> None:
    said = [(name, text.get("pattern"), text.get("maxLength")) for name, schema in _inputs() for text in _texts(schema)]
    assert len(said) > 150
    assert [name for name, pattern, longest in said if pattern is None and longest != 0] == []


def test_what_leads_on_leads_to_what_there_is_and_examples_fit_their_parameters() -> None:
    operations = [one for path in DOCUMENT["paths"].values() for one in path.values() if "operationId" in one]
    names = {one["operationId"] for one in operations}
    links = [
        link["operationId"]
        for one in operations
        for a in one["responses"].values()
        for link in a.get("links", {}).values()
    ]
    assert len(links) >= 146 and set(links) <= names
    parameters = [p for one in operations for p in one.get("parameters", ()) if "example" in p]
    assert len(parameters) > 150
    assert [p for p in parameters if not re.search(p["schema"].get("pattern", ""), str(p["example"]))] == []
    assert [p for p in parameters if p["example"] not in p["schema"].get("enum", [p["example"]])] == []


def test_of_rows_whose_fields_the_caller_chooses_none_is_required() -> None:
    taking = [
        one["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for path in DOCUMENT["paths"].values()
        for one in path.values()
        if "fields" in {p["name"] for p in one.get("parameters", ())}
    ]
    assert taking == ["PaginatedCaseRowList"]
    schemas = DOCUMENT["components"]["schemas"]
    assert "required" not in schemas["CaseRow"] and len(schemas["CaseRow"]["properties"]) > 20
    assert {"code", "version"} <= set(schemas["CaseOut"]["required"])


def test_what_a_row_may_be_expanded_by_is_of_the_shapes_of_the_detail() -> None:
    schemas, parameters = DOCUMENT["components"]["schemas"], DOCUMENT["paths"]["/api/v1/cases/"]["get"]["parameters"]
    (names,) = [p["schema"]["items"]["enum"] for p in parameters if p["name"] == "expand"]
    row, whole = (schemas[name]["properties"] for name in ("CaseRow", "CaseOut"))
    assert names and {name: row[name] for name in names} == {name: whole[name] for name in names}


def _has(schema: dict[str, Any], steps: list[str]) -> bool:
    """Whether there may be such a value in what a schema describes."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return _has(DOCUMENT["components"]["schemas"][name], steps)
    if branches := schema.get("oneOf") or schema.get("allOf"):
        return any(_has(branch, steps) for branch in branches)
    if not steps:
        return True
    inner = schema.get("items") if steps[0].isdigit() else schema.get("properties", {}).get(steps[0])
    return inner is not None and _has(inner, steps[1:])


def test_a_link_names_a_value_that_the_answer_has() -> None:
    wrong = [
        (operation["operationId"], to, expression)
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
        for answer in operation.get("responses", {}).values()
        for to, link in answer.get("links", {}).items()
        for expression in link["parameters"].values()
        if expression.startswith("$response.body#/")
        and not _has(answer["content"]["application/json"]["schema"], expression.partition("#/")[2].split("/"))
    ]
    assert wrong == []
