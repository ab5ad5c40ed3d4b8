"""A walk along the links of the API's document: from what can be asked without knowing anything to all it leads to.

The fuzzer draws its links; this follows each of them once, with the bodies that the document gives as examples.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.utils import timezone
from schemathesis.checks import CHECKS, load_all_checks

from tests.clients.conftest import DOCUMENT
from tests.files.samples import picture
from tests.grids.test_api_tables import a_file
from tests.intake.tables import a_call, xlsx
from zhongzhi.web.openapi_examples import DAY

KEPT_TO = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)  # fmt: skip
"""What of the fuzzer's checks looks at one answer alone."""
FILES = {
    "imports_start": {"files": {"file": ("警情.xlsx", xlsx([a_call(8)]).read())}, "data": {"kind": "police_call"}},
    "tables_start": {"files": {"file": ("名册.csv", a_file().read())}, "data": {"kind": "roster"}},
}
"""Tables, which are known by their names."""


@dataclass(frozen=True)
class Answer:
    """A good answer, and what stood in the address of its question."""

    operation: str
    path: dict[str, Any]
    body: Any


@dataclass
class Walk:
    """Whom is called and with what; what was asked, and what of it was answered well."""

    url: str
    token: str
    schema: Any = field(default_factory=lambda: schemathesis.openapi.from_path(DOCUMENT))
    answers: deque[Answer] = field(default_factory=deque)
    links: set[tuple[str, str]] = field(default_factory=set)
    followed: set[tuple[str, str]] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what there is."""
        load_all_checks()
        self.checks = CHECKS.get_by_names(KEPT_TO)
        found = [one.ok() for one in self.schema.get_all_operations()]
        self.operations = {one.definition.raw["operationId"]: one for one in found}
        self.links = {(name, to) for name in self.operations for to in self.links_of(name)}

    def links_of(self, name: str) -> dict[str, dict[str, str]]:
        """Where the answer of an operation leads, and by what."""
        answers = self.operations[name].definition.raw["responses"].values()
        return {to: link["parameters"] for one in answers for to, link in one.get("links", {}).items()}

    def go(self) -> None:
        """Ask what needs no knowledge, what reads first; then along the links, each once. In the end what leads on
        and was led to by nothing, with the numbers of its examples."""
        leading = [name for name in self.operations if self.links_of(name)]
        free = [name for name in leading if "{" not in self.operations[name].path]
        for method in ("get", "post"):
            for name in (one for one in free if self.operations[one].method == method):
                self._start(name, {})
        for name in (one for one in leading if one not in self.asked):
            self._start(name, {one["name"]: one["example"] for one in self._parameters(name, "path")})

    def _start(self, name: str, by: dict[str, Any]) -> None:
        self.ask(name, by)
        while self.answers:
            self._follow(self.answers.popleft())

    def _query(self, name: str, by: dict[str, Any]) -> dict[str, Any]:
        """What a link gives, or the document as an example; lists are asked for whole."""
        known = {one["name"]: by.get(one["name"], one.get("example")) for one in self._parameters(name, "query")}
        return {} if "cursor" in known else {key: value for key, value in known.items() if value is not None}

    def _parameters(self, name: str, where: str) -> list[dict[str, Any]]:
        return [one for one in self.operations[name].definition.raw.get("parameters", ()) if one["in"] == where]

    def _follow(self, answer: Answer) -> None:
        for to, parameters in self.links_of(answer.operation).items():
            by = {name: _value(expression, answer) for name, expression in parameters.items()}
            if (answer.operation, to) not in self.followed and None not in by.values():
                self.followed.add((answer.operation, to))
                self.ask(to, by)

    def ask(self, name: str, by: dict[str, Any]) -> None:
        """One call, held to the document; what a good answer leads to is asked later."""
        self.asked.add(name)
        operation = self.operations[name]
        path = {key: value for key, value in by.items() if f"{{{key}}}" in operation.path}
        case = operation.Case(path_parameters=path, query=self._query(name, by), **_body(operation))
        sent = FILES.get(name, {})
        answer = case.call(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, **sent)
        case.validate_response(answer, checks=self.checks)
        if not 200 <= answer.status_code < 300:
            self.refused[name] = f"{answer.status_code} {answer.text[:300]}"
            return
        self.reached.add(name)
        if "json" in answer.headers.get("content-type", [""])[0]:
            self.answers.append(Answer(name, path, answer.json()))


def _body(operation: Any) -> dict[str, Any]:
    """What is sent: the document's example with today's date, or a picture."""
    for kind, one in operation.definition.raw.get("requestBody", {}).get("content", {}).items():
        if operation.definition.raw["operationId"] in FILES:
            return {}
        if kind.startswith("multipart"):
            return {"body": {"file": picture()}, "media_type": kind}
        today, given = timezone.localdate().isoformat(), one.get("example", {})
        dated = {key: today if value == DAY else value for key, value in given.items()}
        return {"body": dated, "media_type": kind}
    return {}


def _value(expression: str, answer: Answer) -> Any:
    """What an expression of a link means in an answer; None where it has nothing there."""
    if name := expression.removeprefix("$request.path.") if expression.startswith("$request") else "":
        return answer.path.get(name)
    found = answer.body
    for step in expression.removeprefix("$response.body#/").split("/"):
        try:
            found = found[int(step)] if isinstance(found, list) else found[step]
        except (IndexError, KeyError, TypeError):
            return None
    return found
