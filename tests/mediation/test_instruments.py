"""Papers of a mediation: its own instrument, drafts to be signed, clauses from obligations, the form of the court."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from intake.entries import PartyEntry
from mediation import actions
from mediation.actions import LandDraft, ObligationDraft
from mediation.documents import Paper, papers_of, write_paper
from mediation.forms.agreement import rows_of
from mediation.models import BOUNDS, Mediation, Mode, Obligation
from tests.intake.api import as_person
from tests.mediation import ways
from tests.mediation.ways import House
from tests.office.sheets import BOTH, as_pdfs, bare, lines_of, shown, words_of
from tests.people import Ground
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
PEOPLES_ONLY = ("人民调解协议", "人民调解员", "人民调解委员会印章", "人民调解法")


def paper(mediation: Mediation, key: str) -> Paper:
    return next(found for found in papers_of(mediation) if found.key.startswith(key))


def words(found: Paper) -> str:
    return "\n".join(found.texts())


def a_draft(ground: Ground, house: House, mode: str = Mode.PEOPLES) -> Mediation:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    ways.drafted(ground, mediation)
    Mediation.objects.filter(pk=mediation.pk).update(mode=mode)
    return Mediation.objects.get(pk=mediation.pk)


def test_a_draft_can_be_printed_for_signature_and_is_marked_as_one(ground: Ground, house: House) -> None:
    mediation = a_draft(ground, house)
    found = paper(mediation, "agreement-draft")
    text = words(found)
    assert found.stage.startswith("草稿") and found.title == "人民调解协议书"
    assert "生效时编号" in found.number and "本协议于" not in text
    for name in ("岳某某", "付某", "徐某", "乌云", "巨日合镇人民调解委员会"):
        assert any(name in who and "＿＿" in note for who, note in found.blocks[-1].lines)
    client = Client()
    client.force_login(ground.town_mediator)
    for way in ("", "docx/"):
        assert client.get(f"/mediation/{mediation.uid}/file/agreement-draft/{way}").status_code == 200
    assert "打印草稿供签署" in client.get(f"/mediation/{mediation.uid}/").content.decode()


def test_what_is_signed_is_no_draft_any_more(ground: Ground, house: House) -> None:
    mediation = ways.in_force(ground, ways.running(ground, house)).mediation
    assert not any(found.key == "agreement-draft" for found in papers_of(mediation))
    found = paper(mediation, "agreement")
    assert found.stage == "" and "本协议于" in words(found)


@pytest.mark.parametrize("mode", [m for m in Mode if m not in (Mode.PEOPLES, Mode.BRANDED)])
def test_no_other_kind_of_mediation_borrows_the_words_of_peoples_mediation(
    mode: str, ground: Ground, house: House
) -> None:
    mediation = a_draft(ground, house, mode)
    for found in papers_of(mediation):
        if found.key in ("agreement-draft", "register", "rights", "application", "cover") or "record" in found.key:
            text = words(found).replace("巨日合镇人民调解委员会", "")
            assert [word for word in PEOPLES_ONLY if word in text] == [], (mode, found.key)
            assert not found.title.startswith("人民调解")
    text = words(paper(mediation, "agreement-draft"))
    assert ("民事调解书" in text) == (mode == Mode.JUDICIAL)
    assert ("司法确认（" in text) == (mode != Mode.JUDICIAL)


def test_money_is_written_in_figures_and_words_with_its_instalments(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    today = timezone.localdate()
    debt = ways.money(ground, mediation, "300.50", (today, "100.50"), (today + timedelta(days=9), "200"))
    ways.drafted(ground, mediation, obligations=[*ways.obligations(mediation.case), debt])
    text = words(paper(mediation, "agreement-draft"))
    assert "人民币300.50元（大写：叁佰元零伍角）" in text and "分2期支付：第1期" in text
    assert "一、付某于" in text and "界址" in text


def test_the_application_to_the_court_has_the_courts_form_and_no_state_of_ours(ground: Ground, house: House) -> None:
    agreement = ways.in_force(ground, ways.running(ground, house))
    everyone = [str(p.uid) for p in agreement.mediation.case.parties.filter(role="principal")]
    today = timezone.localdate()
    actions.apply_for_confirmation(
        agreement, actor=ground.town_mediator, court=house.court, applicants=everyone, on=today
    )
    actions.record_acceptance(
        agreement.confirmations.get(), actor=ground.town_mediator, accepted=False, on=today, refusal="内容不明确"
    )
    found = paper(agreement.mediation, "confirmation-")
    text = words(found)
    for needed in ("请求事项", "事实和理由", "此致", house.court.name, str(agreement.number), "恶意串通"):
        assert needed in text
    assert not any(state in text for state in ("不予受理", "办理状态", "已申请"))
    services = [p for p in papers_of(agreement.mediation) if p.key.startswith("service-")]
    assert len(services) == 3 and all("送达地址" in words(p) for p in services)


def a_minor(ground: Ground, house: House) -> Mediation:
    """A child that was hurt, who acts through the father."""
    child = PartyEntry(name="小张", paper_number="15232620150101241X", phone="13847500011")
    guardian = PartyEntry(name="张大山", role="guardian", represents=0, phone="13847500012")
    other = PartyEntry(side="respondent", name="付某", phone="13847500013")
    mediation = ways.running(ground, house, ways.accepted(ground, parties=(child, guardian, other)))
    rows = list(mediation.case.parties.order_by("ordinal"))
    debt = ObligationDraft(
        debtor=str(rows[2].uid),
        creditor=str(rows[0].uid),
        kind="money",
        what="赔偿款",
        amount=Decimal(500),
        parts=[(timezone.localdate(), Decimal(500))],
    )
    ways.drafted(ground, mediation, obligations=[debt])
    return Mediation.objects.get(pk=mediation.pk)


def test_the_guardian_signs_with_the_minor_s_name(ground: Ground, house: House) -> None:
    mediation = a_minor(ground, house)
    text = words(paper(mediation, "agreement-draft"))
    assert "申请人 小张（法定代理人 张大山）" in text and "小张的监护人" in text


def land(party: str, to: str, what: str, day: date, **parcel: Any) -> ObligationDraft:
    """A parcel that goes back, measured."""
    return ObligationDraft(
        debtor=party, creditor=to, kind="land", what=what, parts=[(day, None)], land=LandDraft(**parcel)
    )


def three_farmers(ground: Ground, house: House) -> Mediation:
    """Two neighbours give a third what they ploughed too far: measured, with bounds."""
    mediation = ways.running(ground, house)
    yue, fu, xu = [str(p.uid) for p in mediation.case.parties.order_by("ordinal", "pk")[:3]]
    day = timezone.localdate() + timedelta(days=3)
    ditch = {"south": "二道渠", "north": "村道"}
    rows = [
        land(fu, yue, "归还土地1垄", day, parcel="村东二道渠东段", east="付某承包地", west="岳某某承包地",
             area=Decimal("0.35"), **ditch),
        land(xu, yue, "归还土地2垄", day, parcel="村东二道渠西段", east="岳某某承包地", west="徐某承包地",
             area=Decimal("0.7"), **ditch),
    ]  # fmt: skip
    ways.drafted(ground, mediation, obligations=rows)
    return Mediation.objects.get(pk=mediation.pk)


def test_land_that_was_measured_stands_in_a_table_with_bounds_area_from_and_to(ground: Ground, house: House) -> None:
    found = paper(three_farmers(ground, house), "agreement-draft")
    table = next(block for block in found.blocks if block.kind == "grid" and "四至" in block.head)
    assert [row[1:5] for row in table.rows] == [
        ["付某\n交岳某某", "村东二道渠东段", "东至付某承包地\n南至二道渠\n西至岳某某承包地\n北至村道", "0.35"],
        ["徐某\n交岳某某", "村东二道渠西段", "东至岳某某承包地\n南至二道渠\n西至徐某承包地\n北至村道", "0.70"],
        ["", "2块", "", "1.05"],
    ]
    assert "付某于" in words(found) and "（村东二道渠东段，0.35亩，四至见土地明细表第1项）" in words(found)


@pytest.mark.parametrize(
    ("kind", "parcel", "told"),
    [
        ("land", {"parcel": "村东地块", "east": "渠", "area": Decimal(1)}, "还缺南至、西至、北至"),
        ("land", {"parcel": "村东地块", **dict.fromkeys(BOUNDS, "渠")}, "面积"),
        ("act", {"parcel": "村东地块"}, "不是返还土地"),
    ],
)
def test_a_parcel_is_written_whole_or_not_at_all(
    kind: str, parcel: dict[str, Any], told: str, ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    row = replace(ways.obligations(mediation.case)[0], kind=kind, land=LandDraft(**parcel))
    with pytest.raises(RuleViolation, match=told):
        ways.drafted(ground, mediation, obligations=[row])


def test_the_database_keeps_no_parcel_by_halves(ground: Ground, house: House) -> None:
    mediation = three_farmers(ground, house)
    row = Obligation.objects.filter(agreement__mediation=mediation).first()
    assert row is not None
    for change in ({"east": ""}, {"area": None}, {"kind": "act"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Obligation.objects.filter(pk=row.pk).update(**change)


def test_the_editor_and_the_api_take_and_show_the_parcel(ground: Ground, house: House) -> None:
    mediation = three_farmers(ground, house)
    client = Client()
    client.force_login(ground.town_mediator)
    page = client.get(f"/mediation/{mediation.uid}/agreement/").content.decode()
    assert 'value="村东二道渠东段"' in page and 'value="0.35"' in page and 'name="o-1-north"' in page
    data = {"form": "written", "facts": "事实", "terms": "归还", "reached_on": timezone.localdate().isoformat(),
            "about_status": "no", "version": "1"}  # fmt: skip
    row = rows_of(mediation.agreements.get())[0]
    part = row.pop("parts")[0]
    data |= {f"o-0-{name}": value for name, value in row.items()} | {"o-0-p-0-due_on": part["due_on"]}
    assert client.post(f"/mediation/{mediation.uid}/agreement/", data | {"o-0-north": ""}).status_code == 422
    assert client.post(f"/mediation/{mediation.uid}/agreement/", data | {"o-0-area": "0.36"}).status_code == 302
    shown = as_person(ground.town_mediator).get(f"/api/v1/agreements/{mediation.agreements.get().uid}/").json()
    assert shown["obligations"][0]["land"] == {
        "parcel": "村东二道渠东段", "east": "付某承包地", "south": "二道渠", "west": "岳某某承包地", "north": "村道",
        "area": "0.36",
    }  # fmt: skip
    masked = as_person(ground.leader).get(f"/api/v1/agreements/{mediation.agreements.get().uid}/").json()
    assert "岳某某" not in str(masked)


def workers(ground: Ground, house: House) -> Mediation:
    """Story 7: 23 workers, one contractor, 486,300 yuan."""
    people = [PartyEntry(name=f"工友{chr(0x7532 + n)}", phone=f"138475{n:05d}") for n in range(23)]
    contractor = PartyEntry(
        side="respondent", kind="organisation", name="通辽市远大建筑劳务有限公司", phone="0475-7221234"
    )
    case = ways.accepted(ground, parties=(*people, contractor), title="")
    mediation = ways.running(ground, house, case)
    rows = list(case.parties.order_by("ordinal"))
    sums = [Decimal(21000)] * 22 + [Decimal(24300)]
    day = timezone.localdate() + timedelta(days=30)
    debts = [
        ObligationDraft(
            debtor=str(rows[-1].uid),
            creditor=str(row.uid),
            kind="money",
            what="拖欠的工资",
            amount=sum_,
            parts=[(day, sum_ / 2), (day + timedelta(days=60), sum_ / 2)],
        )
        for row, sum_ in zip(rows, sums, strict=False)
    ]
    ways.drafted(ground, mediation, obligations=debts)
    return Mediation.objects.get(pk=mediation.pk)


def test_the_agreement_of_23_workers_sums_up_and_lists_each_in_an_annex(ground: Ground, house: House) -> None:
    mediation = workers(ground, house)
    found = paper(mediation, "agreement-draft")
    text = words(found)
    assert "等23人支付共计人民币486,300.00元（大写：肆拾捌万陆仟叁佰元整）" in text
    annex = found.blocks[-1]
    assert len(annex.rows) == 23 and annex.head[-1] == "签名或按指印"
    signers = [who for block in found.blocks if block.kind == "signs" for who, _ in block.lines]
    assert len(signers) == 4 and "等23人" in signers[0]
    assert mediation.case.title.endswith("等23人与通辽市远大建筑劳务有限公司土地承包经营纠纷")


@BOTH
@pytest.mark.papers
def test_drafts_of_every_kind_of_three_farmers_and_of_23_workers_as_pages(
    by: str, ground: Ground, house: House, tmp_path: Path
) -> None:
    mediation = a_draft(ground, house)
    documents = {}
    for mode in Mode:
        Mediation.objects.filter(pk=mediation.pk).update(mode=mode)
        documents[f"draft-{mode}"] = write_paper(
            paper(Mediation.objects.get(pk=mediation.pk), "agreement-draft"), "某人"
        )
    crowd = workers(ground, house)
    documents["draft-workers"] = write_paper(paper(crowd, "agreement-draft"), "某人")
    documents["draft-land"] = write_paper(paper(three_farmers(ground, house), "agreement-draft"), "某人")
    documents["draft-minor"] = write_paper(paper(a_minor(ground, house), "agreement-draft"), "某人")
    documents["register-workers"] = write_paper(paper(crowd, "register"), "某人")
    pages = as_pdfs(tmp_path, documents, by)
    shown(f"agreement-{by}", tmp_path)
    for mode in Mode:
        Mediation.objects.filter(pk=mediation.pk).update(mode=mode)
        title = paper(Mediation.objects.get(pk=mediation.pk), "agreement-draft").title
        assert bare(title) in bare(pages[f"draft-{mode}"][0])
    for name in documents:
        assert "草稿" in pages[name][0] or name.startswith("register")
        if name.startswith("draft"):
            signing = next(page for page in pages[name] if "＿＿＿＿＿＿＿" in page)
            assert len(bare(signing.split("＿")[0])) > 40, f"{name}: signatures alone on a page"
    whole = {word.text for word in words_of(tmp_path / "draft-peoples.pdf")}
    assert {"152327196503152419", "13847500001", "1965-03-15"} <= whole
    measured = {word.text for word in words_of(tmp_path / "draft-land.pdf")}
    assert {"0.35", "0.70", "1.05", "东至付某承包地", "北至村道"} <= measured
    assert "张大山" in bare("".join(pages["draft-minor"])).split("＿")[0][-40:]
    lines = "\n".join(lines_of(tmp_path / "draft-workers.pdf"))
    assert lines.count("138475") >= 23 and "21,000.00" in lines
