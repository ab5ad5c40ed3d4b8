"""Documents that somebody has in hand before they are signed, and giving them to the next."""

from django.db.models import Q, QuerySet

from grids.extension_points import WorkKind
from grids.queries.people import organisations_left_without
from grids.roles import Capability
from grids.scope import scope_of
from referrals.lifecycle import UNSIGNED, State
from referrals.models import Document
from referrals.permissions import SIGNING
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import RuleViolation


def _documents(person: User) -> QuerySet[Document]:
    mine = Q(drafted_by=person)
    return Document.objects.filter(mine, status__in=UNSIGNED).order_by("pk")


def _words(person: User) -> list[str]:
    return [f"{document.get_status_display()}：{document.subject}" for document in _documents(person)]


def _give(leaver: User, successor: User, actor: User) -> None:
    """Nothing of it is signed yet: the successor goes on as who drafted it."""
    if not scope_of(successor).may(Capability.ISSUE_DOCUMENTS):
        raise RuleViolation(f"{successor.name}的岗位不能拟制单函，请换一位接手人。", field="documents")
    documents = list(_documents(leaver).select_for_update())
    _documents(leaver).update(drafted_by=successor)
    facts = {"of": leaver.pk, "to": successor.pk}
    record_all([AuditEvent(actor, Verb.DOCUMENT_TAKEN_OVER, document, facts) for document in documents])


def signed_by_nobody_after(person: User) -> list[str]:
    """Documents that wait for a signature which nobody else at their organisation may give."""
    found = []
    for capability in dict.fromkeys(SIGNING.values()):
        alone = organisations_left_without(person, capability)
        kinds = [signatory for signatory, asked in SIGNING.items() if asked == capability]
        waiting = Document.objects.filter(status=State.READY, kind__signatory__in=kinds)
        papers = {row: waiting.filter(issuer=row).count() for row in alone}
        found += [f"{row.name}待签发的单函 {number} 件没有其他签发人" for row, number in papers.items() if number]
    return found


DOCUMENTS = WorkKind("documents", "未签发的单函", _words, _give)
