"""Whatever stands in a parameter, an address or a body of the API: the answer is a refusal, never a fault of ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework import serializers

from tests.access.test_access import GAP
from tests.access.world import World, make_world
from zhongzhi.accounts.api import ApiView

ODD = ("²", "-1", "9" * 20, "1e400", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "%s%Y", "'\"_\\")
IN_BODIES = (*ODD, 2**63, None, [], {"a": 1}, [2**63])


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    settings.API_PERSON_PER_MINUTE = 10**6
    return make_world()


def views() -> Iterator[tuple[str, type[ApiView]]]:
    """Every address of the API with its view."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, type[ApiView]]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", None)
            if path.startswith("api/v1/") and view is not None and issubclass(view, ApiView):
                yield path, view


def filled(world: World, route: str) -> str:
    values = world.fill(route)
    return "/" + GAP.sub(lambda gap: str(values[gap[1]]), route)


def answer(caller: Client, method: str, path: str, data: Any = None) -> int:
    """The status; whatever was done is undone."""
    with transaction.atomic():
        if method == "GET":
            status = caller.get(path, data).status_code
        else:
            status = caller.generic(method, path, json.dumps(data), content_type="application/json").status_code
        transaction.set_rollback(True)
    return int(status)


def a_caller(world: World) -> Client:
    caller = Client(raise_request_exception=False)
    caller.force_login(world.ground.manager)
    return caller


def test_no_parameter_of_a_read_breaks_it(world: World) -> None:
    caller, faults = a_caller(world), []
    for route, view in views():
        if not hasattr(view, "get"):
            continue
        names = view().known_parameters
        paths = [(filled(world, route), {name: odd}) for name in sorted(names) for odd in ODD]
        faults += [(path, asked) for path, asked in paths if answer(caller, "GET", path, asked) >= 500]
    assert faults == []


def test_no_address_breaks(world: World) -> None:
    caller, faults = a_caller(world), []
    for route, view in views():
        for odd in (odd for odd in ODD if GAP.search(route)):
            path = "/" + GAP.sub(quote(odd), route)
            faults += [path] if answer(caller, "GET" if hasattr(view, "get") else "POST", path, {}) >= 500 else []
    assert faults == []


def test_no_value_in_a_body_breaks_an_act(world: World) -> None:
    caller, faults = a_caller(world), []
    for route, view in views():
        shape = getattr(view, "serializer_class", None)
        if not hasattr(view, "post") or shape is None or not issubclass(shape, serializers.Serializer):
            continue
        path, names = filled(world, route), list(shape().fields)
        for odd in IN_BODIES:
            faults += [(path, "all", odd)] if answer(caller, "POST", path, dict.fromkeys(names, odd)) >= 500 else []
        faults += [(path, "", odd) for odd in IN_BODIES[-5:] if answer(caller, "POST", path, odd) >= 500]
    assert faults == []


def test_a_parameter_that_is_not_known_is_refused_everywhere_with_the_nearest(world: World) -> None:
    caller = a_caller(world)
    for route, view in views():
        if not hasattr(view, "get"):
            continue
        assert answer(caller, "GET", filled(world, route), {"formatt": "json"}) in (400, 403, 404), route
    refused = caller.get("/api/v1/cases/", {"terrytory": "150526"}).json()
    assert refused["errors"] == {"terrytory": ["没有这个参数，是否为 territory？"]}
    assert caller.get("/api/v1/referrals/", {"ordering": "due"}).status_code == 400
