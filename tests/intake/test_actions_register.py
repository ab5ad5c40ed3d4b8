"""Registering at the window."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from intake import actions
from intake.actions.entry import NumberKnown
from intake.deadlines.models import Clock, ClockKind
from intake.entries import PartyEntry
from intake.lifecycle import Event, State
from intake.models import Case, Counter, ExternalReference, Party, StatusChange
from tests.intake import ways
from tests.intake.api import address, as_person
from tests.people import Ground, an_entry
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation, VersionConflict
from zhongzhi.core.numbering import parse_case_code
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
MINOR_ID = "150526201106061237"


def everything() -> list[int]:
    """Counts of all that a registration writes."""
    tables = (Case, Party, Counter, StatusChange, Clock, TrailEntry, OutboxMessage, ExternalReference)
    return [table.objects.count() for table in tables]


def test_a_walk_in_gets_a_code_a_state_a_triage_limit_and_a_line_in_the_trail(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    today = timezone.localdate()
    assert case.code.startswith(f"ZJ150526{today:%Y%m%d}00001")
    assert (case.status, case.tier, case.centre, case.holder) == (
        State.REGISTERED,
        "county",
        ground.county_centre,
        ground.county_centre,
    )
    assert Clock.objects.get(case=case).kind == ClockKind.TRIAGE
    assert TrailEntry.objects.get(chain=f"case:{case.pk}").verb == "case_registered"
    assert case.status_changes.get().event == Event.REGISTER


def test_the_dispatcher_and_the_manager_are_told_through_the_outbox(ground: Ground) -> None:
    actions.register_case(an_entry(), actor=ground.clerk)
    told = {m.payload["user"] for m in OutboxMessage.objects.all()}
    assert told == {ground.dispatcher.pk, ground.manager.pk}


def test_red_risk_is_told_to_the_leader_at_once(ground: Ground) -> None:
    actions.register_case(an_entry(risk="red"), actor=ground.clerk)
    assert ground.leader.pk in {m.payload["user"] for m in OutboxMessage.objects.all()}


def test_sex_and_birth_date_come_from_the_identity_number(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    party = case.parties.order_by("ordinal")[0]
    assert (party.sex, party.birth_date) == ("male", date(1965, 3, 15))


def test_numbers_are_sealed_in_the_database_and_found_by_their_hash(ground: Ground) -> None:
    from intake.queries import earlier_cases

    case = actions.register_case(an_entry(), actor=ground.clerk)
    party = Party.objects.get(case=case, ordinal=1)
    assert b"152327196503152419" not in bytes(party.paper_sealed)
    assert party.paper_number == "152327196503152419"
    found = earlier_cases(ground.clerk, paper_number="152327196503152419")
    assert [c.pk for c in found] == [case.pk]
    assert list(earlier_cases(ground.clerk, paper_number=MINOR_ID)) == []


def test_a_name_may_be_withheld_but_not_both_missing_and_given(ground: Ground) -> None:
    case = actions.register_case(an_entry(parties=(PartyEntry(name_withheld=True),)), actor=ground.clerk)
    assert case.parties.get().shown_name == "（不愿透露）"
    for party in (PartyEntry(phone="13847500001"), PartyEntry(name="岳某", name_withheld=True)):
        with pytest.raises(RuleViolation) as refusal:
            actions.register_case(an_entry(parties=(party,)), actor=ground.clerk)
        assert "parties.0.name" in refusal.value.errors


def test_a_guardian_stands_for_the_minor_wherever_the_rows_are_typed(ground: Ground) -> None:
    guardian = PartyEntry(name="张女士", role="guardian", represents=1)
    minor = PartyEntry(name="张小某", paper_number=MINOR_ID)
    case = actions.register_case(an_entry(parties=(guardian, minor)), actor=ground.clerk)
    row = case.parties.get(role="guardian")
    assert row.represents.name == "张小某"
    assert row.ordinal == 1


@pytest.mark.parametrize("represents", [None, 0, 5])
def test_an_agent_must_stand_for_a_principal_of_the_case(ground: Ground, represents: int | None) -> None:
    parties = (PartyEntry(name="代理人", role="agent", represents=represents), PartyEntry(name="岳某"))
    with pytest.raises(RuleViolation) as refusal:
        actions.register_case(an_entry(parties=parties), actor=ground.clerk)
    assert "parties.0.represents" in refusal.value.errors


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("152327196503152418", "校验"),
        ("1523271965031524", "16"),
        ("150526203001011236", "出生"),
        ("15232719650315", "14"),
    ],
)
def test_a_wrong_identity_number_is_told_at_its_field_and_nothing_is_written(
    ground: Ground, number: str, says: str
) -> None:
    before = everything()
    parties = (PartyEntry(name="岳某"), PartyEntry(name="付某", paper_number=number))
    with pytest.raises(RuleViolation) as refusal:
        actions.register_case(an_entry(parties=parties), actor=ground.clerk)
    [message] = refusal.value.errors["parties.1.paper_number"]
    assert says in message
    assert number not in message
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "9988"}, "category"),
        ({"category": "09"}, "category"),
        ({"territory": "150526999"}, "territory"),
        ({"territory": ""}, "territory"),
        ({"territory": "15"}, "territory"),
        ({"narrative": "  "}, "narrative"),
        ({"narrative": "换行\x00之后"}, "narrative"),
        ({"title": "长" * 5000}, "title"),
        ({"channel": "77"}, "channel"),
        ({"occurred_on": date(2999, 1, 1)}, "occurred_on"),
        ({"parties": ()}, "parties"),
        ({"external_number": "12345-1"}, "external_system"),
    ],
)
def test_a_bad_entry_is_refused_at_its_field_and_nothing_is_written(
    ground: Ground, changes: dict[str, object], field: str
) -> None:
    before = everything()
    with pytest.raises(RuleViolation) as refusal:
        actions.register_case(an_entry(**changes), actor=ground.clerk)
    assert list(refusal.value.errors) == [field]
    assert everything() == before


def test_all_faults_are_told_at_once(ground: Ground) -> None:
    entry = an_entry(narrative="", territory="", category="9988", parties=(PartyEntry(phone="1"),))
    with pytest.raises(RuleViolation) as refusal:
        actions.register_case(entry, actor=ground.clerk)
    assert set(refusal.value.errors) == {
        "narrative",
        "territory",
        "category",
        "parties.0.name",
        "parties.0.phone",
    }


def test_a_retired_place_is_refused_and_says_so(ground: Ground) -> None:
    place = ground.places["150526103201"]
    place.ends_on = timezone.localdate()
    place.save()
    with pytest.raises(RuleViolation, match="已停用") as refusal:
        actions.register_case(an_entry(territory=place.code), actor=ground.clerk)
    assert "territory" in refusal.value.errors


def test_rare_characters_of_four_bytes_are_kept(ground: Ground) -> None:
    entry = an_entry(narrative="𠮷某与𡘙某争地😀", parties=(PartyEntry(name="𠮷某"),))
    case = actions.register_case(entry, actor=ground.clerk)
    case.refresh_from_db()
    assert case.narrative == "𠮷某与𡘙某争地😀"
    assert case.parties.get().name == "𠮷某"


def test_a_title_nobody_typed_is_made_of_parties_and_category_with_names_masked(ground: Ground) -> None:
    case = actions.register_case(an_entry(title=""), actor=ground.clerk)
    assert case.title == "岳*某与付*土地承包经营纠纷"
    nobody = [PartyEntry(name_withheld=True)]
    case = actions.register_case(
        an_entry(title="", parties=nobody, narrative="夜里吵闹。报警两次。"), actor=ground.clerk
    )
    assert case.title == "夜里吵闹"
    case = actions.register_case(an_entry(title="", parties=nobody, narrative="很长的经过" * 20), actor=ground.clerk)
    assert case.title == "群众反映的土地承包经营纠纷"


def test_a_number_of_another_system_is_registered_once(ground: Ground) -> None:
    entry = an_entry(channel="04", external_system="12345", external_number="TL2026-77")
    first = actions.register_case(entry, actor=ground.clerk)
    before = everything()
    with pytest.raises(NumberKnown, match=first.code) as refusal:
        actions.register_case(entry, actor=ground.clerk)
    assert list(refusal.value.errors) == ["external_number"]
    assert everything() == before


def test_a_leader_an_auditor_and_an_administrator_do_not_register(ground: Ground) -> None:
    for person in (ground.auditor, ground.system_admin, ground.leader):
        with pytest.raises(PermissionDenied):
            actions.register_case(an_entry(), actor=person)


def test_a_town_clerk_registers_at_the_town_and_a_grid_worker_at_the_village(ground: Ground) -> None:
    town = actions.register_case(an_entry(), actor=ground.town_clerk)
    village = actions.register_case(an_entry(channel="02"), actor=ground.grid_worker)
    assert (town.tier, town.centre) == ("town", ground.juri_centre)
    assert (village.tier, village.centre) == ("village", ground.village_centre)
    assert town.code[-6:-1] == "00001"
    assert village.code[-6:-1] == "00002"


def test_a_clerk_does_not_register_at_a_centre_of_another_town(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        actions.register_case(an_entry(), actor=ground.town_clerk, centre=ground.lubei_centre)


def test_a_draft_may_lack_everything_and_becomes_the_case(ground: Ground) -> None:
    entry = an_entry(narrative="", territory="", category="", title="", parties=())
    draft = actions.save_draft(entry, actor=ground.clerk)
    assert (draft.status, draft.code) == (State.DRAFT, None)
    actions.save_draft(an_entry(narrative="写了一半"), actor=ground.clerk, uid=draft.uid)
    case = actions.register_case(an_entry(), actor=ground.clerk, uid=draft.uid)
    assert case.pk == draft.pk
    assert case.parties.count() == 2
    with pytest.raises(InvalidTransition):
        actions.register_case(an_entry(), actor=ground.clerk, uid=draft.uid)


def test_a_draft_is_its_authors_alone(ground: Ground) -> None:
    draft = actions.save_draft(an_entry(), actor=ground.clerk)
    with pytest.raises(PermissionDenied):
        actions.register_case(an_entry(), actor=ground.dispatcher, uid=draft.uid)
    with pytest.raises(PermissionDenied):
        actions.discard_draft(draft, actor=ground.dispatcher)
    actions.discard_draft(draft, actor=ground.clerk)
    assert not Case.objects.exists()


def test_a_registered_case_is_not_discarded(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    with pytest.raises(InvalidTransition):
        actions.discard_draft(case, actor=ground.clerk)


def test_an_amendment_changes_what_was_typed_and_names_the_fields_in_the_trail(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    party = case.parties.get(ordinal=1)
    kept = PartyEntry(uid=str(party.uid), name="岳某某", paper_number="152327196503152419")
    changed = replace(an_entry(), amount=1200, parties=(kept,))
    case = actions.amend_case(case, changed, actor=ground.clerk, version=case.version, reason="漏登金额，误录对方")
    assert case.amount == 1200
    assert [p.pk for p in case.parties.all()] == [party.pk]
    entry = TrailEntry.objects.filter(chain=f"case:{case.pk}").order_by("-seq")[0]
    assert (entry.verb, entry.facts["fields"]) == ("case_amended", ["amount"])


def test_who_was_slower_is_told_who_was_faster_and_loses_nothing(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    seen = case.version
    actions.accept_case(case, actor=ground.dispatcher)
    with pytest.raises(VersionConflict, match="韩冰"):
        actions.amend_case(case, an_entry(), actor=ground.clerk, version=seen)


def test_an_amendment_needs_the_window_the_handler_or_the_registrar(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    with pytest.raises(PermissionDenied):
        actions.amend_case(case, an_entry(), actor=ground.stranger)


def test_the_hundred_thousandth_case_of_a_day_gets_a_longer_code(ground: Ground) -> None:
    first = ways.registered(ground)
    Counter.objects.filter(series__startswith="case:").update(last=99_998)
    last_of_five, more = ways.registered(ground), ways.registered(ground)
    assert [len(str(case.code)) for case in (first, last_of_five, more)] == [22, 22, 24]
    assert parse_case_code(str(more.code)).serial == 100_000
    assert as_person(ground.clerk).get(address(more)).json()["code"] == more.code
