"""The same acts by the API: what a case, a mediation or a document names under `acts` is called with what a hand would
type, put into the words of the API."""

from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from rest_framework import serializers

from intake.available_actions import ACTS, Situation
from intake.models import Case
from referrals.available_actions import CASE_ACTS
from tests.desks.desk import Desk
from tests.desks.filling import Hand
from zhongzhi.web.act_table import Act

NOT_EMPTY = {"add-co-handlers": "co_handlers"}
"""Lists that the API may leave out of other acts, and that are all there is to this one."""


def act_by_api(desk: Desk, case: Case) -> bool:
    """Ask what may be done with the case, and do one of it; whether something was done."""
    answer = desk.client.get(f"/api/v1/cases/{case.code}/")
    desk.is_blind = answer.status_code == 404
    if desk.is_blind:
        return False
    if answer.status_code != 200:
        said = answer.content.decode()[:300]
        desk.found.faults.append(f"{desk.user.username}: {case.code} by API answers {answer.status_code}: {said}")
        return False
    named = [name for name in answer.json()["acts"] if _found(name) is not None]
    if not named:
        return False
    name = desk.choose(named)
    if not name:
        return False
    table, act = _found(name)  # type: ignore[misc]
    sent = Hand(desk.rng, desk.user, case, name).fill(table.form(act, case, for_=Situation(desk.user, case)))
    body = in_words_of_the_api(act, sent)
    if body is None:
        return False
    address = f"/api/v1/cases/{case.code}/{name}/"
    done = desk.client.post(address, body, content_type="application/json")
    if done.status_code in (200, 201, 204):
        desk.found.done[name] += 1
        desk.found.by_api[name] += 1
        return True
    desk.found.faults.append(
        f"{desk.user.username}: {name} named in acts of {case.code} ({case.status}), refused {done.status_code}: "
        f"{done.content.decode()[:300]} {body}"
    )
    return False


def _found(name: str) -> Any:
    """The table and the act, where the API has an address for it."""
    for table in (CASE_ACTS, ACTS):
        for act in table:
            if act.name == name and act.run is not None and act.in_api and _has_address(name):
                return table, act
    return None


def _has_address(name: str) -> bool:
    try:
        reverse(f"api:{name}", args=["ZJ1505262026062900001R"])
    except NoReverseMatch:
        return False
    return True


def in_words_of_the_api(act: Act[Any], sent: dict[str, Any]) -> dict[str, Any] | None:
    """The body of the call; None where the API asks for something that the dialog does not."""
    body: dict[str, Any] = {}
    for name, field in act.api_shape.serializer().fields.items():
        value = sent.get(name, "")
        if value in ("", []):
            if field.required:
                return None
            continue
        body[name] = _value(field, value)
    return body if NOT_EMPTY.get(act.name, "") in ("", *body) else None


def _value(field: Any, value: Any) -> Any:
    if isinstance(field, serializers.BooleanField):
        return value in ("yes", "on", True)
    if isinstance(field, serializers.PrimaryKeyRelatedField | serializers.IntegerField):
        return int(value)
    if isinstance(field, serializers.ManyRelatedField):
        return [int(one) for one in value]
    if isinstance(field, serializers.DateTimeField) and not isinstance(value, datetime):
        return timezone.make_aware(datetime.fromisoformat(str(value))).isoformat()
    return value.isoformat() if isinstance(value, date) else value
