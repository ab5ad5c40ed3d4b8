"""What people do in the simulation while the clock's programs work: sign drafts, sign for slips, answer, report, let
cases rest and take them up again."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from devkit.simulation.ground import County
from intake import actions as cases
from intake.models import Case, Handling
from referrals import actions
from referrals.models import Document
from zhongzhi.core.errors import DomainError

Row = TypeVar("Row", bound=Model)
SHARE = 40
"""One of so many is attended to each morning; the others are left alone."""

RETURNING = 0.4
"""How likely a case that rests is taken up on a morning."""


def morning(county: County, dice: random.Random, limit: int) -> None:
    """One morning: some drafts are signed by two at once, some slips signed for, some supervisions answered."""
    drafts = list(Document.objects.filter(status="draft", kind__by_itself=False).order_by("pk")[:limit])
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda document: _sign(county, document), drafts))
    for handling in _some(Handling.objects.filter(closed_at=None, signed_at=None, part="lead"), dice, limit):
        with suppress(DomainError):
            case = cases.sign_for_case(Case.objects.get(pk=handling.case_id), actor=county.of(handling.organisation_id))
            cases.report_outcome(
                case, cases.Report("settlement", "模拟化解"), actor=county.of(handling.organisation_id)
            )
    for document in _some(Document.objects.filter(status="issued", kind__purpose="supervise"), dice, limit):
        with suppress(DomainError):
            actions.answer_document(document, actor=county.of(document.addressee_id or 0), text="已整改")
    resting = Case.objects.filter(status="suspended")
    for case in resting.filter(pk__in=[c.pk for c in resting if dice.random() < RETURNING]):
        with suppress(DomainError):
            cases.resume_case(case, actor=county.of(case.centre_id or 0))
    for case in _some(Case.objects.filter(status__in=["dispatched", "handling"]), dice, limit):
        with suppress(DomainError):
            cases.suspend_case(case, actor=county.of(case.centre_id or 0), reason="模拟鉴定")


def _sign(county: County, document: Document) -> None:
    try:
        with suppress(DomainError):
            actions.sign_document(document, actor=county.of(document.issuer_id))
    finally:
        connection.close()


def _some(rows: QuerySet[Row], dice: random.Random, limit: int) -> list[Row]:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = sorted(dice.sample(keys, min(len(keys) // SHARE + 1, len(keys), limit)))
    return list(rows.filter(pk__in=chosen))
