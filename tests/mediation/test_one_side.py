"""An agreement needs both sides; what is owed by a list, and a session that was held, are offered where they may be."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from intake import actions as intake_actions
from intake.actions import MemberRow
from intake.entries import PartyEntry
from intake.models import Party
from mediation import actions
from mediation.actions import AgreementDraft, ObligationDraft
from mediation.available_actions import available_acts
from mediation.models import Agreement, Mediation
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
WHY = "协议由双方当事人达成，本案还没有登记被申请人，请先在案件的“更正登记内容”中补录。"
ALONE = PartyEntry(name="岳某某", phone="13847500001")
OTHER = PartyEntry(side="respondent", name="付某", phone="13847500002")


@pytest.fixture
def one_sided(ground: Ground, house: House) -> Mediation:
    """Opened and agreed to by who brought it; nobody is registered on the other side."""
    return ways.running(ground, house, ways.accepted(ground, parties=(ALONE,)))


def names(ground: Ground, subject: Any) -> set[str]:
    return {act.name for act in available_acts(ground.town_dispatcher, subject)}


def drafted(ground: Ground, mediation: Mediation, *owed: ObligationDraft) -> Agreement:
    draft = AgreementDraft("多种1垄", "各自归还。", timezone.localdate(), obligations=owed)
    return actions.draft_agreement(mediation, draft, actor=ground.town_dispatcher)


def again(mediation: Mediation) -> Mediation:
    return Mediation.objects.get(pk=mediation.pk)


def test_with_one_side_no_agreement_is_offered_and_each_way_to_it_says_what_to_do(
    ground: Ground, one_sided: Mediation
) -> None:
    at, browser = f"/mediation/{one_sided.uid}/", signed_in(ground.town_mediator)
    page = browser.get(at).content.decode()
    assert f"{at}agreement/" not in page and WHY in page
    editor = browser.get(f"{at}agreement/")
    assert editor.status_code == 422 and WHY in editor.content.decode()
    typed = {"form": "oral", "facts": "多种1垄", "terms": "归还", "reached_on": timezone.localdate().isoformat()}
    sent = browser.post(f"{at}agreement/", typed | {"about_status": "no"})
    assert sent.status_code == 422 and WHY in sent.content.decode() and "多种1垄" in sent.content.decode()
    body = typed | {"obligations": []}
    answer = browser.post(f"/api/v1/mediations/{one_sided.uid}/agreement/", body, content_type="application/json")
    assert answer.status_code == 422 and WHY in answer.content.decode()
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("side", ["respondent", "applicant"])
def test_two_on_the_same_side_are_one_side(side: str, ground: Ground, house: House) -> None:
    parties = (PartyEntry(side=side, name="甲某", phone="13847500001"), PartyEntry(side=side, name="乙某"))
    case = ways.accepted(ground, parties=parties)
    mediation = ways.running(ground, house, case)
    other = {"applicant": "被申请人", "respondent": "申请人"}[side]
    with pytest.raises(RuleViolation, match=f"还没有登记{other}，"):
        drafted(ground, mediation)


def test_once_the_other_side_is_registered_it_is_offered_and_drafted(ground: Ground, one_sided: Mediation) -> None:
    entry = PartyEntry(side="respondent", name="付某")
    Party.objects.create(
        case=one_sided.case, ordinal=2, side=entry.side, name=entry.name, kind=entry.kind, role=entry.role
    )
    browser = signed_in(ground.town_mediator)
    page = browser.get(f"/mediation/{one_sided.uid}/").content.decode()
    assert "起草协议" in page and WHY not in page
    assert browser.get(f"/mediation/{one_sided.uid}/agreement/").status_code == 200
    uids = [str(party.uid) for party in one_sided.case.parties.order_by("ordinal")]
    owed = ObligationDraft(uids[1], uids[0], "land", "归还土地1垄", parts=[(timezone.localdate(), None)])
    assert drafted(ground, again(one_sided), owed).obligations.count() == 1


def test_a_list_is_a_side_and_is_owed_by_only_where_everybody_on_it_has_a_sum(ground: Ground, house: House) -> None:
    case = ways.accepted(ground, parties=(PartyEntry(name="工人01", phone="13847500201"), OTHER))
    rows = [MemberRow("工人01", "", "13847500201", Decimal(100)), MemberRow("工人02", "", "13847500202", Decimal(200))]
    intake_actions.list_members(case, [*rows, MemberRow("工人03", "", "")], actor=ground.town_clerk, side="applicant")
    uids = [str(Party.everyone.get(case=case, name=row.name).uid) for row in rows]
    on = timezone.localdate()
    intake_actions.name_representatives(case, uids, actor=ground.town_clerk, on=on, mandate="推选书")
    case.refresh_from_db()
    agreement = drafted(ground, ways.running(ground, house, case))
    assert "list-obligations" not in names(ground, agreement)
    page = signed_in(ground.town_dispatcher).get(f"/mediation/{agreement.mediation.uid}/").content.decode()
    assert "名册上有 1 人没有金额（工人03），请先在“群体名册”中补上。" in page
    intake_actions.list_members(
        case, [MemberRow("工人03", "", "", Decimal(300))], actor=ground.town_clerk, side="applicant"
    )
    fresh = Agreement.objects.get(pk=agreement.pk)
    assert "list-obligations" in names(ground, fresh)
    debtor = str(Party.everyone.get(case=case, side="respondent").uid)
    owed = {"debtor": debtor, "what": "劳动报酬", "schedule": f"{on}", "total": Decimal(600)}
    assert actions.list_obligations(fresh, actor=ground.town_dispatcher, **owed) == 3


def test_that_a_session_was_held_is_offered_once_all_sides_agreed(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    session = ways.planned(ground, mediation, house)
    browser, at = signed_in(ground.town_mediator), f"/mediation/sessions/{session.uid}/"
    page = browser.get(at).content.decode()
    assert 'value="hold"' not in page and "还有当事人没有表示同意调解，请先记录各方意愿。" in page
    answers = {str(p.uid): True for p in mediation.case.parties.all()}
    on = timezone.localdate()
    actions.record_consent(mediation, answers, actor=ground.town_dispatcher, on=on, how="当面", told_on=on)
    page = browser.get(at).content.decode()
    assert 'value="hold"' in page and "请先记录各方意愿" not in page
    came = {f"came_{row.pk}": "on" for row in session.attendees.all()}
    sent = {"record": "各方陈述。", "result": "agreed", "do": "hold", "version": session.version, **came}
    assert browser.post(at, sent).status_code == 302
    session.refresh_from_db()
    assert session.status == "held"
