"""Sessions of a mediation: planned, held, put off, called off; no mediator and no room twice at a time."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mediation import actions
from mediation.actions import Minutes, Plan
from tests.models.acts import Act, Model, Product, act
from tests.models.acts_talks import goes_on, mediates
from tests.models.matters import AT_REST, OPEN
from tests.models.rows import Meeting, Talk
from zhongzhi.accounts.models import User

LENGTH = timedelta(hours=2)


def is_free(m: Model, talk: Talk, starts: datetime, *, but: Meeting | None = None) -> bool:
    """Whether the mediators of the body (all of them lead each of its mediations) have nothing else at that time."""
    taken = [x for x in m.meetings if x.talk.org == talk.org and x.status in ("planned", "held") and x is not but]
    return not any(x.starts < starts + LENGTH and starts < x.ends for x in taken)


@act
class CallOffMeeting(Act):
    on = "meetings"
    weight = 1

    def allowed(self, m: Model, who: str, meeting: Meeting, option: None) -> bool:
        return mediates(who, meeting.talk) and meeting.status == "planned"

    def run(self, p: Product, who: User, meeting: Meeting, option: None) -> Any:
        return actions.cancel_session(p.session(meeting), actor=who, reason="另行安排")

    def then(self, m: Model, who: str, meeting: Meeting, option: None, result: Any) -> None:
        meeting.status = "cancelled"


@act
class PutOffMeeting(Act):
    on = "meetings"
    weight = 1

    def options(self, m: Model, meeting: Meeting) -> Any:
        return (2, 27)

    def allowed(self, m: Model, who: str, meeting: Meeting, option: int) -> bool:
        free = is_free(m, meeting.talk, m.now + timedelta(hours=option), but=meeting)
        return goes_on(who, meeting.talk) and meeting.status == "planned" and free

    def run(self, p: Product, who: User, meeting: Meeting, option: int) -> Any:
        starts = timezone.now() + timedelta(hours=option)
        return actions.adjourn_session(
            p.session(meeting), actor=who, reason="一方有事", starts_at=starts, ends_at=starts + LENGTH
        )

    def then(self, m: Model, who: str, meeting: Meeting, option: int, result: Any) -> None:
        starts = m.now + timedelta(hours=option)
        meeting.status = "adjourned"
        meeting.talk.meetings.append(Meeting(result.pk, meeting.talk, starts, starts + LENGTH))


@act
class PlanMeeting(Act):
    on = "talks"

    def options(self, m: Model, talk: Talk) -> Any:
        """A few of each talk: what is held makes room for the next."""
        return (0, 1, 26) if len(talk.meetings) < 3 else ()

    def allowed(self, m: Model, who: str, talk: Talk, option: int) -> bool:
        return goes_on(who, talk) and is_free(m, talk, m.now + timedelta(hours=option))

    def run(self, p: Product, who: User, talk: Talk, option: int) -> Any:
        starts, mediation = timezone.now() + timedelta(hours=option), p.mediation(talk)
        parties = [str(party.uid) for party in mediation.case.parties.all()]
        plan = Plan(starts, starts + LENGTH, room=p.rooms.get(talk.org), place="村委会", parties=parties)
        return actions.plan_session(mediation, plan, actor=who)

    def then(self, m: Model, who: str, talk: Talk, option: int, result: Any) -> None:
        starts = m.now + timedelta(hours=option)
        talk.meetings.append(Meeting(result.pk, talk, starts, starts + LENGTH))


@act
class HoldMeeting(Act):
    on = "meetings"
    weight = 12

    def allowed(self, m: Model, who: str, meeting: Meeting, option: None) -> bool:
        """Once all sides agreed to be mediated; before its hour too."""
        fits = meeting.status == "planned" and meeting.talk.status == "running"
        return goes_on(who, meeting.talk) and fits

    def run(self, p: Product, who: User, meeting: Meeting, option: None) -> Any:
        session = p.session(meeting)
        came = {attendee.pk: True for attendee in session.attendees.all()}
        return actions.hold_session(session, Minutes(record="各方陈述。", result="go_on", came=came), actor=who)

    def then(self, m: Model, who: str, meeting: Meeting, option: None, result: Any) -> None:
        meeting.status = "held"
        meeting.starts, meeting.ends = min(meeting.starts, m.now), min(meeting.ends, m.now)


@act
class EnterMeeting(Act):
    """Entered afterwards; whether it was after the opening only the program knows."""

    on = "talks"
    weight = 1

    def allowed(self, m: Model, who: str, talk: Talk, option: None) -> bool | None:
        waits = talk.status == "agreed" and talk.matter.status in (*OPEN, "closed")
        fits = waits or (talk.status == "running" and talk.matter.status not in AT_REST)
        return None if mediates(who, talk) and fits else False

    def run(self, p: Product, who: User, talk: Talk, option: None) -> Any:
        mediation, ends = p.mediation(talk), timezone.now()
        parties = [str(party.uid) for party in mediation.case.parties.all()]
        plan = Plan(ends - timedelta(minutes=2), ends, place="村委会", parties=parties)
        return actions.enter_session(mediation, plan, Minutes(record="各方陈述。", result="agreed"), actor=who)

    def then(self, m: Model, who: str, talk: Talk, option: None, result: Any) -> None:
        talk.meetings.append(Meeting(result.pk, talk, m.now, m.now, "held"))
