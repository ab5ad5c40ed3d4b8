"""Documents that wait for a signature which nobody may give any more."""

from django.db.models import Q
from django.urls import reverse

from grids.extension_points import Vacancy
from grids.queries import last_holder, members_of
from grids.roles import Capability
from grids.scope import scope_of
from intake.queries import cases_visible_to
from referrals.lifecycle import UNSIGNED
from referrals.models import Document
from referrals.permissions import SIGNING
from zhongzhi.accounts.models import User


def documents_without_signatory(user: User) -> list[Vacancy]:
    """Unsigned documents of the person's organisations and cases at whose issuer nobody may sign them: one line for
    each issuer and kind, with who signed there last."""
    scope = scope_of(user)
    own = sorted(scope.organisation_ids) if scope.may(Capability.ISSUE_DOCUMENTS) else []
    waiting = Document.objects.filter(Q(issuer__in=own) | Q(case__centre__in=own), status__in=UNSIGNED)
    waiting = waiting.filter(Q(case=None) | Q(case__in=cases_visible_to(user)))
    pairs: dict[tuple[int, str], list[Document]] = {}
    for document in waiting.select_related("issuer", "kind").order_by("pk"):
        pairs.setdefault((document.issuer_id, document.kind.signatory), []).append(document)
    return [_vacancy(papers) for papers in pairs.values() if not _is_signed_by_somebody(papers[0])]


def _is_signed_by_somebody(document: Document) -> bool:
    return members_of(document.issuer, SIGNING[document.kind.signatory]).exists()


def _vacancy(papers: list[Document]) -> Vacancy:
    first = papers[0]
    who = last_holder(first.issuer, SIGNING[first.kind.signatory])
    what = f"待签发 {len(papers)} 件，如《{first.subject}》"
    return Vacancy(
        "签发人",
        f"{first.issuer.short_name}（{first.kind.get_signatory_display()}）{what}",
        who.name if who else "",
        reverse("referrals:document", args=[first.uid]),
        "查看待签发的函单",
    )
