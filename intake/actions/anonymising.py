"""Taking a person's data out of the rows of parties; what was done and who did it stays."""

from collections.abc import Iterable

from intake.models import Case, CorrectedValue, Party
from intake.transitions import touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record

PERSONAL = (
    "name", "name_withheld", "initials", "sex", "birth_date", "ethnic", "capacity", "paper_kind",
    "paper_sealed", "paper_hash", "phone_sealed", "phone_hash", "phone_tail", "address_sealed",
)  # fmt: skip
"""The columns of a party that say who it is."""


def anonymise_parties(case: Case, parties: Iterable[Party], *, actor: User | None, why: str) -> None:
    """Let nobody know any more who these parties of a locked case were. `why` is a code, for the trail of the case."""
    keys = [_anonymise(party) for party in parties]
    of_them = CorrectedValue.objects.filter(correction__case=case, is_personal=True)
    uids = Party.everyone.filter(pk__in=keys).values("uid")
    of_them.filter(party_uid__in=uids).update(old_sealed=None, new_sealed=None)
    touch(case)
    record(actor, Verb.ANONYMISED, case, parties=keys, why=why)


def _anonymise(party: Party) -> int:
    party.name, party.name_withheld, party.initials = "", True, ""
    party.sex, party.birth_date, party.ethnic, party.paper_kind, party.capacity = "", None, "", "", ""
    party.seal_paper("")
    party.seal_phone("")
    party.seal_address("")
    party.save(update_fields=PERSONAL)
    return int(party.pk)
