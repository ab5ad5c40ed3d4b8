"""Documents that somebody has in hand before they are signed, and giving them to the next."""

from django.db.models import Q, QuerySet

from grids.extension_points import WorkKind
from grids.roles import Capability
from grids.scope import scope_of
from referrals.lifecycle import State
from referrals.models import Document
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import RuleViolation


def _documents(person: User) -> QuerySet[Document]:
    mine = Q(drafted_by=person)
    return Document.objects.filter(mine, status__in=(State.DRAFT, State.REVIEW)).order_by("pk")


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


DOCUMENTS = WorkKind("documents", "未签发的单函", _words, _give)
