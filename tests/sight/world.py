"""One case with everything that can hang on a case, thrice: an ordinary one, a complaint and a restricted one.

Its applicant, phone and narrative are words that stand nowhere else, so that an answer tells how much it shows.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from grids.actions import post_person
from grids.models import Organisation, Role
from intake import actions as cases
from intake.coordination import actions as coordination
from intake.entries import PartyEntry
from intake.models import Attachment, Case, Handling, Party
from mediation import actions as mediations
from mediation.actions import Minutes
from mediation.models import Agreement, Mediation, Mediator, Session
from referrals import actions as referrals
from referrals.actions import give_task, mark_care
from referrals.models import Document, Purpose
from tests.files.samples import picture, upload
from tests.mediation import ways as mediation_ways
from tests.people import STARTS, Ground, an_entry
from tests.referrals import ways as referral_ways
from zhongzhi.accounts.actions import create_user
from zhongzhi.notices.actions import deliver_due

ORDINARY, COMPLAINT, RESTRICTED = "普通案件", "反映件", "限制知悉"
KINDS = (ORDINARY, COMPLAINT, RESTRICTED)
PAPER = "152327196503152419"


@dataclass(frozen=True)
class Words:
    """The applicant, whom everything that is written about the case names, with their phone; the respondent; and a
    word of the narrative."""

    name: str
    phone: str
    other: str
    word: str


WORDS = {
    ORDINARY: Words("岳建明", "13847512345", "莫日根", "三道界桩"),
    COMPLAINT: Words("敖日其", "13847567891", "斯琴图", "克扣粮补"),
    RESTRICTED: Words("梁淑贞", "13847598765", "佟占山", "深夜砸门"),
}


@dataclass(frozen=True)
class Matter:
    """A case and what hangs on it."""

    kind: str
    words: Words
    case: Case
    applicant: Party
    file: Attachment
    mediation: Mediation
    session: Session
    agreement: Agreement
    letter: Document
    draft: Document
    task: int
    meeting: int
    item: int

    @property
    def gaps(self) -> dict[str, dict[str, Any]]:
        """What fills the gaps of routes, by their beginnings; the longest beginning counts."""
        code, session = str(self.case.code), {"uid": self.session.uid}
        files = {"code": code, "file_id": self.file.file_id, "uid": self.applicant.uid, "pk": self.task}
        return {
            "cases/<case": files,
            "api/v1/cases/": files,
            "mediation/open/": {"code": code},
            "mediation/<uuid": {"uid": self.mediation.uid, "key": "all"},
            "mediation/sessions/": session,
            "api/v1/mediations/": {"uid": self.mediation.uid},
            "api/v1/agreements/": {"uid": self.agreement.uid},
            "documents/<uuid": {"uid": self.letter.uid},
            "api/v1/referrals/": {"uid": self.letter.uid},
            "meetings/": {"pk": self.meeting, "item_pk": self.item},
            "api/v1/meetings/": {"pk": self.meeting},
        }


def make_matters(ground: Ground) -> list[Matter]:
    """One of each kind, and the people and bodies that they need."""
    room = mediation_ways.a_branded_room(ground)
    mediation_ways.a_house(ground)
    former = _a_bureau(ground)
    return [_a_matter(ground, kind, _of_the_room(ground, room, kind), former) for kind in KINDS]


def _of_the_room(ground: Ground, room: Mediator, kind: str) -> Mediator:
    """Three sessions at one time take three mediators."""
    if kind == ORDINARY:
        return room
    who = mediations.MediatorEntry(f"{kind}调解员")
    return mediations.appoint_mediator(room.body, who, actor=ground.manager, starts_on=STARTS)


def _a_matter(ground: Ground, kind: str, room: Mediator, former: Organisation) -> Matter:
    """A case of 五家子村 at the county: given back by one bureau, led by another with a third at its side, mediated by
    那顺's room to an agreement in force, with a file, a task, special care, letters and a place on the agenda."""
    words = WORDS[kind]
    case = cases.accept_case(_registered(ground, kind), actor=ground.dispatcher)
    case = _given_back(ground, case, words, former)
    case = _in_hand(ground, case, words)
    mediation, session, agreement = _mediated(ground, case, words, room)
    file = cases.attach_file(case, upload(f"{words.name}身份证.jpg", picture()), actor=ground.handler)
    lead = Handling.objects.get(case=case, part="lead", closed_at=None, kind="dispatch")
    task = give_task(case, lead, actor=ground.dispatcher, what=f"上门看望{words.name}")
    mark_care(case, actor=ground.manager, reason="mental", notes=f"{words.name}情绪激动")
    letter, draft = _letters(ground, case, words, lead)
    meeting = coordination.open_meeting(ground.county_centre, actor=ground.dispatcher)
    item = coordination.put_on_agenda(meeting, Case.objects.get(pk=case.pk), actor=ground.dispatcher)
    _deliver()
    return Matter(
        kind, words, Case.objects.get(pk=case.pk), case.parties.get(name=words.name), file, mediation, session,
        agreement, letter, draft, task.pk, meeting.pk, item.pk,
    )  # fmt: skip


def _registered(ground: Ground, kind: str) -> Case:
    words = WORDS[kind]
    parties = [
        PartyEntry(name=words.name, paper_number=PAPER, phone=words.phone),
        PartyEntry(side="respondent", name=words.other, phone="13847554321"),
        PartyEntry(side="respondent", name="布日古德", phone="13847554322"),
    ]
    if kind == COMPLAINT:
        parties.append(PartyEntry(side="respondent", role="accused", name="徐秀英", works_at="五家子村综治中心"))
    entry = an_entry(
        title=f"{words.name}诉{words.other}{words.word}", narrative=f"{words.name}称{words.other}挖断{words.word}。",
        request=f"恢复{words.word}",
        parties=tuple(parties), is_restricted=kind == RESTRICTED,
    )  # fmt: skip
    case = cases.register_case(entry, actor=ground.clerk)
    if kind == RESTRICTED:
        cases.restrict_case(case, actor=ground.clerk, reason="承办需要", people=[ground.dispatcher, ground.leader])
    return Case.objects.get(pk=case.pk)


def _a_bureau(ground: Ground) -> Organisation:
    bureau = Organisation.objects.create(
        name="自然资源局", short_name="自然资源局", kind="department", territory=ground.places["150526"],
        starts_on=STARTS,
    )  # fmt: skip
    ground.people["former"] = create_user(username="former", name="额尔敦")
    post_person(ground.people["former"], bureau, Role.HANDLER, starts_on=STARTS)
    return bureau


def _given_back(ground: Ground, case: Case, words: Words, bureau: Organisation) -> Case:
    if words is WORDS[COMPLAINT]:
        cases.decide_responder(case, actor=ground.dispatcher, responder="above", reason="涉及村干部")
    case = cases.dispatch_case(Case.objects.get(pk=case.pk), actor=ground.dispatcher, organisation=bureau)
    return cases.return_case(case, actor=ground.people["former"], reason=f"{words.name}一案不属本单位职责")


def _in_hand(ground: Ground, case: Case, words: Words) -> Case:
    case = referrals.dispatch_with_slip(
        Case.objects.get(pk=case.pk), actor=ground.dispatcher, organisation=ground.justice_bureau,
        instruction=f"请找{words.name}核实{words.word}", co_handlers=(ground.labour_bureau,),
    )  # fmt: skip
    return cases.sign_for_case(case, actor=ground.handler)


def _mediated(ground: Ground, case: Case, words: Words, room: Mediator) -> tuple[Mediation, Session, Agreement]:
    opening = mediations.Opening(body=room.body, mode="peoples", origin="application", mediators=[room])
    actor, today = ground.dispatcher, timezone.localdate()
    mediation = mediations.open_mediation(case, opening, actor=actor)
    answers = {str(p.uid): True for p in case.parties.all()}
    mediation = mediations.record_consent(mediation, answers, actor=actor, on=today, how="当面", told_on=today)
    now = timezone.now()
    plan = mediations.Plan(
        starts_at=now, ends_at=now + timedelta(hours=2), place="会议室",
        parties=[str(p.uid) for p in case.parties.all()],
    )  # fmt: skip
    session = mediations.plan_session(mediation, plan, actor=actor)
    came = {a.pk: True for a in session.attendees.all()}
    minutes = Minutes(
        record=f"{words.name}陈述{words.word}。", facts=f"{words.other}挖断{words.word}。", result="agreed", came=came
    )
    session = mediations.hold_session(session, minutes, actor=actor)
    draft = mediation_ways.a_draft(
        mediation, facts=f"{words.other}挖断{words.name}家{words.word}。", terms=f"{words.other}恢复{words.word}。"
    )
    agreement = mediations.draft_agreement(mediation, draft, actor=actor)
    signed = mediations.sign_agreement(agreement, mediation_ways.all_signatures(agreement), actor=actor)
    return Mediation.objects.get(pk=mediation.pk), session, signed


def _letters(ground: Ground, case: Case, words: Words, lead: Handling) -> tuple[Document, Document]:
    facts = {"missed": f"至今未答复{words.name}", "matters": (words.word,), "subject_matter": "办理超期"}
    made = [
        referral_ways.draft(ground, Purpose.SUPERVISE, case=Case.objects.get(pk=case.pk), handling=lead, facts=facts)
        for _ in range(1)
    ]
    letter = referrals.sign_document(made[0], actor=ground.manager)
    draft = referral_ways.draft(ground, Purpose.REMIND, case=Case.objects.get(pk=case.pk), handling=lead, facts=facts)
    return letter, draft


def _deliver() -> None:
    while deliver_due(timezone.now()):
        pass
