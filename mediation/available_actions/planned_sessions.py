"""Acts on a session that is planned: put off, called off."""

from datetime import datetime, timedelta

from django.utils import timezone

from mediation import actions
from mediation.available_actions.mediations import LENGTH, SHORT_REASON
from mediation.available_actions.situation import Situation, goes_on
from mediation.models import Session, SessionState
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable
from zhongzhi.web.shapes import Moment, Shape, Text


def _planned(s: Situation[Session]) -> bool:
    return s.subject.status == SessionState.PLANNED and goes_on(s.user, s.subject.mediation)


def _a_day_later(session: Session) -> datetime:
    return timezone.localtime(session.starts_at) + timedelta(days=1)


def _adjourn(session: Session, *, actor: User, starts_at: datetime, minutes: int, reason: str) -> Session:
    ends_at = starts_at + timedelta(minutes=minutes)
    return actions.adjourn_session(session, actor=actor, reason=reason, starts_at=starts_at, ends_at=ends_at)


ADJOURNMENT = Shape(
    starts_at=Moment("改到", first=_a_day_later), minutes=LENGTH, reason=Text("改期的理由", longest=500, rows=2)
)

SESSION_ACTS: ActTable[Situation[Session]] = ActTable(
    Act("adjourn", "改期", "calendar-plus", _planned, _adjourn, ADJOURNMENT, in_api=False),
    Act("cancel", "取消会期", "x", _planned, actions.cancel_session, SHORT_REASON, danger=True, in_api=False),
    versioned=False,
)
