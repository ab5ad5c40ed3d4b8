"""What hangs on a person, as each app knows it: asked when somebody leaves and hands everything over.

Filled in `AppConfig.ready()` and nowhere else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grids.models import Hazard
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class WorkKind:
    """One kind of work that is somebody's own: `held` lists it in words a colleague knows, `give` passes all of it on.

    `give(leaver, successor, actor)` runs inside the act of handing over and raises RuleViolation for a successor whom
    it cannot be given to.
    """

    name: str
    title: str
    held: Callable[[User], list[str]]
    give: Callable[[User, User, User], None]


work_kinds: list[WorkKind] = []
"""In the order in which they are shown and given."""


@dataclass(frozen=True)
class Vacancy:
    """Work that waits for another person: in what capacity, what of, who had it and is gone, where another is named."""

    capacity: str
    work: str
    who: str
    link: str
    how: str


vacancy_readers: list[Callable[[User], list[Vacancy]]] = []
"""What is left of people who are gone, as each app knows it, for those who sort at the centre that answers."""


def add_vacancies(reader: Callable[[User], list[Vacancy]]) -> None:
    """Add it, once."""
    if reader not in vacancy_readers:
        vacancy_readers.append(reader)


def vacancies_for(user: User) -> list[Vacancy]:
    """Everything that waits to be taken over from people who are gone, for this person to see to."""
    return [vacancy for reader in vacancy_readers for vacancy in reader(user)]


open_work_readers: list[Callable[[Sequence[str]], dict[str, str]]] = []
"""What is open at villages and below, in words by the code of the village: told before they are merged."""


def add_open_work(reader: Callable[[Sequence[str]], dict[str, str]]) -> None:
    """Add it, once."""
    if reader not in open_work_readers:
        open_work_readers.append(reader)


def open_work_at(codes: Sequence[str]) -> dict[str, str]:
    """What is open at these villages, in words; those where nothing is are left out."""
    found: dict[str, list[str]] = {}
    for reader in open_work_readers:
        for code, words in reader(codes).items():
            found.setdefault(code, []).append(words)
    return {code: "，".join(words) for code, words in found.items()}


unattended: list[Callable[[User], list[str]]] = []
"""What nobody would mind once a person has left, in words: work of organisations in which nobody else may do it."""


def add_unattended(reader: Callable[[User], list[str]]) -> None:
    """Add it, once."""
    if reader not in unattended:
        unattended.append(reader)


def add_work_kinds(*kinds: WorkKind) -> None:
    """Add what is not there yet."""
    known = {kind.name for kind in work_kinds}
    work_kinds.extend(kind for kind in kinds if kind.name not in known)


hazard_followers: list[Callable[[Hazard], None]] = []
"""What apps above write in the act that reports or moves a hazard."""


def add_hazard_follower(follow: Callable[[Hazard], None]) -> None:
    """Add it, once."""
    if follow not in hazard_followers:
        hazard_followers.append(follow)


def follow_hazard(hazard: Hazard) -> None:
    """Have everything done that follows a hazard which was reported or moved."""
    for follow in hazard_followers:
        follow(hazard)
