"""Whom a case touches does not handle it (回避)."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BinaryField, CharField

from intake.models import Case, CaseRecusal, Party
from intake.models.party import phone_hashes
from zhongzhi.accounts.models import User
from zhongzhi.rows.arrays import among
from zhongzhi.rows.remembered import RememberedRows
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


_DECLARED = RememberedRows(
    CaseRecusal.objects.filter(user=Given("user", BigIntegerField())).values_list("case_id", flat=True)
)
_NAMED_ALIKE = PreparedRows(
    Party.everyone.filter(
        among("phone_hash", Given("phones", ArrayField(BinaryField()))), name=Given("name", CharField())
    ).values_list("case_id", flat=True)
)


def _cases_stood_back_from(user: User) -> set[int]:
    """The cases that a person does not handle: those they declared, and those with a party of their name and phone."""
    declared = set(_DECLARED.read(user=user.pk))
    if not user.phone:
        return declared
    return declared.union(_NAMED_ALIKE.read(name=user.name, phones=phone_hashes(user.phone)))
