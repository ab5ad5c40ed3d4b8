"""Words of the forms are data of the county: from a day on, checked, previewed; what was signed keeps its own."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mediation import actions
from mediation.actions import change_wording
from mediation.documents import papers_of
from mediation.documents.instruments import INSTRUMENTS
from mediation.documents.wording import FORM_TEXTS, form_text, mode_of
from mediation.models import Mediation, Mode, PaperWording
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
LIST, COPIES = "/mediation/wording/", "/mediation/wording/copies/all/"


def tomorrow(days: int = 1) -> date:
    return timezone.localdate() + timedelta(days=days)


def says(mediation: Mediation, key: str) -> str:
    fresh = Mediation.objects.get(pk=mediation.pk)
    return "\n".join(next(paper for paper in papers_of(fresh) if paper.key.startswith(key)).texts())


def test_the_systems_own_words_can_all_be_read_and_name_their_kind_of_mediation() -> None:
    for text in FORM_TEXTS.values():
        for mode in text.modes:
            assert text.example(text.own_words(mode), field="text")
    assert mode_of(Mode.BRANDED) == Mode.PEOPLES and set(FORM_TEXTS["effect"].modes) == set(INSTRUMENTS) - {
        Mode.BRANDED
    }
    assert "行政机关" in FORM_TEXTS["effect"].own_words(Mode.ADMINISTRATIVE)
    for key, mode in (("nonsense", ""), ("copies", Mode.PEOPLES), ("effect", ""), ("effect", Mode.BRANDED)):
        with pytest.raises(NotFound):
            form_text(key, mode)


def test_a_draft_has_the_words_of_its_day_and_what_was_signed_keeps_them(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.drafted(ground, mediation)
    change_wording("copies", "", actor=ground.manager, text="共印{{ copies }}份。", starts_on=tomorrow())
    own = "当事人各执一份，调解组织存档一份"
    assert own in says(mediation, "agreement-draft")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "共印" in says(mediation, "agreement-draft")
        assert own not in says(mediation, "agreement-draft")
    actions.sign_agreement(agreement, ways.all_signatures(agreement)[:1], actor=ground.town_mediator)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert own in says(mediation, "agreement-draft")


def test_each_kind_of_mediation_has_its_own_words(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    PaperWording.objects.create(
        key="rights", mode=Mode.ADMINISTRATIVE, text="{{ name }}：您可以申请{{ mediator }}回避。",
        starts_on=timezone.localdate() - timedelta(days=30), set_by=ground.manager,
    )  # fmt: skip
    assert "人民调解法第二十三条" in says(mediation, "rights")
    Mediation.objects.filter(pk=mediation.pk).update(mode=Mode.ADMINISTRATIVE)
    assert "行政调解：您可以申请行政调解人员回避。" in says(mediation, "rights")


def test_words_cost_one_query_however_many_versions_there_are(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            papers_of(Mediation.objects.get(pk=mediation.pk))
        return len(queries)

    before = cost()
    for n in range(1, 6):
        change_wording("application", "", actor=ground.manager, text=f"第{n}版", starts_on=tomorrow(n))
    assert cost() == before


BAD: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text"), ({"text": "长" * 5001}, "text"), ({"text": "{{ nonsense }}"}, "text"),
    ({"text": "{% for a in name %}{% for b in name %}x{% endfor %}{% endfor %}"}, "text"),
    ({"text": "{{ 'x' * 1000000000 }}"}, "text"), ({"text": "{{ name"}, "text"), ({"text": "{{ '' }}"}, "text"),
    ({"starts_on": "2020-01-01"}, "starts_on"), ({"starts_on": "2026-02-30"}, "starts_on"),
    ({"source": "据" * 151}, "source"),
]  # fmt: skip


def test_bad_words_are_refused_at_their_field_and_nothing_is_kept(ground: Ground) -> None:
    manager = signed_in(ground.manager)
    good = {"text": "一式{{ copies }}份。", "starts_on": f"{tomorrow()}", "source": ""}
    for changes, field in BAD:
        answer = manager.post(COPIES, good | changes)
        assert answer.status_code == 422 and field in answer.context["form"].errors, changes
    answer = manager.post(COPIES, good | {"starts_on": f"{timezone.localdate()}"})
    assert "最早从明天起启用" in answer.content.decode()
    assert not PaperWording.objects.exists() and not TrailEntry.objects.filter(verb="paper_wording_changed").exists()


def test_a_version_that_has_not_begun_is_changed_one_that_has_never(ground: Ground) -> None:
    for text in ("一式{{ copies }}份。", "各执一份，共{{ copies }}份。"):
        assert signed_in(ground.manager).post(COPIES, {"text": text, "starts_on": f"{tomorrow()}"}).status_code == 302
    assert [row.text for row in PaperWording.objects.all()] == ["各执一份，共{{ copies }}份。"]
    assert TrailEntry.objects.filter(verb="paper_wording_changed").count() == 2
    page = signed_in(ground.manager).get(COPIES).content.decode()
    assert "待启用" in page and "李建国" in page and "系统原文" in signed_in(ground.manager).get(LIST).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=1)), pytest.raises(RuleViolation) as refused:
        change_wording("copies", "", actor=ground.manager, text="改写过去", starts_on=timezone.localdate())
    assert refused.value.field == "starts_on"


def test_the_preview_fills_in_examples_or_says_what_is_wrong(ground: Ground) -> None:
    manager = signed_in(ground.manager)
    told = manager.post(f"{COPIES}preview/", {"text": "本协议一式{{ copies }}份。"}).content.decode()
    assert "本协议一式3份。" in told
    wrong = manager.post(f"{COPIES}preview/", {"text": "{{ nonsense }}"}).content.decode()
    assert "可用的词" in wrong and "copies" in wrong
    assert "没有写出任何文字" in manager.post(f"{COPIES}preview/").content.decode()
    assert manager.post("/mediation/wording/copies/nonsense/preview/").status_code == 404


def test_only_who_changes_kinds_of_documents_words_the_forms(ground: Ground) -> None:
    for who in ("clerk", "dispatcher", "leader", "town_manager", "handler", "auditor", "security_admin"):
        person = signed_in(ground.people[who])
        assert person.get(LIST).status_code == 200 and person.get(COPIES).status_code == 403, who
        assert person.post(COPIES, {"text": "改", "starts_on": f"{tomorrow()}"}).status_code == 403
        assert person.post(f"{COPIES}preview/", {"text": "改"}).status_code == 403
    with pytest.raises(PermissionDenied):
        change_wording("copies", "", actor=ground.town_manager, text="改", starts_on=tomorrow())
    assert signed_in(ground.system_admin).get(COPIES).status_code == 200
    assert signed_in(ground.system_admin).get("/mediation/wording/copies/peoples/").status_code == 404
