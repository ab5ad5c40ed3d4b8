"""The minutes of a session: who came, the record, the facts, what was measured; whole when it is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mediation.actions._locking import parties_named, text_of
from mediation.models import Measurement, Session, SessionResult
from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.core.text import clean_text


@dataclass(frozen=True)
class Measured:
    """One measurement as typed; `party` is a uid or empty."""

    what: str
    measured: Decimal
    unit: str
    by_ledger: Decimal | None = None
    party: str = ""
    note: str = ""


@dataclass(frozen=True)
class Minutes:
    """What a session brought: who came (by attendee), the record, facts, measurements."""

    record: str = ""
    facts: str = ""
    result: str = ""
    result_note: str = ""
    recorder: str = ""
    came: Mapping[int, bool] | None = None
    measurements: Sequence[Measured] | None = None


def require_minutes(session: Session) -> None:
    """Record, result and somebody who came."""
    if not session.record:
        raise BadInput("请填写笔录。", field="record")
    if session.result not in SessionResult.values:
        raise BadInput("请选择本次结果。", field="result")
    if not session.attendees.filter(party__isnull=False, came=True).exists():
        raise RuleViolation("请勾选到场的当事人；无人到场的请改期或取消。", field="came")


def write_minutes(session: Session, minutes: Minutes) -> None:
    """Put what was typed into a locked session."""
    session.record = clean_text(minutes.record, field="record", max_length=20000, multiline=True)
    session.facts = clean_text(minutes.facts, field="facts", max_length=5000, multiline=True)
    session.result, session.recorder = minutes.result, clean_text(minutes.recorder, field="recorder", max_length=40)
    session.result_note = clean_text(minutes.result_note, field="result_note", max_length=1000, multiline=True)
    session.version += 1
    session.save(update_fields=["record", "facts", "result", "recorder", "result_note", "version"])
    for attendee in session.attendees.all() if minutes.came is not None else ():
        attendee.came = bool((minutes.came or {}).get(attendee.pk, False))
        attendee.save(update_fields=["came"])
    if minutes.measurements is not None:
        _measure(session, minutes.measurements)


def _measure(session: Session, rows: Sequence[Measured]) -> None:
    session.measurements.all().delete()
    parties = {str(p.uid): p for p in parties_named(session.mediation.case, {r.party for r in rows}, field="party")}
    Measurement.objects.bulk_create(
        Measurement(
            session=session,
            party=parties.get(row.party),
            what=text_of(row.what, field="what", what="测量项目", longest=60, multiline=False),
            by_ledger=row.by_ledger,
            measured=row.measured,
            unit=text_of(row.unit, field="unit", what="测量单位", longest=10, multiline=False),
            note=clean_text(row.note, field="note", max_length=200),
        )
        for row in rows
    )
