"""Alert rules and the board ask for metrics and labels that there are, and every fault has its alert."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.test_readiness import TABLE
from workbench.operations.health import PARTS
from workbench.operations.metrics import standing
from zhongzhi.web.metrics import REQUESTS, SECONDS, THROTTLED

FOLDER = settings.BASE_DIR / "deploy" / "monitoring"
NAME = re.compile(r"\bzhongzhi_[a-z_]+")
LABELS = re.compile(r"(?:by \(|\{)([a-z_, ]+)(?:\)|=)")
GIVEN = {"le", "job", "instance"}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in alerts())
    for panel in json.loads((FOLDER / "board.json").read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def offered() -> dict[str, set[str]]:
    """Names as Prometheus keeps them, with their labels; families without a sample have no labels to show."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(standing().decode()):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        found[name] = {label for sample in family.samples for label in sample.labels}
    for counter in (REQUESTS, THROTTLED):
        found[f"{counter._name}_total"] = set(counter._labelnames)
    found[f"{SECONDS._name}_bucket"] = {*SECONDS._labelnames, "le"}
    return found


@pytest.mark.django_db
def test_every_metric_that_is_asked_for_is_there() -> None:
    asked = {name for expression in expressions() for name in NAME.findall(expression)}
    assert asked <= set(offered()) | {"zhongzhi_beat_age_seconds"}
    assert asked >= {"zhongzhi_fault", "zhongzhi_up", "zhongzhi_rows_set_aside"}


def test_a_rule_says_whom_it_calls_and_what_for() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["annotations"]["summary"]


@pytest.mark.django_db
def test_what_expressions_group_by_is_a_label_of_their_metric() -> None:
    known = offered()
    for expression in expressions():
        labels = {label.strip() for found in LABELS.findall(expression) for label in found.split(",")} - GIVEN
        having = set().union(*(known.get(name, set()) for name in NAME.findall(expression)))
        missing = labels - having
        assert not missing or all(not known.get(name) for name in NAME.findall(expression)), (expression, missing)


def test_every_fault_of_readiness_has_a_name_that_is_counted() -> None:
    assert {name for name, _ in TABLE.values()} == set(PARTS)
