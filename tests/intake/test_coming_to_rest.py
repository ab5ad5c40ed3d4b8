"""What comes to rest takes everything with it: every way × everything that hangs on a case × what happens to it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from grids.actions import post_person, report_hazard
from grids.entries import HazardEntry
from grids.models import Hazard, Role
from intake import actions
from intake.coordination import actions as coordination_actions
from intake.extension_points import Effect, Way, hangings
from intake.models import Case, Handling
from intake.queries.at_rest import broken_rests
from intake.transitions import bars_of
from mediation import actions as mediation_actions
from mediation.models import Mediation
from referrals import actions as papers
from referrals.models import Purpose
from tests.intake import ways
from tests.mediation import ways as talks
from tests.people import STARTS, Ground
from tests.referrals import ways as letters
from zhongzhi.accounts.actions import create_user
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db

Rows = dict[str, set[int]]
OUTCOME = actions.Report("peoples_mediation", "双方各自归还。")


@pytest.fixture
def town(ground: Ground) -> Ground:
    """The town with its committee, the county's branded room, a policeman, and a leader of the town's own."""
    house = talks.a_house(ground)
    nashun = talks.a_branded_room(ground)
    police = create_user(username="police", name="包警官")
    post_person(police, ground.juri_police, Role.HANDLER, starts_on=STARTS)
    ground.people["police"] = police
    ground.house, ground.nashun = house, nashun  # type: ignore[attr-defined]
    return ground


def open_rows(case: Case) -> Rows:
    return {kind.name: set(kind.open_rows(Case.objects.get(pk=case.pk))) for kind in hangings}


def lead(case: Case) -> Handling:
    return case.handlings.get(part="lead", closed_at=None)


def part(case: Case) -> Handling:
    return case.handlings.get(part="co", kind="dispatch", closed_at=None)


def full(town: Ground) -> Case:
    """A case of the town at work, with everything on it that a case can have: two organisations with tasks and slips,
    one mediation that is agreed and before the court and one under way, letters to sign and to answer, a leader, care.
    """
    case = with_an_agreement(town)
    papers.add_co_handlers_with_slips(
        case, actor=town.town_dispatcher, co_handlers=[town.juri_police], instruction="请走访"
    )
    case = Case.objects.get(pk=case.pk)
    coordination_actions.sign_for_part(case, actor=town.police)
    for handling in (lead(case), part(case)):
        papers.give_task(case, handling, actor=town.town_dispatcher, what="上门核实")
    actions.ask_extension(case, actor=town.town_handler, reason="等待测绘")
    mediation = talks.running(town, town.house, case)
    talks.planned(town, mediation, town.house, starts_at=timezone.now() + timedelta(hours=3))
    talks.drafted(town, mediation)
    write_letters(town, case)
    meeting = coordination_actions.open_meeting(town.juri_centre, actor=town.town_dispatcher)
    coordination_actions.put_on_agenda(meeting, case, actor=town.town_dispatcher)
    return Case.objects.get(pk=case.pk)


def with_an_agreement(town: Ground) -> Case:
    """Handed to the town's justice office, signed for; agreed before the branded room, and the court is asked."""
    case = papers.dispatch_with_slip(talks.accepted(town), actor=town.town_dispatcher, organisation=town.juri_justice)
    actions.sign_for_case(case, actor=town.town_handler)
    agreed = {"body": town.nashun.body, "mode": "branded", "mediators": [town.nashun]}
    agreement = talks.in_force(town, talks.running(town, town.house, Case.objects.get(pk=case.pk), **agreed))
    everybody = [str(party.uid) for party in case.parties.all()]
    mediation_actions.apply_for_confirmation(
        agreement, actor=town.town_dispatcher, court=town.house.court, applicants=everybody, on=timezone.localdate()
    )
    return Case.objects.get(pk=case.pk)


def write_letters(town: Ground, case: Case) -> None:
    """One letter that waits to be signed, one that waits to be answered; a leader in charge; special care."""
    for level in ("yellow", "red"):
        letter = papers.draft_letter(
            case,
            actor=town.town_dispatcher,
            kind=letters.kind(Purpose.SUPERVISE),
            level=level,
            addressee=town.juri_police,
        )
        if level == "yellow":
            papers.sign_document(letter, actor=town.town_manager)
    papers.mark_care(case, actor=town.town_manager, reason="minor")
    case.refresh_from_db()
    case.leaders_in_charge.create(leader=town.leader, reason="难办", since=timezone.now())


def raised(town: Ground) -> Case:
    """The same brought up to the county: sorted anew, with all that came along."""
    return actions.escalate_case(full(town), actor=town.town_dispatcher, reason="超出本级能力")


def supported(town: Ground) -> Case:
    """Accepted at the county, supported by the town; nobody else works on it."""
    case = talks.accepted(town)
    case = actions.escalate_case(case, actor=town.town_dispatcher, reason="超出本级能力")
    write_letters_of_county(town, case)
    support = case.handlings.get(kind="support", closed_at=None)
    papers.give_task(case, support, actor=town.dispatcher, what="稳控")
    return Case.objects.get(pk=case.pk)


def write_letters_of_county(town: Ground, case: Case) -> None:
    kind = letters.kind(Purpose.SUPERVISE)
    papers.draft_letter(case, actor=town.dispatcher, kind=kind, level="red", addressee=town.juri_police)
    case.leaders_in_charge.create(leader=town.leader, reason="难办", since=timezone.now())


def closed(town: Ground) -> Case:
    """Closed with an agreement, about which letters are written."""
    case = with_an_agreement(town)
    write_letters(town, case)
    actions.report_outcome(case, OUTCOME, actor=town.town_handler)
    case = actions.close_case(Case.objects.get(pk=case.pk), actor=town.town_dispatcher)
    talks.followed_up(town, case)
    return Case.objects.get(pk=case.pk)


def plainly_closed(town: Ground) -> Case:
    """Closed without a mediation; a letter waits, a leader is in charge."""
    case = ways.concluded(town)
    papers.draft_letter(
        case, actor=town.dispatcher, kind=letters.kind(Purpose.SUPERVISE), level="red", addressee=town.juri_police
    )
    case = actions.close_case(Case.objects.get(pk=case.pk), actor=town.dispatcher)
    actions.record_follow_up(case, ways.HEARD, actor=town.clerk)
    case.leaders_in_charge.create(leader=town.leader, reason="难办", since=timezone.now())
    return Case.objects.get(pk=case.pk)


def another(town: Ground) -> str:
    return str(
        actions.accept_case(actions.register_case(ways.an_entry(), actor=town.clerk), actor=town.dispatcher).code
    )


Make = Callable[[Ground], Case]
Go = Callable[[Ground, Case], Any]
WALKS: dict[Way, tuple[tuple[Make, Go], ...]] = {
    Way.WITHDRAW: ((full, lambda g, c: actions.withdraw_case(c, actor=g.town_clerk, reason="自行和解")),),
    Way.GUIDE: (
        (raised, lambda g, c: actions.guide_case(c, actor=g.dispatcher, receiver=g.labour_bureau, note="属其职责")),
    ),
    Way.MERGE: (
        (raised, lambda g, c: actions.merge_case(c, actor=g.dispatcher, target=another(g), reason="同一事项")),
        (supported, lambda g, c: actions.merge_case(c, actor=g.dispatcher, target=another(g), reason="同一事项")),
    ),
    Way.CONCLUDE: ((full, lambda g, c: actions.report_outcome(c, OUTCOME, actor=g.town_handler)),),
    Way.ARCHIVE: (
        (closed, lambda g, c: actions.archive_case(c, actor=g.town_dispatcher)),
        (plainly_closed, lambda g, c: actions.archive_case(c, actor=g.dispatcher)),
    ),
    Way.SUSPEND: ((full, lambda g, c: actions.suspend_case(c, actor=g.town_dispatcher, reason="等待鉴定")),),
    Way.ESCALATE: ((full, lambda g, c: actions.escalate_case(c, actor=g.town_dispatcher, reason="超出能力")),),
    Way.RETURN: ((full, lambda g, c: actions.return_case(c, actor=g.town_handler, reason="不属本单位")),),
    Way.DROP_PART: (
        (full, lambda g, c: coordination_actions.release_part(c, part(c), actor=g.town_dispatcher, reason="不再需要")),
    ),
    Way.REPORT_PART: ((full, lambda g, c: coordination_actions.report_part(c, actor=g.police, note="已走访")),),
    Way.HAND_OUT: (
        (raised, lambda g, c: papers.dispatch_with_slip(c, actor=g.dispatcher, organisation=g.juri_police)),
    ),
}
WHOLE = (Way.WITHDRAW, Way.GUIDE, Way.MERGE, Way.SUSPEND)
"""Ways that take everything at once; the others are about one piece of work."""
OF_THE_WORK = ("limits", "tasks", "work", "slips")
"""What the piece of work that ends has in each of the walks; its mediations are told by tests of their own."""


@pytest.mark.parametrize(("way", "walk"), [(way, n) for way, walks in WALKS.items() for n in range(len(walks))])
def test_everything_on_a_case_follows_as_the_table_says(town: Ground, way: Way, walk: int) -> None:
    make, go = WALKS[way][walk]
    case = make(town)
    before, barred = open_rows(case), bars_of(case, way, part(case) if way == Way.REPORT_PART else None)
    assert list(broken_rests()) == []
    owed = [kind.name for kind in hangings if kind.effect(way) == Effect.BARS and kind.bar and before[kind.name]]
    if barred:
        assert owed != []
        with pytest.raises(DomainError):
            go(town, case)
        assert open_rows(case) == before
        return
    go(town, case)
    after = open_rows(case)
    assert list(broken_rests()) == []
    for kind in hangings:
        effect, was, is_now = kind.effect(way), before[kind.name], after[kind.name]
        if effect in (Effect.STAYS, Effect.RESTS):
            assert was <= is_now, f"{kind.name} stays or rests with {way}"
        if effect == Effect.ENDS and was and way in WHOLE:
            assert not was & is_now, f"{kind.name} ends with {way}"
        if effect == Effect.ENDS and kind.name in OF_THE_WORK and was:
            assert was - is_now, f"{kind.name} of the work ends with {way}"
        if effect == Effect.MOVES and kind.name == "mediations":
            assert was == is_now, f"{kind.name} goes on with {way}"


def test_every_way_is_walked_and_a_full_case_has_everything(town: Ground) -> None:
    assert set(WALKS) == set(Way)
    empty = {name for name, rows in open_rows(full(town)).items() if not rows}
    assert empty == {"suspensions", "roads", "hazard", "merged_in"}


def test_the_lead_that_goes_up_keeps_its_mediation_with_its_limit(town: Ground) -> None:
    case = papers.dispatch_with_slip(
        talks.accepted(town), actor=town.town_dispatcher, organisation=town.house.body.organisation
    )
    actions.sign_for_case(case, actor=town.town_mediator)
    mediation = talks.running(town, town.house, Case.objects.get(pk=case.pk))
    actions.escalate_case(Case.objects.get(pk=case.pk), actor=town.town_dispatcher, reason="超出能力")
    mediation.refresh_from_db()
    assert (mediation.handling.kind, mediation.handling.closed_at) == ("support", None)
    assert mediation.handling.clocks.get(stopped_at=None).kind == "mediate"
    mediation_actions.cancel_mediation(mediation, actor=town.town_mediator, reason="当事人不愿")


def test_who_returns_a_case_mediates_it_no_more(town: Ground) -> None:
    case = papers.dispatch_with_slip(
        talks.accepted(town), actor=town.town_dispatcher, organisation=town.house.body.organisation
    )
    actions.sign_for_case(case, actor=town.town_mediator)
    mediation = talks.running(town, town.house, Case.objects.get(pk=case.pk))
    actions.return_case(Case.objects.get(pk=case.pk), actor=town.town_mediator, reason="不属本单位")
    assert Mediation.objects.get(pk=mediation.pk).status == "cancelled"
    case = actions.take_up_case(Case.objects.get(pk=case.pk), actor=town.town_dispatcher)
    actions.report_outcome(case, OUTCOME, actor=town.town_dispatcher)


def test_a_co_handler_ends_its_mediation_before_it_reports(town: Ground) -> None:
    case = talks.accepted(town)
    papers.dispatch_with_slip(
        case,
        actor=town.town_dispatcher,
        organisation=town.juri_justice,
        co_handlers=[town.house.body.organisation],
    )
    case = actions.sign_for_case(Case.objects.get(pk=case.pk), actor=town.town_handler)
    coordination_actions.sign_for_part(case, actor=town.town_mediator)
    mediation = talks.running(town, town.house, Case.objects.get(pk=case.pk))
    case.refresh_from_db()
    with pytest.raises(InvalidTransition, match="请先在调解页办结或取消调解"):
        coordination_actions.report_part(case, actor=town.town_mediator, note="已调解")
    mediation_actions.cancel_mediation(mediation, actor=town.town_mediator, reason="当事人不愿")
    coordination_actions.report_part(case, actor=town.town_mediator, note="已配合")


def test_a_case_that_went_up_is_merged_and_its_town_supports_it_again_once_split(town: Ground) -> None:
    case = supported(town)
    case = actions.merge_case(case, actor=town.dispatcher, target=another(town), reason="同一事项")
    assert not case.handlings.filter(closed_at=None).exists()
    case = actions.split_case(case, actor=town.dispatcher, reason="不是同一事项")
    assert [(h.kind, h.organisation) for h in case.handlings.filter(closed_at=None)] == [("support", town.juri_centre)]
    assert case.leaders_in_charge.get(until=None).leader == town.leader
    assert list(broken_rests()) == []


def test_a_hazard_whose_case_is_withdrawn_is_settled_in_the_field_and_goes_with_it_again_when_it_is_restored(
    town: Ground,
) -> None:
    hazard = found(town)
    case = actions.register_from_hazard(hazard, actor=town.village_manager)
    actions.withdraw_case(case, actor=town.village_manager, reason="当事人不愿立案")
    hazard.refresh_from_db()
    assert (hazard.status, hazard.case_code, hazard.ended_at) == ("open", "", None)
    told = OutboxMessage.objects.filter(payload__kind="hazard_given_back").values_list("payload__user", flat=True)
    assert town.grid_worker.pk in told
    actions.restore_case(Case.objects.get(pk=case.pk), actor=town.village_manager, reason="又来反映")
    hazard.refresh_from_db()
    assert (hazard.status, hazard.case_code) == ("handed_on", case.code)
    assert list(broken_rests()) == []


def test_a_hazard_that_was_given_back_may_become_another_case_or_be_settled(town: Ground) -> None:
    hazard = found(town)
    case = actions.register_from_hazard(hazard, actor=town.village_manager)
    actions.withdraw_case(case, actor=town.village_manager, reason="当事人不愿立案")
    other = actions.register_from_hazard(hazard, actor=town.village_manager)
    hazard.refresh_from_db()
    assert hazard.case_code == other.code
    actions.restore_case(Case.objects.get(pk=case.pk), actor=town.village_manager, reason="又来反映")
    hazard.refresh_from_db()
    assert hazard.case_code == other.code


def found(town: Ground) -> Hazard:
    entry = HazardEntry(narrative="两家为地界争吵", place="150526103200001")
    return report_hazard(entry, actor=town.grid_worker)


def test_what_comes_to_rest_is_off_the_agenda_and_on_it_again_when_it_goes_on(town: Ground) -> None:
    case = talks.accepted(town)
    meeting = coordination_actions.open_meeting(town.juri_centre, actor=town.town_dispatcher)
    item = meeting.items.get()
    actions.withdraw_case(case, actor=town.town_clerk, reason="自行和解")
    item.refresh_from_db()
    assert (item.decision, item.is_settled) == ("moot", True)
    with pytest.raises(InvalidTransition, match="会外已办"):
        coordination_actions.locked_item(item, actor=town.town_dispatcher)
    with pytest.raises(RuleViolation, match="不用再讨论"):
        coordination_actions.put_on_agenda(meeting, Case.objects.get(pk=case.pk), actor=town.town_dispatcher)
    actions.restore_case(Case.objects.get(pk=case.pk), actor=town.town_manager, reason="又来反映")
    item.refresh_from_db()
    assert (item.decision, item.decided_at) == ("", None)


def test_the_page_of_the_table_has_not_drifted(tmp_path: Path) -> None:
    fresh = tmp_path / "coming-to-rest.md"
    call_command("document_rests", file=fresh, verbosity=0)
    stored = Path(settings.BASE_DIR) / "docs" / "coming-to-rest.md"
    assert stored.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), "run: manage.py document_rests"


def test_each_statement_finds_what_breaks_it(town: Ground) -> None:
    """A statement that can find nothing would be no statement: what hangs on a case is forgotten by hand."""
    full(town)
    Case.objects.update(status="withdrawn")
    found = {line.partition(": ")[0] for line in broken_rests()}
    assert {
        "no limit runs of what is withdrawn, guided away or archived",
        "nobody works on a case that is done with or at rest",
        "no leader is in charge of a case that is at rest",
        "nobody mediates a case that is done with or at rest",
        "nothing waits to be signed about a case that is at rest",
    } <= found
    Handling.objects.update(closed_at=timezone.now(), close_reason="released")
    found = {line.partition(": ")[0] for line in broken_rests()}
    assert {
        "no limit runs of work that is over",
        "nobody has a task of work that is over",
        "an open mediation hangs on work that goes on",
        "no slip waits for work that is over",
    } <= found
    Mediation.objects.update(status="cancelled")
    found = {line.partition(": ")[0] for line in broken_rests()}
    assert {
        "the limit of a mediation runs while it is open",
        "no session is planned of a mediation that is over",
        "no agreement is being drafted in a mediation that is over",
    } <= found
