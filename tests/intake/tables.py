"""Tables of calls as the police send them in the morning."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from intake.imports.actions import start_import, work_on_imports
from intake.imports.columns import columns_of
from intake.imports.models import ImportBatch, ImportKind, SenderWord
from tests.people import Ground
from zhongzhi.web.sheets import csv_lines, write_xlsx

POLICE = ImportKind.POLICE_CALL
PLACES = ("巨日合镇五家子村", "巨日合镇五道河子村", "鲁北镇南环社区")


def a_call(at: int, **changes: Any) -> dict[str, Any]:
    """One call of yesterday."""
    call = {
        "number": f"J20261123{at:05d}",
        "day": "2026-11-23 08:15",
        "person": f"王{at:03d}",
        "phone": f"138475{at:05d}",
        "place": PLACES[at % 3],
        "narrative": f"第{at}起：与邻居因宅基地边界发生争执，未动手。",
        "category": "0901",
        "risk": "蓝色",
    }
    return call | changes


def lines(kind: ImportKind, calls: list[dict[str, Any]]) -> list[list[Any]]:
    return [[call.get(column.name, "") for column in columns_of(kind)] for call in calls]


def xlsx(calls: list[dict[str, Any]], kind: ImportKind = POLICE) -> SimpleUploadedFile:
    content = write_xlsx("警情", columns_of(kind), lines(kind, calls)).read()
    return SimpleUploadedFile("昨日警情.xlsx", content)


def csv_file(calls: list[dict[str, Any]], encoding: str = "utf-8", kind: ImportKind = POLICE) -> SimpleUploadedFile:
    text = "".join(csv_lines(columns_of(kind), lines(kind, calls))).removeprefix("\ufeff")
    return SimpleUploadedFile("昨日警情.csv", text.encode(encoding))


def bad_calls() -> list[dict[str, Any]]:
    """Five calls that cannot be registered, each for a reason of its own: what happened, where, and its number are
    compulsory."""
    return [
        a_call(901, narrative=""),
        a_call(902, place="不存在的村"),
        a_call(903, number=""),
        a_call(904, number="2.02611E+14"),
        a_call(905, place="", narrative=""),
    ]


def unreadable_call() -> dict[str, Any]:
    """A call of which nothing can be read but what happened, where, and its number."""
    return a_call(906, phone="1234", day="昨天", category="9999", paper="152327196503152418")


def handed_in(
    ground: Ground,
    file: SimpleUploadedFile,
    kind: ImportKind = POLICE,
    *,
    who: str = "dispatcher",
    where: str = "county_centre",
) -> ImportBatch:
    """Handed in by the dispatcher of a centre and checked."""
    batch = start_import(kind, file, actor=getattr(ground, who), centre=getattr(ground, where))
    work_on_imports(seconds=30)
    batch.refresh_from_db()
    return batch


def stream(file: SimpleUploadedFile) -> BytesIO:
    return BytesIO(file.read())


def a_word(ground: Ground) -> SenderWord:
    """What somebody said of a place under a name of its own."""
    return SenderWord.objects.create(
        county=ground.county_centre.territory.code[:6],
        kind=POLICE,
        column="place",
        words="老七队",
        meaning="150526100",
        said_by=ground.dispatcher,
    )
