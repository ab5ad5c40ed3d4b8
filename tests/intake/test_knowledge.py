"""What the county knows of kinds of disputes: kept, put in as a table, searched, shown beside the case and while one
registers."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from intake.actions.knowledge import (
    KnowledgeFacts,
    add_knowledge,
    change_knowledge,
    end_knowledge,
    import_knowledge,
)
from intake.models import Knowledge
from intake.queries.knowledge import knowledge_about, search_knowledge
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
HEAD = "种类,标题,内容,来源,日期,纠纷类别\n"


@pytest.fixture(autouse=True)
def _empty(db: None) -> None:
    Knowledge.objects.all().delete()


def facts(title: str = "相邻关系", **changes: object) -> KnowledgeFacts:
    values = {"kind": "article", "text": "有利生产、方便生活", "source": "民法典", "dated_on": date(2021, 1, 1)}
    return KnowledgeFacts(title=title, **(values | {"categories": "09"} | changes))  # type: ignore[arg-type]


def test_the_closest_to_a_category_stands_first_and_other_kinds_are_left_out(ground: Ground) -> None:
    for title, categories in (("大类", "09"), ("小类", "0901,0202"), ("别类", "07"), ("各类", "")):
        add_knowledge(facts(title, categories=categories), actor=ground.system_admin)
    assert [row.title for row in knowledge_about("0901")] == ["小类", "大类"]
    assert knowledge_about("") == []


def test_it_is_found_by_words_of_title_text_or_source(ground: Ground) -> None:
    add_knowledge(facts(), actor=ground.system_admin)
    for words in ("相邻", "方便生活 民法典", "關係"):
        assert [row.title for row in search_knowledge(words)] == ["相邻关系"]
    assert search_knowledge("欠薪") == []
    assert search_knowledge("", kind="example") == []


def test_it_is_changed_and_ended_and_the_trail_says_so(ground: Ground) -> None:
    row = add_knowledge(facts(), actor=ground.system_admin)
    change_knowledge(row.pk, facts("相邻关系二"), actor=ground.system_admin)
    end_knowledge(row.pk, actor=ground.system_admin)
    assert [entry.verb for entry in trail_of(row)] == ["knowledge_added", "knowledge_changed", "knowledge_ended"]
    assert search_knowledge("相邻") == []
    with pytest.raises(InvalidTransition):
        end_knowledge(row.pk, actor=ground.system_admin)
    with pytest.raises(NotFound):
        end_knowledge(row.pk + 1, actor=ground.system_admin)


def test_the_same_title_twice_and_a_category_that_is_none_are_refused(ground: Ground) -> None:
    add_knowledge(facts(), actor=ground.system_admin)
    for wrong in (facts(), facts("又", categories="9999"), facts("又", kind="poem")):
        with pytest.raises(RuleViolation):
            add_knowledge(wrong, actor=ground.system_admin)
    assert Knowledge.objects.count() == 1


def test_a_table_is_put_in_whole_or_not_at_all(ground: Ground) -> None:
    add_knowledge(facts(), actor=ground.system_admin)
    good = HEAD + "法条,相邻关系,新的内容,民法典,2021-01-01,09\n案例,退让半尺,双方各让半尺,2025 年第 3 号,2025-03-01,\n"
    assert import_knowledge(BytesIO(good.encode()), "表.csv", actor=ground.system_admin) == 2
    assert Knowledge.objects.get(title="相邻关系").text == "新的内容"
    bad = HEAD + "法条,第三条,内容,来源,2021-01-01,\n法条,第四条,内容,来源,去年,\n"
    with pytest.raises(BadInput, match="第 3 行"):
        import_knowledge(BytesIO(bad.encode()), "表.csv", actor=ground.system_admin)
    assert not Knowledge.objects.filter(title="第三条").exists()


def test_who_does_not_keep_it_changes_nothing(ground: Ground, client: Client) -> None:
    with pytest.raises(PermissionDenied):
        add_knowledge(facts(), actor=ground.manager)
    client.force_login(ground.manager)
    assert client.get("/system/knowledge/").status_code == 403


def test_it_stands_beside_the_case_and_the_page_of_registration(ground: Ground, client: Client) -> None:
    row = add_knowledge(facts(), actor=ground.system_admin)
    case = ways.registered(ground, category="0901")
    client.force_login(ground.clerk)
    assert f"/knowledge/{row.pk}/" in client.get(f"/cases/{case.code}/").content.decode()
    assert "民法典" in client.get(f"/knowledge/{row.pk}/").content.decode()
    typed = client.post("/cases/parts/suggestions/", {"category": "0901"}).content.decode()
    assert "这一类可以参考" in typed
    assert "相邻关系" in client.get("/knowledge/?q=相邻&kind=article&category=09").content.decode()


def test_the_pages_add_change_import_and_end(ground: Ground, client: Client) -> None:
    client.force_login(ground.system_admin)
    given = {"kind": "text", "title": "告知书范本", "text": "您好", "source": "本局", "dated_on": "2026-01-01"}
    assert client.post("/system/knowledge/new/", given).status_code == 302
    row = Knowledge.objects.get()
    assert client.post(f"/system/knowledge/{row.pk}/", given | {"text": "改了"}).status_code == 302
    table = SimpleUploadedFile("表.csv", (HEAD + "案例,例一,内容,来源,2025-03-01,09\n").encode())
    assert client.post("/system/knowledge/import/", {"file": table}).status_code == 302
    assert client.post(f"/system/knowledge/{row.pk}/end/").status_code == 302
    assert [one.title for one in search_knowledge("")] == ["例一"]
    assert "例一" in client.get("/system/knowledge/").content.decode()


def test_what_is_shipped_is_loaded_once(ground: Ground) -> None:
    call_command("load_knowledge", verbosity=0)
    call_command("load_knowledge", verbosity=0)
    assert search_knowledge("司法确认")[0].dated_on == date(2011, 1, 1)
    assert knowledge_about("0751")[0].source == "保障农民工工资支付条例"
