"""Who sees what, said once more apart from the program: by subtree, by work, by one's own hand."""

from tests.models import office
from tests.models.matters import Matter
from tests.models.rows import Paper, Work


def sees_case(who: str, matter: Matter) -> bool:
    """A draft is its author's alone. Else the subtree of centre and leader posts, the work of one's organisations
    (answering, holding, being led to, or having handled it), what one registered, what was found in the own grids."""
    if matter.status == "draft":
        return matter.author == who
    if matter.author == who and office.holds(who, office.REGISTRARS):
        return True
    if office.below(matter.place, office.subtrees(who)):
        return True
    if (
        matter.found_at
        and office.areas(who)
        and office.below(matter.found_at, office.areas(who) | office.subtrees(who))
    ):
        return True
    mine = office.workplaces(who)
    on_target = matter.into.open_works if matter.into is not None else []
    return bool(
        mine & {matter.centre, matter.holder, matter.guided_to, *(work.org for work in (*matter.works, *on_target))}
    )


def lists_paper(who: str, paper: Paper) -> bool:
    """What one drafted; what one's organisations issued; what they received, once signed; and what was issued and
    signed in one's subtree."""
    if who == "system":  # letters are between organisations; programs are sent none
        return False
    posts = {post.org for post in office.POSTS[who] if post.role in office.PAPER_READERS}
    if paper.author == who or paper.issuer in posts:
        return True
    in_subtree = office.below(office.ORGS[paper.issuer].place, office.subtrees(who))
    return paper.was_signed and (paper.addressee in posts or in_subtree)


def sorts(who: str, matter: Matter) -> bool:
    """Dispatcher or manager of the centre that answers."""
    return office.at(who, matter.centre, office.SORTERS)


def at_window(who: str, matter: Matter) -> bool:
    """Of the window of the centre that answers."""
    return office.at(who, matter.centre, office.WINDOW)


def settles(who: str, matter: Matter) -> bool:
    """The window may settle a simple case itself."""
    return matter.complexity == "simple" and at_window(who, matter)


def takes_on(who: str, matter: Matter) -> bool:
    return sorts(who, matter) or settles(who, matter)


def works_on(who: str, work: Work | None) -> bool:
    """Handles at the organisation that was given the work."""
    return work is not None and office.at(who, work.org, office.WORKERS)


def leads(who: str, matter: Matter) -> bool:
    return works_on(who, matter.lead)


def sees_care(who: str, matter: Matter) -> bool:
    """Few: the manager of the centre, and who works where the record was shared to."""
    if not matter.is_cared_for:
        return False
    shared = any(office.at(who, org, office.WORKERS) for org in matter.shared_with)
    return shared or office.at(who, matter.centre, office.MANAGER)


def issues(who: str, paper: Paper) -> bool:
    return office.at(who, paper.issuer, office.SORTERS | office.LEADER)


def signs(who: str, paper: Paper) -> bool:
    """Entitled by post to sign a paper of this kind."""
    signers = {
        "acceptance": office.WINDOW,
        "dispatch": office.SORTERS,
        "supervision": office.MANAGER,
        "reminder": office.MANAGER,
        "recommendation": office.LEADER,
    }
    return office.at(who, paper.issuer, signers[paper.kind])


def answers(who: str, paper: Paper) -> bool:
    return office.at(who, paper.addressee, office.WORKERS | office.LEADER)
