"""Who a person named in a case is among those who serve: by person number, or by name and organisation."""

from grids.models import Organisation, Posting, RosterPerson
from grids.models.person import roster_hashes
from grids.queries.former_names import organisation_called
from grids.queries.places import current, organisations
from zhongzhi.accounts.models import User


def account_by_number(number: str) -> User | None:
    """The account of the person of the rosters with this identity number."""
    row = RosterPerson.objects.filter(paper_hash__in=roster_hashes("paper", number), user__isnull=False).first()
    return row.user if row else None


def account_by_name(name: str, organisation: Organisation | None) -> User | None:
    """The account of whom of that name serves at the organisation today; None for nobody, and for more than one."""
    if not name or organisation is None:
        return None
    posts = Posting.objects.filter(current(), organisation=organisation)
    found = User.objects.filter(name=name, pk__in=posts.values("user_id"))[:2]
    return found[0] if len(found) == 1 else None


def known_organisation(text: str) -> Organisation | None:
    """The organisation in force of this name, or short name where only one has it, or that was called so before."""
    return organisation_called(organisations(), text)
