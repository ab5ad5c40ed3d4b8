"""The list of cases: columns, views, export; the box at the head; the lists of follow-ups and hung-up cases."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import actions
from intake.entries import PartyEntry
from intake.models import SavedView
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.web import lists
from zhongzhi.web.written_days import short_day

pytestmark = pytest.mark.django_db
LIST, EXPORT = "/cases/", "/cases/export/"
FORMULA = "=HYPERLINK(1)"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
        assert answer.status_code == 200
        if answer.streaming:
            body(answer)
    return len(caught)


# --- columns and views -----------------------------------------------------------------------------------


def test_columns_are_chosen_in_the_address_and_stay_there(ground: Ground) -> None:
    ways.registered(ground)
    page = text(signed_in(ground.clerk).get(LIST, {"columns": ["channel", "category"], "status": "registered"}))
    assert "土地及资源权属纠纷/土地承包经营" in page
    assert '<th scope="col" data-col="channel">来源渠道</th>' in page
    assert '<th scope="col" data-col="risk">' not in page
    assert 'name="columns" value="channel"' in page


def test_a_column_that_is_none_is_refused(ground: Ground) -> None:
    assert signed_in(ground.clerk).get(LIST, {"columns": "password"}).status_code == 400


def test_a_view_is_kept_found_taken_anew_and_thrown_away(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    address = "status=registered&risk=red&columns=risk&cursor=abc&foreign=1"
    answer = clerk.post("/cases/views/", {"name": "红色", "address": address})
    assert answer["Location"] == "/cases/?status=registered&risk=red&columns=risk"
    assert "红色" in text(clerk.get(LIST))
    clerk.post("/cases/views/", {"name": "红色", "address": "risk=orange"})
    view = SavedView.objects.get()
    assert view.address == "risk=orange"
    assert "红色" not in text(signed_in(ground.dispatcher).get(LIST))
    assert signed_in(ground.dispatcher).post(f"/cases/views/{view.pk}/discard/").status_code == 404
    clerk.post(f"/cases/views/{view.pk}/discard/")
    assert not SavedView.objects.exists()


def test_a_view_is_shared_in_an_organisation_and_thrown_away_by_its_author_alone(ground: Ground) -> None:
    dispatcher, clerk = signed_in(ground.dispatcher), signed_in(ground.clerk)
    sent = {"name": "本周红色", "address": "risk=red", "shared_with": str(ground.county_centre.pk)}
    dispatcher.post("/cases/views/", sent)
    view = SavedView.objects.get()
    assert 'href="/cases/?risk=red"' in text(clerk.get(LIST))
    assert f"/cases/views/{view.pk}/discard/" in text(dispatcher.get(LIST))
    assert f"/cases/views/{view.pk}/discard/" not in text(clerk.get(LIST))
    assert "本周红色" not in text(signed_in(ground.handler).get(LIST))
    assert clerk.post(f"/cases/views/{view.pk}/discard/").status_code == 404
    refused = signed_in(ground.handler).post("/cases/views/", sent, follow=True)
    assert "只能共享给自己任职的单位" in text(refused)
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "长" * 21])
def test_a_view_needs_a_short_name(name: str, ground: Ground) -> None:
    signed_in(ground.clerk).post("/cases/views/", {"name": name, "address": ""})
    assert not SavedView.objects.exists()


def test_twenty_views_are_enough(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    for n in range(21):
        answer = clerk.post("/cases/views/", {"name": f"视图{n}", "address": ""}, follow=True)
    assert "最多保存 20 个视图" in text(answer)
    assert SavedView.objects.count() == 20


def test_filters_of_hung_up_and_repeated_cases(ground: Ground) -> None:
    first, second = ways.handling(ground, title="第一件"), ways.registered(ground, title="第二件")
    day = timezone.localdate() + timedelta(days=9)
    actions.put_on_open_list(first, actor=ground.manager, reason="历史遗留", review_on=day)
    actions.link_repeat(second, actor=ground.clerk, earlier=str(first.code))
    clerk = signed_in(ground.clerk)

    def titles(query: str) -> list[str]:
        return [row.case.title for row in clerk.get(LIST + query).context["rows"]]

    assert titles("?hung_up=true") == ["第一件"]
    assert titles("?hung_up=false") == ["第二件"]
    assert titles("?repeat=true") == ["第二件"]
    assert titles("?q=%E7%AC%AC%E4%BA%8C") == ["第二件"]


# --- order, total, filters in use -------------------------------------------------------------------------


def titles_of(client: Client, query: str) -> list[str]:
    return [row.case.title for row in client.get(LIST + query).context["rows"]]


def test_a_head_orders_either_way_and_nothing_is_left_out(ground: Ground) -> None:
    ways.registered(ground, title="小额", amount=Decimal(10))
    ways.closed(ground, title="没有金额", amount=None)
    ways.registered(ground, title="大额", amount=Decimal(900))
    clerk = signed_in(ground.clerk)
    assert titles_of(clerk, "") == ["大额", "没有金额", "小额"]
    assert titles_of(clerk, "?ordering=old") == ["小额", "没有金额", "大额"]
    assert titles_of(clerk, "?ordering=-amount") == ["大额", "小额", "没有金额"]
    assert titles_of(clerk, "?ordering=amount") == ["小额", "大额", "没有金额"]
    assert sorted(titles_of(clerk, "?ordering=due")) == sorted(titles_of(clerk, ""))
    assert titles_of(clerk, "?ordering=nothing") == titles_of(clerk, "")


def test_the_head_says_which_way_the_list_stands_and_turns_it(ground: Ground) -> None:
    ways.registered(ground)
    page = text(signed_in(ground.clerk).get(LIST, {"columns": ["amount", "due"], "ordering": "-amount"}))
    head = '<th scope="col" data-col="amount" aria-sort="descending">'
    assert f'{head}<a href="?columns=amount&amp;columns=due&amp;ordering=amount">' in page
    assert '<a href="?columns=amount&amp;columns=due&amp;ordering=due">时限' in page


def test_of_many_cases_those_by_deadline_say_what_they_leave_out(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways.registered(ground, title="时限在走")
    ways.closed(ground, title="已办结")
    ways.closed(ground, title="也办结")
    clerk = signed_in(ground.clerk)
    monkeypatch.setattr("zhongzhi.web.lists.MOST_COUNTED", 2)
    answer = clerk.get(LIST, {"ordering": "due"})
    assert "时限在走" in text(answer)
    assert "其余没有时限，不在此列" in text(answer)
    assert "共 2 件以上" in text(answer)
    refused = clerk.get(LIST, {"ordering": "amount"})
    assert "不能按“金额从小到大”排序" in text(refused)
    assert [row.case.title for row in refused.context["rows"]] == titles_of(clerk, "")


def test_the_page_says_how_many_there_are(ground: Ground) -> None:
    ways.copies(ways.registered(ground), 4)
    assert "共 5 件" in text(signed_in(ground.clerk).get(LIST))
    assert "共 0 件" in text(signed_in(ground.clerk).get(LIST, {"status": "closed"}))


def test_each_filter_in_use_is_named_with_the_way_out_of_it(ground: Ground) -> None:
    ways.registered(ground)
    bureau = ground.justice_bureau
    query = {"status": ["registered", "accepted"], "risk": "red", "holder": bureau.pk, "ordering": "due", "cursor": ""}
    found = signed_in(ground.clerk).get(LIST, query).context["filters"]
    chips = {chip.label: chip for chip in lists.chips_of(list(found.form), found.data)}
    assert {label: chip.words for label, chip in chips.items()} == {
        "状态": "已登记、已受理",
        "风险等级": "红",
        "办理单位": bureau.name,
    }
    assert chips["风险等级"].without == f"status=registered&status=accepted&holder={bureau.pk}&ordering=due"


def test_a_refused_filter_is_no_filter_in_use(ground: Ground) -> None:
    page = text(signed_in(ground.clerk).get(LIST, {"category": "9999"}))
    assert "没有代码为 9999 的纠纷类别" in page
    assert "正在使用的筛选" not in page


def test_the_export_has_the_order_of_the_list(ground: Ground) -> None:
    for title, amount in (("小额", 10), ("大额", 900)):
        ways.registered(ground, title=title, amount=Decimal(amount))
    for order in ("new", "old", "amount", "-amount", "due", "-due"):
        answer = signed_in(ground.clerk).get(EXPORT, {"ordering": order, "format": "csv"})
        rows = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))
        assert [row[1] for row in rows[1:]] == titles_of(signed_in(ground.clerk), f"?ordering={order}")


# --- export ----------------------------------------------------------------------------------------------


def test_the_export_holds_the_selection_with_its_columns_and_no_formula(ground: Ground) -> None:
    ways.registered(ground, title=FORMULA, parties=(PartyEntry(name="+王某"),))
    ways.accepted(ground)
    answer = signed_in(ground.clerk).get(EXPORT, {"status": "registered", "columns": "applicants", "format": "csv"})
    rows = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert rows[0] == ["编号", "标题", "申请人"]
    assert [row[1:] for row in rows[1:]] == [[f"'{FORMULA}", "'+王某"]]
    assert "attachment" in answer["Content-Disposition"]

    answer = signed_in(ground.clerk).get(EXPORT, {"status": "registered", "columns": "applicants"})
    sheet = openpyxl.load_workbook(io.BytesIO(body(answer))).active
    assert sheet is not None
    cell = sheet["B2"]
    assert (cell.value, cell.data_type) == (FORMULA, "s")
    assert sheet.max_row == 2


def test_names_are_masked_in_the_export_as_they_are_on_the_page(ground: Ground) -> None:
    ways.registered(ground)
    for user, name in ((ground.clerk, "岳某某"), (ground.leader, "岳*某")):
        assert name in body(signed_in(user).get(EXPORT, {"format": "csv"})).decode()
    assert "岳" not in body(signed_in(ground.stranger).get(EXPORT, {"format": "csv"})).decode()


def test_who_takes_cases_out_is_recorded(ground: Ground) -> None:
    signed_in(ground.clerk).get(EXPORT, {"q": "13847500001", "format": "csv"})
    entry = TrailEntry.objects.get(verb="cases_exported")
    assert (entry.actor_id, entry.facts["filters"]) == (ground.clerk.pk, ["q"])
    assert "13847500001" not in str(entry.facts)


def test_bad_filters_and_formats_are_refused(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    for query in ({"format": "pdf"}, {"status": "nothing"}, {"columns": "x"}):
        assert clerk.get(EXPORT, query).status_code == 400
    assert not TrailEntry.objects.filter(verb="cases_exported").exists()


def test_list_box_and_export_cost_the_same_however_many_rows(ground: Ground) -> None:
    clerk, case = signed_in(ground.clerk), ways.registered(ground)
    paths = [LIST, LIST + "?columns=category&columns=centre&columns=amount", EXPORT + "?format=csv"]
    ways.copies(case, 5)
    clerk.get("/")
    few = [count(clerk, path) for path in paths]
    ways.copies(case, 24, after=100)
    assert [count(clerk, path) for path in paths] == few


# --- the box at the head ---------------------------------------------------------------------------------


def test_the_box_finds_the_first_cases_and_says_how_to_search(ground: Ground) -> None:
    case = ways.registered(ground)
    clerk = signed_in(ground.clerk)
    found = text(clerk.post("/cases/parts/search/", {"q": "yyy"}))
    assert "没有找到" in found
    for typed in ("土地", "13847500001", "152327196503152419", "ymm", str(case.code)):
        assert f"/cases/{case.code}/" in text(clerk.post("/cases/parts/search/", {"q": typed})), typed
    assert text(clerk.post("/cases/parts/search/", {"q": "土"})).strip() == ""
    assert str(case.code) not in text(signed_in(ground.stranger).post("/cases/parts/search/", {"q": "土地"}))
    assert clerk.get("/cases/parts/search/").status_code == 405


# --- lists of their own ----------------------------------------------------------------------------------


def test_closed_cases_wait_on_the_follow_up_list_until_somebody_was_reached(ground: Ground) -> None:
    case = ways.closed(ground)
    clerk = signed_in(ground.clerk)
    assert str(case.code) in text(clerk.get("/cases/follow-up/"))
    assert [s.total for s in clerk.get("/").context["sections"] if s.name == "follow-up"] == [1]
    form = {"way": "phone", "reached": "yes", "satisfaction": "5", "performance": "done", "version": case.version}
    answer = clerk.post(f"/cases/{case.code}/acts/follow-up/?back=follow-up", form)
    assert answer["HX-Redirect"] == "/cases/follow-up/"
    assert "办结的案件都已回访" in text(clerk.get("/cases/follow-up/"))
    assert case.follow_ups.get().satisfaction == 5


def test_a_follow_up_that_says_too_little_is_told_at_its_field(ground: Ground) -> None:
    case = ways.closed(ground)
    answer = signed_in(ground.clerk).post(f"/cases/{case.code}/acts/follow-up/", {"way": "phone", "reached": "yes"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["performance"]
    assert not case.follow_ups.exists()


def test_the_open_list_shows_reason_and_day_of_review(ground: Ground) -> None:
    case = ways.handling(ground)
    day = timezone.localdate() + timedelta(days=9)
    form = {"reason": "权属待上级裁定", "review_on": day.isoformat(), "version": case.version}
    signed_in(ground.manager).post(f"/cases/{case.code}/acts/hang-up/", form)
    page = text(signed_in(ground.leader).get("/cases/hung-up/"))
    assert "权属待上级裁定" in page
    assert short_day(day) in page
    assert str(case.code) not in text(signed_in(ground.stranger).get("/cases/hung-up/"))


def test_these_lists_cost_the_same_however_many_rows(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    day = timezone.localdate() + timedelta(days=9)

    def more() -> None:
        ways.closed(ground)
        actions.put_on_open_list(ways.handling(ground), actor=ground.manager, reason="x", review_on=day)

    more()
    clerk.get("/")
    few = [count(clerk, path) for path in ("/cases/follow-up/", "/cases/hung-up/")]
    for _ in range(4):
        more()
    assert [count(clerk, path) for path in ("/cases/follow-up/", "/cases/hung-up/")] == few
