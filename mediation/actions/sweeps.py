"""The clock's side of agreements: obligations reminded of and broken, the end of the time for confirmation told.

Each batch is one transaction over rows that are due; what was done is not due any more, and cases that others hold
are passed over and met again. Two workers, two beats, a killed worker: each reminder and each breach happens once.
A case at which one fails is set aside; the others of its batch go on.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from intake.actions.mediations import reopen_by_clock
from intake.deadlines.queries import work_calendar
from intake.models import Case
from intake.notifications import notify_dispatchers
from mediation.actions._locking import done, locked, tell_mediators
from mediation.actions.agreements import locked_agreement
from mediation.actions.closing_down import move_agreement
from mediation.actions.file import recheck_file
from mediation.lifecycle import AgreementEvent, AgreementState
from mediation.models import Agreement, Instalment
from mediation.queries.dates import breach_moment, next_confirm_reminder, next_look, telling_moment
from mediation.queries.due import (
    CASE_OF_AGREEMENT,
    CASE_OF_INSTALMENT,
    due_agreements,
    due_instalments,
    lock_cases_of_due_agreements,
    lock_cases_of_due_instalments,
)
from mediation.queries.file import cases_with_waiting_files
from mediation.verbs import Verb
from zhongzhi.notices.actions import post_text_message
from zhongzhi.set_aside import Share, Sweep


def mark_due_obligations(now: datetime, *, limit: int = 50) -> int:
    """One batch: remind of what comes near, mark as broken what is past its day; how many cases were taken."""

    def take(share: Share) -> int:
        return _mark(lock_cases_of_due_instalments(now, share, limit=limit), now)

    return Sweep("obligations", partial(due_instalments, now), take, limit, key=CASE_OF_INSTALMENT).run(now)


def remind_of_confirmations(now: datetime, *, limit: int = 50) -> int:
    """One batch: tell mediators that the time to apply for judicial confirmation runs out; how many cases."""
    today = timezone.localdate(now)

    def take(share: Share) -> int:
        return _remind_of_confirmations(lock_cases_of_due_agreements(today, share, limit=limit), today)

    return Sweep("confirmations", partial(due_agreements, today), take, limit, key=CASE_OF_AGREEMENT).run(now)


def _mark(cases: Sequence[Case], now: datetime) -> int:
    """Remind or break what is due of locked cases; what is owed by the list of a group on one day at once."""
    rows = Instalment.objects.select_for_update(of=("self",)).select_related(
        "obligation__agreement__mediation__case", "obligation__debtor"
    )
    together: dict[tuple[int, date], list[Instalment]] = {}
    for row in rows.filter(obligation__agreement__mediation__case__in=cases, next_at__lte=now).order_by("pk"):
        key = (row.obligation.agreement_id, row.due_on) if row.obligation.by_list else (-row.pk, row.due_on)
        together.setdefault(key, []).append(row)
    for part in together.values():
        _breach(part, now) if now >= breach_moment(part[0].due_on) else _remind(part, now)
    return len(cases)


def _remind_of_confirmations(cases: Sequence[Case], today: date) -> int:
    """Tell of the agreements of locked cases."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("mediation__case")
    for agreement in rows.filter(mediation__case__in=cases, confirm_next_on__lte=today).order_by("pk"):
        _remind_of_confirmation(agreement, today)
    return len(cases)


def _remind(rows: Sequence[Instalment], now: datetime) -> None:
    """Tell the mediators, and the debtor by text message, that a date comes near."""
    row = rows[0]
    for each in rows:
        each.reminded += 1
        each.next_at = next_look(each.due_on, now)
    Instalment.objects.bulk_update(rows, ["reminded", "next_at"])
    mediation = row.obligation.agreement.mediation
    key = f"instalment:{row.pk}:reminded:{row.reminded}"
    opens = telling_moment(row.due_on, now)
    words = f"履行期限 {row.due_on:%m月%d日} 将到：{_what(rows)}"
    debtor, is_told = row.obligation.debtor, False
    if debtor.phone_sealed:
        head = f"【{mediation.body.organisation.short_name}】提醒："
        text = f"{head}请于 {row.due_on:%m月%d日} 前履行调解协议：{_what(rows)}。"
        is_told = post_text_message(debtor.phone, text, key=key, not_before=opens)
    words += "" if is_told else "；义务人没有可发短信的手机，请电话提醒"
    tell_mediators(mediation, "obligation_near", words, key=key, not_before=opens)
    done(mediation, None, Verb.PERFORMANCE_DUE, instalment=row.pk, due_on=row.due_on, count=len(rows))


def _what(rows: Sequence[Instalment]) -> str:
    """What is owed, in one line: that of a list with its people and their sum."""
    if len(rows) == 1:
        return rows[0].obligation.what
    total = sum((row.amount for row in rows if row.amount is not None), Decimal())
    return f"{rows[0].obligation.what} {len(rows)} 人 {total} 元"


def _breach(rows: Sequence[Instalment], now: datetime) -> None:
    """The day is over and it was not done: the agreement is broken, the closed case is taken up again.

    A confirmed agreement leads on to enforcement instead (民事诉讼法 art. 250: within two years).
    """
    row = rows[0]
    mediation = locked(row.obligation.agreement.mediation)
    agreement = locked_agreement(row.obligation.agreement, mediation)
    Instalment.objects.filter(pk__in=[each.pk for each in rows]).update(breached_at=now, next_at=None)
    if agreement.status == AgreementState.IN_FORCE:
        move_agreement(agreement, AgreementEvent.BREACH)
    which = f"{row.due_on:%m月%d日}一期" if row.obligation.by_list else f"第 {row.obligation.ordinal} 项"
    reason = f"调解协议（{agreement.number}）{which}到期未履行：{_what(rows)}"
    is_reopened = not agreement.confirmed and reopen_by_clock(mediation.case, reason=reason)
    if not is_reopened:
        notify_dispatchers(mediation.case, f"obligation_broken_{row.pk}", "调解协议到期未履行", by_clock=True)
    way = "协议经司法确认，可申请强制执行" if agreement.confirmed else "请督促履行、重新调解或引导起诉"
    tell_mediators(
        mediation,
        "obligation_broken",
        f"到期未履行：{_what(rows)}。{way}",
        key=f"instalment:{row.pk}:broken",
        not_before=work_calendar().next_office_moment(now),
    )
    mediation.case.refresh_from_db()
    facts = {"instalment": row.pk, "due_on": row.due_on, "reopened": is_reopened, "count": len(rows)}
    done(mediation, None, Verb.NOT_PERFORMED, **facts)


def _remind_of_confirmation(agreement: Agreement, today: date) -> None:
    last = agreement.confirm_by
    if last is None or agreement.confirmations.exists() or agreement.confirmed:
        agreement.confirm_next_on = None
    else:
        agreement.confirm_next_on = next_confirm_reminder(last, today)
        key = f"agreement:{agreement.pk}:confirm:{today.isoformat()}"
        words, opens = f"申请司法确认截至 {last:%m月%d日}", work_calendar().next_office_moment(timezone.now())
        tell_mediators(agreement.mediation, "confirmation_near", words, key=key, not_before=opens)
    agreement.save(update_fields=["confirm_next_on"])


@transaction.atomic
def recheck_open_files(*, limit: int = 200) -> int:
    """Look again at the files of closed cases that wait to be archived: parties and attachments may have changed."""

    def take(share: Share) -> int:
        cases = list(share.of(cases_with_waiting_files())[:limit])
        for case in cases:
            recheck_file(case)
        return len(cases)

    return Sweep("files", cases_with_waiting_files, take, limit).run_each(timezone.now())
