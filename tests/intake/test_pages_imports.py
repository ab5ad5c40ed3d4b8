"""The pages of imports: handed in, watched, confirmed, cancelled; only by the window of the centre."""

from io import BytesIO

import pytest

from intake.imports.actions import confirm_import, work_on_imports
from intake.imports.columns import columns_of
from intake.imports.models import ImportBatch, ImportKind
from intake.models import Case
from tests.browsing import signed_in
from tests.intake.tables import POLICE, a_call, bad_calls, handed_in, xlsx
from tests.people import Ground
from zhongzhi.web.sheets import Sheet

pytestmark = pytest.mark.django_db


def test_a_table_is_handed_in_checked_confirmed_and_done(ground: Ground) -> None:
    client = signed_in(ground.dispatcher)
    page = client.get("/cases/imports/")
    assert "还没有导入过" in page.content.decode()
    uid = page.context["form"].initial["uid"]
    sent = {"uid": uid, "kind": POLICE, "centre": ground.county_centre.pk, "file": xlsx([a_call(1), *bad_calls()])}
    answer = client.post("/cases/imports/", sent)
    address = f"/cases/imports/{uid}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    watching = client.get(address).content.decode()
    assert 'hx-trigger="every 1s"' in watching
    assert "正在逐行检查" in watching
    work_on_imports(seconds=30)
    checked = client.get(f"{address}progress/").content.decode()
    assert "every 1s" not in checked
    for words in ("只导入无误的 1 行", "第 4 行", "发生地", "王001"):
        assert words in checked
    client.post(f"{address}confirm/", {"mode": "all"})
    assert ImportBatch.objects.get().state == "checked"
    client.post(f"{address}confirm/", {"mode": "valid"})
    work_on_imports(seconds=30)
    done = client.get(address).content.decode()
    assert "新登记 1 件" in done
    assert "王001" not in done
    remarks = b"".join(client.get(f"{address}remarks/").streaming_content).decode()
    assert remarks.count("\n") == 7
    assert Case.objects.count() == 1


def test_a_cancelled_import_is_gone_from_work(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1)]))
    signed_in(ground.clerk).post(f"/cases/imports/{batch.uid}/cancel/")
    batch.refresh_from_db()
    assert batch.state == "cancelled"


def test_a_wrong_file_is_told_at_its_field(ground: Ground) -> None:
    client = signed_in(ground.dispatcher)
    sent = {"uid": "00000000-0000-4000-8000-000000000000", "kind": POLICE, "centre": ground.county_centre.pk}
    assert client.post("/cases/imports/", sent).status_code == 422
    broken = BytesIO(b"PK\x03\x04not a table")
    broken.name = "a.xlsx"
    answer = client.post("/cases/imports/", {**sent, "file": broken})
    assert (answer.status_code, ImportBatch.objects.count()) == (422, 0)
    assert "invalid-feedback" in answer.content.decode()


@pytest.mark.parametrize("kind", ImportKind.values)
def test_the_template_can_be_read_back(ground: Ground, kind: str) -> None:
    answer = signed_in(ground.clerk).get(f"/cases/imports/templates/{kind}/")
    columns = columns_of(ImportKind(kind))
    sheet = Sheet(BytesIO(b"".join(answer.streaming_content)), "a.xlsx", columns)
    assert sheet.columns == tuple(column.name for column in columns)
    batch = handed_in(ground, xlsx([], ImportKind(kind)), ImportKind(kind))
    assert batch.state == "failed"


@pytest.mark.parametrize(("who", "status"), [("clerk", 200), ("handler", 403), ("leader", 403), ("grid_worker", 403)])
def test_who_may_open_the_page(ground: Ground, who: str, status: int) -> None:
    assert signed_in(ground.people[who]).get("/cases/imports/").status_code == status


def test_imports_of_another_centre_are_not_there(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1)]))
    for who in ("town_dispatcher", "stranger"):
        client = signed_in(ground.people[who])
        assert client.get(f"/cases/imports/{batch.uid}/").status_code == 404
        assert client.post(f"/cases/imports/{batch.uid}/confirm/", {"mode": "all"}).status_code == 404
    assert not signed_in(ground.town_dispatcher).get("/cases/imports/").context["page"].items


@pytest.mark.parametrize("number", [2, 12])
def test_the_list_asks_the_same_however_many_there_are(
    ground: Ground, number: int, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for at in range(number):
        handed_in(ground, xlsx([a_call(at)]))
    client = signed_in(ground.dispatcher)
    with django_assert_max_num_queries(9):
        assert len(client.get("/cases/imports/").context["page"].items) == number


def test_the_page_of_one_import_asks_the_same_however_many_remarks(
    ground: Ground, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    confirm_import(handed_in(ground, xlsx([a_call(at) for at in range(40)])), actor=ground.dispatcher, mode="all")
    work_on_imports(seconds=30)
    few = handed_in(ground, xlsx([a_call(1), a_call(99)]))
    many = handed_in(ground, xlsx([a_call(at) for at in range(40)]))
    client = signed_in(ground.dispatcher)
    for batch in (few, many):
        with django_assert_max_num_queries(8):
            client.get(f"/cases/imports/{batch.uid}/")
