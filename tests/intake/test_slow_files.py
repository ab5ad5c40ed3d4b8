"""Files are checked and written anew while nothing is locked; who reports without a login is throttled before work."""

import io
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from grids.actions import add_file, report_hazard
from grids.entries import HazardEntry
from intake import actions
from intake.models import Case
from intake.public.actions import PublicReport, report_publicly
from tests.intake import ways
from tests.intake.test_citizen import photo
from tests.people import Ground, an_entry, make_ground
from zhongzhi.core.errors import RateLimited
from zhongzhi.files.models import StoredFile
from zhongzhi.web.throttle import Limit


class ReadWhile(SimpleUploadedFile):
    """A picture; while it is read, something else is tried from another connection."""

    def __init__(self, tried: Callable[[], None]) -> None:
        super().__init__("现场.jpg", photo().read())
        self.in_transaction: list[bool] = []
        read = self.file.read

        def telling(*size: int) -> bytes:
            if not self.in_transaction:
                tried()
            self.in_transaction.append(connection.in_atomic_block)
            return bytes(read(*size))

        self.file.read = telling


def attached(ground: Ground, upload: Any) -> None:
    actions.attach_file(ways.registered(ground), upload, actor=ground.clerk)


def reported(ground: Ground, upload: Any) -> None:
    call_command("open_public_reporting", centre="旗综治中心", stdout=io.StringIO())
    report_publicly(PublicReport("路灯坏了。", "150526103", agreed=1), [photo(), upload])


def seen_in_the_field(ground: Ground, upload: Any) -> None:
    hazard = report_hazard(HazardEntry("护栏缺失", "150526103200001"), actor=ground.grid_worker)
    add_file(hazard, upload, actor=ground.grid_worker)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keep", [attached, reported, seen_in_the_field])
def test_while_a_picture_is_written_anew_nothing_is_locked_and_others_register(
    keep: Callable[[Ground, Any], None],
) -> None:
    ground = make_ground()
    made: list[Case] = []

    def register() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        try:
            made.append(actions.register_case(an_entry(), actor=ground.clerk))
        finally:
            connection.close()

    def meanwhile() -> None:
        other = Thread(target=register)
        other.start()
        other.join()

    upload = ReadWhile(meanwhile)
    keep(ground, upload)
    assert len(made) == 1
    assert set(upload.in_transaction) == {False}
    assert StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_24_at_once_exactly_as_many_go_on_as_the_limit_says() -> None:
    cache.clear()
    limit, gate = Limit("race", times=10, seconds=86_400), Barrier(24)
    went_on: list[bool] = []

    def ask() -> None:
        gate.wait()
        try:
            limit.spend("198.51.100.7")
            went_on.append(True)
        except RateLimited:
            went_on.append(False)

    threads = [Thread(target=ask) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(went_on) == [False] * 14 + [True] * 10


@pytest.mark.django_db
def test_a_report_whose_picture_is_broken_counts_as_one(ground: Ground) -> None:
    cache.clear()
    call_command("open_public_reporting", centre="旗综治中心", stdout=io.StringIO())
    broken = photo().read()[:-200]
    sent = {"narrative": "路灯坏了。", "territory": "150526103", "version": "1", "agreed": "on"}
    statuses = [
        Client().post("/q/report/", {**sent, "photos": SimpleUploadedFile("a.jpg", broken)}).status_code
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]
    assert not Case.objects.exists()
    assert not StoredFile.objects.exists()
