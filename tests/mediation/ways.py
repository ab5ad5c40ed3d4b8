"""Ways to bring a mediation into a state, by the acts a person would use: story 2, three ridges of land."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from grids.actions import post_person
from grids.models import Organisation, OrganisationKind, Role
from intake.entries import PartyEntry
from intake.models import Case
from mediation import actions
from mediation.actions import (
    AgreementDraft,
    BodyEntry,
    MediatorEntry,
    Minutes,
    ObligationDraft,
    Opening,
    Plan,
    Signed,
)
from mediation.models import (
    Agreement,
    Body,
    BodyKind,
    Instalment,
    Mediation,
    Mediator,
    Room,
    Session,
    SigningKind,
)
from mediation.queries.signatures import missing_signatures
from tests.intake import ways as intake_ways
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user

LAND = (
    PartyEntry(name="岳某某", paper_number="152327196503152419", phone="13847500001"),
    PartyEntry(side="respondent", name="付某", paper_number="152326197001012414", phone="13847500002"),
    PartyEntry(side="respondent", name="徐某", paper_number="152326197202022416", phone="13847500003"),
)


@dataclass
class House:
    """A committee that mediates: its body, rooms, mediators, and a court for what follows."""

    body: Body
    room: Room
    mediator: Mediator
    second: Mediator
    court: Organisation


def a_house(ground: Ground) -> House:
    """The town's people's mediation committee, with 高娃 (who has an account) and an old hand of the village."""
    place = ground.places["150526103"]
    committee = _organisation("巨日合镇人民调解委员会", OrganisationKind.MEDIATION_COMMITTEE, place)
    court = _organisation("巨日合镇人民法庭", OrganisationKind.COURT, place)
    entry = BodyEntry(BodyKind.TOWN, seal="巨日合镇人民调解委员会", doc_mark="巨日合调")
    body = actions.set_up_body(committee, entry, actor=ground.town_manager, starts_on=STARTS)
    user = create_user(username="town_mediator", name="乌云")
    post_person(user, committee, Role.MEDIATOR, starts_on=STARTS)
    ground.people["town_mediator"] = user
    ground.organisations["committee"] = committee
    return House(
        body=body,
        room=actions.add_room(body, "第一调解室", "镇综治中心一楼", actor=ground.town_manager),
        mediator=appointed(ground, body, "乌云", username="town_mediator", certificate="NMG-2025-018"),
        second=appointed(ground, body, "付德柱"),
        court=court,
    )


def a_branded_room(ground: Ground) -> Mediator:
    """那顺's room at the county, which mediates under its own name and as people's mediation; its mediator."""
    entry = BodyEntry(BodyKind.BRANDED, seal="那顺金牌调解室", doc_mark="那顺调")
    room = actions.set_up_body(ground.branded_room, entry, actor=ground.manager, starts_on=STARTS)
    who = MediatorEntry("那顺", username="mediator")
    return actions.appoint_mediator(room, who, actor=ground.manager, starts_on=STARTS)


def appointed(ground: Ground, body: Body, name: str, **changes: Any) -> Mediator:
    return actions.appoint_mediator(body, MediatorEntry(name, **changes), actor=ground.town_manager, starts_on=STARTS)


def _organisation(name: str, kind: OrganisationKind, place: Any) -> Organisation:
    return Organisation.objects.create(name=name, short_name=name, kind=kind, territory=place, starts_on=STARTS)


def accepted(ground: Ground, **changes: Any) -> Case:
    """A case of the town centre, accepted."""
    entry = intake_ways.an_entry(**({"parties": LAND, "complexity": "ordinary"} | changes))
    case = intake_ways.actions.register_case(entry, actor=ground.town_clerk)
    return intake_ways.actions.accept_case(case, actor=ground.town_dispatcher)


def opened(ground: Ground, house: House, case: Case | None = None, **changes: Any) -> Mediation:
    values: dict[str, Any] = {
        "body": house.body,
        "mode": "peoples",
        "origin": "application",
        "mediators": [house.mediator],
    }
    case = case or accepted(ground)
    return actions.open_mediation(case, Opening(**(values | changes)), actor=ground.town_dispatcher)


def running(ground: Ground, house: House, case: Case | None = None, **changes: Any) -> Mediation:
    mediation = opened(ground, house, case, **changes)
    today = timezone.localdate()
    answers = {str(p.uid): True for p in mediation.case.parties.all()}
    return actions.record_consent(mediation, answers, actor=ground.town_dispatcher, on=today, how="当面", told_on=today)


def planned(ground: Ground, mediation: Mediation, house: House, **changes: Any) -> Session:
    starts = changes.pop("starts_at", timezone.now())
    values: dict[str, Any] = {
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "room": house.room,
        "parties": [str(p.uid) for p in mediation.case.parties.all()],
    }
    return actions.plan_session(mediation, Plan(**(values | changes)), actor=ground.town_dispatcher)


def held(ground: Ground, mediation: Mediation, house: House, **changes: Any) -> Session:
    session = planned(ground, mediation, house, **changes)
    came = {a.pk: True for a in session.attendees.all()}
    minutes = Minutes(record="各方陈述，同意归还。", facts="付某多种1垄，徐某多种2垄。", result="agreed", came=came)
    return actions.hold_session(session, minutes, actor=ground.town_dispatcher)


def obligations(case: Case, due_on: date | None = None) -> list[ObligationDraft]:
    """付 gives back 1 ridge, 徐 2."""
    yue, fu, xu = [str(p.uid) for p in case.parties.order_by("ordinal", "pk")[:3]]
    day = due_on or timezone.localdate() + timedelta(days=3)
    return [
        ObligationDraft(debtor=fu, creditor=yue, kind="land", what="归还土地1垄", parts=[(day, None)]),
        ObligationDraft(debtor=xu, creditor=yue, kind="land", what="归还土地2垄", parts=[(day, None)]),
    ]


def a_draft(mediation: Mediation, **changes: Any) -> AgreementDraft:
    values: dict[str, Any] = {
        "facts": "岳某某土地少三垄，经丈量付某多1垄、徐某多2垄。",
        "terms": "付某归还1垄，徐某归还2垄，各方不再争执。",
        "manner": "按丈量界桩当场交还",
        "reached_on": timezone.localdate(),
        "obligations": obligations(mediation.case),
    }
    return AgreementDraft(**(values | changes))


def drafted(ground: Ground, mediation: Mediation, **changes: Any) -> Agreement:
    return actions.draft_agreement(mediation, a_draft(mediation, **changes), actor=ground.town_dispatcher)


def all_signatures(agreement: Agreement, on: date | None = None) -> list[Signed]:
    day = on or timezone.localdate()
    return [Signed(kind=kind, by=pk, signed_on=day) for kind, pk, _ in missing_signatures(agreement)]


def in_force(ground: Ground, mediation: Mediation, **changes: Any) -> Agreement:
    agreement = drafted(ground, mediation, **changes)
    held_by = mediation.mediators.order_by("pk")[0].user or ground.town_dispatcher
    return actions.sign_agreement(agreement, all_signatures(agreement), actor=held_by)


def instalments(agreement: Agreement) -> list[Instalment]:
    return list(Instalment.objects.filter(obligation__agreement=agreement).order_by("obligation__ordinal", "ordinal"))


def performed(ground: Ground, agreement: Agreement, rows: Sequence[Instalment] | None = None) -> None:
    for row in rows or instalments(agreement):
        actions.perform(row, actor=ground.town_dispatcher, on=timezone.localdate(), note="已当面归还", proofs=[photo()])


def followed_up(ground: Ground, case: Case) -> None:
    """Asked after closing: all done, satisfied."""
    heard = intake_ways.actions.Heard(way="phone", reached=True, performance="done", satisfaction=5, note="满意")
    intake_ways.actions.record_follow_up(case, heard, actor=ground.town_dispatcher)


def photo(name: str = "界桩.jpg") -> SimpleUploadedFile:
    """A picture as a phone would send it."""
    kept = BytesIO()
    Image.new("RGB", (40, 30), (120, 160, 90)).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), content_type="image/jpeg")


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_current_timezone())


def money(ground: Ground, mediation: Mediation, amount: str, *parts: tuple[date, str]) -> ObligationDraft:
    """付 pays 岳 a sum in parts."""
    yue, fu = [str(p.uid) for p in mediation.case.parties.order_by("ordinal", "pk")[:2]]
    return ObligationDraft(
        debtor=fu,
        creditor=yue,
        kind="money",
        what="赔偿损失",
        amount=Decimal(amount),
        parts=[(day, Decimal(sum_)) for day, sum_ in parts],
    )


SEAL = SigningKind.SEAL
