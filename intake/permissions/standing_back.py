"""Whom a case touches does not handle it (回避)."""

from django.db.models import BigIntegerField

from intake.models import Case, CaseRecusal, Party
from intake.models.party import phone_hashes
from zhongzhi.accounts.models import User
from zhongzhi.rows.statements import Given, PreparedRows

STANDS_BACK, FREE_OF = "_stands_back", "_free_of"


def stands_back(actor: User, case_id: int | None) -> bool:
    """Whether the person does not handle a case because it touches them: declared by themselves, or a party of their
    name and phone. Read once per object of the user, when a permission first asks."""
    if case_id in actor.__dict__.get(FREE_OF, ()):
        return False
    cases: frozenset[int] | None = actor.__dict__.get(STANDS_BACK)
    if cases is None:
        cases = actor.__dict__[STANDS_BACK] = frozenset(_cases_stood_back_from(actor))
    return case_id in cases


def note_free_of(actor: User, case: Case) -> None:
    """Keep with the object of a person that this case touches them in no way: who reads a case whole has seen it."""
    actor.__dict__.setdefault(FREE_OF, set()).add(case.pk)


_DECLARED = PreparedRows(
    CaseRecusal.objects.filter(user=Given("user", BigIntegerField())).values_list("case_id", flat=True)
)


def _cases_stood_back_from(user: User) -> set[int]:
    """The cases that a person does not handle: those they declared, and those with a party of their name and phone."""
    if not user.phone:
        return set(_DECLARED.read(user=user.pk))
    declared = CaseRecusal.objects.filter(user=user).values_list("case_id", flat=True)
    same = Party.everyone.filter(name=user.name, phone_hash__in=phone_hashes(user.phone)).values_list(
        "case_id", flat=True
    )
    return set(declared.union(same))
