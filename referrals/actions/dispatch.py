"""Handing out with slips: the case moves, each organisation's 交办单 is numbered, kept and issued; all or nothing."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake import actions as cases
from intake.coordination import actions as coordination_actions
from intake.coordination.actions import CoHandler
from intake.models import Case, Handling, HandlingKind
from referrals.actions.signing import number_and_file, send_out
from referrals.drafting import Draft, write_draft
from referrals.drafting.facts import account_of_case, facts_of_handling
from referrals.models import Document, DocumentKind, Purpose, Trigger
from referrals.permissions import may_sign_kind
from referrals.queries import issuer_of, kind_for
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation, require


@transaction.atomic
def dispatch_with_slip(
    case: Case,
    *,
    actor: User,
    organisation: Organisation | None,
    instruction: str = "",
    co_handlers: Sequence[CoHandler | Organisation] = (),
    kind: str = "",
    version: int | None = None,
) -> Case:
    """Hand a case to a lead and any co-handlers, each with a slip of its own, in one transaction.

    `kind` chooses among the kinds that dispatch (交办单, 转办单); the first in force else. Raises RuleViolation at
    `organisation` or `co_handlers` as `dispatch_case` does, PermissionDenied where the kind wants another signatory.
    """
    slip = _slip_kind(kind)
    parts = [part if isinstance(part, CoHandler) else CoHandler(part, instruction) for part in co_handlers]
    case = cases.dispatch_case(
        case,
        actor=actor,
        organisation=organisation,
        instruction=instruction,
        co_handlers=parts,
        version=version,
    )
    _issue_slips(case, slip, actor)
    return case


@transaction.atomic
def add_co_handlers_with_slips(
    case: Case,
    *,
    actor: User,
    co_handlers: Sequence[CoHandler | Organisation],
    instruction: str = "",
    version: int | None = None,
) -> Case:
    """Call further organisations in, each with a slip of its own."""
    slip = _slip_kind("")
    parts = [p if isinstance(p, CoHandler) else CoHandler(p, instruction) for p in co_handlers]
    coordination_actions.add_co_handlers(case, parts, actor=actor, version=version)
    case = Case.objects.select_related("centre__territory", "category", "territory").get(pk=case.pk)
    _issue_slips(case, slip, actor)
    return case


@transaction.atomic
def hand_down_with_slip(
    case: Case, *, actor: User, centre: Organisation | None, reason: str, version: int | None = None
) -> Case:
    """Hand a case down to the centre below (交办下级), with a slip that says what is wanted."""
    slip, former = _slip_kind(""), case.centre
    case = cases.hand_down_case(case, actor=actor, centre=centre, reason=reason, version=version)
    assert former is not None
    draft = Draft(
        kind=slip,
        centre=former,
        addressee=centre,
        case=case,
        trigger=Trigger.DISPATCHED,
        facts={
            **account_of_case(case),
            "part": "办理",
            "instruction": reason,
            "sign_due": "一个工作日内",
            "handle_due": "规定时限",
        },
    )
    issue_at_once(draft, actor)
    return case


@transaction.atomic
def issue_missing_slips(case_id: int, *, actor: User) -> None:
    """Issue the slips of a case that was handed out without any: what was taken over from elsewhere."""
    case = Case.objects.select_for_update(of=("self",)).select_related("centre__territory", "category", "territory")
    _issue_slips(case.get(pk=case_id), _slip_kind(""), actor)


def _issue_slips(case: Case, slip: DocumentKind, actor: User) -> None:
    """A slip for every open handling that was given out and has none yet, the lead's first."""
    assert case.centre is not None
    rows = Handling.objects.filter(case=case, closed_at__isnull=True, kind=HandlingKind.DISPATCH, documents=None)
    for handling in rows.select_related("organisation").order_by("-part", "pk"):
        draft = Draft(
            kind=slip,
            centre=case.centre,
            addressee=handling.organisation,
            case=case,
            handling=handling,
            trigger=Trigger.DISPATCHED,
            facts=(facts := facts_of_handling(case, handling)),
            copied_to=facts["co_handlers"],
        )
        issue_at_once(draft, actor)


def issue_at_once(draft: Draft, actor: User) -> Document:
    """Write, number and issue a document by who may sign its kind; PermissionDenied for others."""
    issuer = issuer_of(draft.kind, draft.centre)
    require(
        may_sign_kind(actor, draft.kind, issuer.pk),
        f"{draft.kind.name}由{issuer.short_name}的{draft.kind.get_signatory_display()}签发，请由其办理交办。",
    )
    document = write_draft(draft, actor)
    assert document is not None
    number_and_file(document, actor)
    send_out(document, actor)
    return document


def _slip_kind(code: str) -> DocumentKind:
    kind = kind_for(Purpose.DISPATCH, on=timezone.localdate(), code=code)
    if kind is None:
        raise RuleViolation("目前没有启用交办用的文种，请管理员在“文种”中启用。", field="kind")
    return kind
