"""The AsyncAPI document of the webhooks says what is sent."""

import json
from typing import Any

import pytest
import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

from intake import actions as cases
from tests.intake import ways
from tests.people import Ground
from tests.webhooks.conftest import Receiver, a_hook
from tests.webhooks.test_webhooks import tell
from workbench.models import EventKind

pytestmark = pytest.mark.django_db


def document() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((settings.BASE_DIR / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    return said


def shape(name: str) -> Draft202012Validator:
    said = document()
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": said["components"]})


@pytest.mark.parametrize("is_full", [False, True])
def test_headers_and_bodies_are_those_of_the_document(is_full: bool, ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver, is_full=is_full)
    case = ways.registered(ground)
    tell(1)
    cases.accept_case(case, actor=ground.dispatcher)
    tell(2)
    assert len(receiver.taken) == 2
    for headers, body in receiver.taken:
        shape("Headers").validate(headers)
        shape("Event").validate(json.loads(body))
    assert not shape("Event").is_valid(receiver.events[0] | {"extra": 1})


def test_the_document_names_every_kind_of_event() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["Data"]["properties"]["change"]["enum"] == EventKind.values
    assert schemas["Event"]["properties"]["type"]["enum"] == [f"zhongzhi.case.{kind}" for kind in EventKind.values]
