"""Reads of people and posts: whom one keeps, what they hold, what waits to be confirmed."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from grids.models import Organisation, Posting, PostProposal
from grids.queries.places import organisations
from grids.roles import Capability, roles_with
from grids.scope import scope_of
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.periods import not_over


def keeps_installation(user: User) -> bool:
    """Whether somebody is, or will be, one of the three administrators."""
    return Posting.objects.filter(not_over(timezone.localdate()), user=user, separated_duty__gt=0).exists()


def organisations_kept_by(user: User) -> QuerySet[Organisation]:
    """Organisations at whose people one looks: those in the territory, one's own, those of the places below."""
    scope, kept = scope_of(user), Q(pk__in=[])
    for post in scope.posts_with(Capability.KEEP_ALL_PEOPLE):
        kept |= Q(territory__current_code__startswith=post.organisation.territory.current_code)
    for post in scope.posts_with(Capability.KEEP_PEOPLE):
        kept |= Q(pk=post.organisation_id)
        if post.organisation.is_centre:
            code = post.organisation.territory.current_code
            kept |= Q(territory__current_code__startswith=code) & ~Q(territory__current_code=code)
    return organisations().filter(kept).order_by("territory__code", "kind", "name")


def people_kept_by(user: User) -> QuerySet[User]:
    """People one keeps, those who left included: who holds, held or is proposed for a post where one keeps people."""
    kept = organisations_kept_by(user).values("pk")
    posted = Q(pk__in=Posting.objects.filter(organisation__in=kept).values("user_id"))
    proposed = Q(pk__in=PostProposal.objects.filter(organisation__in=kept).values("user_id"))
    seen = posted | proposed
    if scope_of(user).may(Capability.KEEP_ALL_PEOPLE):
        seen |= Q(postings=None, proposed_postings=None)
    kept_people = User.objects.filter(seen, kind=UserKind.PERSON)
    return User.objects.filter(pk__in=kept_people.values("pk"))


def people_visible_to(user: User) -> QuerySet[User]:
    """Whom one keeps; for an outside system everybody who serves, or will serve, in its territory."""
    near = Q(pk__in=[])
    for post in scope_of(user).posts_with(Capability.READ_PEOPLE):
        near |= Q(organisation__territory__current_code__startswith=post.organisation.territory.current_code)
    posted = Posting.objects.filter(near).values("user_id")
    seen = Q(pk__in=posted) | Q(pk__in=people_kept_by(user).values("pk"))
    return User.objects.filter(seen, kind=UserKind.PERSON)


def staff_member_visible_to(user: User, pk: int) -> User:
    """One of them with the posts; NotFound else."""
    person = with_posts(people_visible_to(user)).filter(pk=pk).first()
    if person is None:
        raise NotFound("没有这个人员，或者不在您查看的范围内。")
    return person


def with_posts(people: QuerySet[User]) -> QuerySet[User]:
    """With the posts they hold or will hold, and those that wait."""
    rows = Posting.objects.select_related("organisation", "deputises_for").order_by("-ends_on", "starts_on")
    waiting = PostProposal.objects.filter(granted=None).select_related("organisation")
    return people.prefetch_related(
        Prefetch("postings", rows.filter(not_over(timezone.localdate())), to_attr="live_posts"),
        Prefetch("proposed_postings", waiting, to_attr="waiting_posts"),
    )


def person_kept_by(user: User, pk: int) -> User:
    """Somebody one keeps; NotFound else."""
    person = people_kept_by(user).filter(pk=pk).first()
    if person is None:
        raise NotFound("没有这个人员，或者不在您管理的范围内。")
    return person


def posts_held(person: User) -> QuerySet[Posting]:
    """Every post of a person, the latest first."""
    return (
        Posting.objects.filter(user=person)
        .select_related("organisation__territory", "deputises_for")
        .order_by("-starts_on", "-pk")
    )


def post_kept_by(user: User, pk: int) -> Posting:
    """A post of somebody one keeps; NotFound else."""
    rows = Posting.objects.filter(user__in=people_kept_by(user)).select_related("user", "organisation__territory")
    post = rows.filter(pk=pk).first()
    if post is None:
        raise NotFound("没有这个任职，或者不在您管理的范围内。")
    return post


def proposals_for(user: User) -> QuerySet[PostProposal]:
    """Posts that a security administrator reviews or reviewed, the open ones first."""
    near = Q(pk__in=[])
    for post in scope_of(user).posts_with(Capability.CONFIRM_POSTS):
        near |= Q(organisation__territory__current_code__startswith=post.organisation.territory.current_code)
    rows = PostProposal.objects.filter(near).select_related(
        "user", "organisation__territory", "asked_by", "decided_by", "deputises_for"
    )
    return rows.order_by("-pk")


def proposal_for(user: User, pk: int) -> PostProposal:
    """A post to review; NotFound else."""
    row = proposals_for(user).filter(pk=pk).first()
    if row is None:
        raise NotFound("没有这个任职申请。")
    return row


def reviewers_of(proposal: PostProposal) -> QuerySet[User]:
    """The security administrators whose territory contains the organisation."""
    codes = [proposal.organisation.territory.current_code[:n] for n in (2, 4, 6, 9, 12)]
    posts = Posting.objects.filter(
        not_over(timezone.localdate()),
        starts_on__lte=timezone.localdate(),
        role__in=roles_with(Capability.CONFIRM_POSTS),
        organisation__territory__current_code__in=codes,
    )
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).exclude(pk=proposal.asked_by_id)


def holders_of(capability: Capability) -> QuerySet[User]:
    """Who is entitled to something today by one of their posts."""
    today = timezone.localdate()
    posts = Posting.objects.filter(not_over(today), starts_on__lte=today, role__in=roles_with(capability))
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id"))


def proposals_of(person: User) -> QuerySet[PostProposal]:
    """Posts of a person that wait or were refused, the latest first."""
    rows = PostProposal.objects.filter(user=person).exclude(granted=True)
    return rows.select_related("organisation", "asked_by", "decided_by").order_by("-pk")


def colleagues(person: User) -> QuerySet[User]:
    """Who serves today where a person serves, the three administrators left out."""
    today = timezone.localdate()
    mine = Posting.objects.filter(not_over(today), user=person).values("organisation")
    theirs = Posting.objects.filter(not_over(today), starts_on__lte=today, organisation__in=mine, separated_duty=0)
    return User.objects.filter(is_active=True, pk__in=theirs.values("user")).exclude(pk=person.pk).order_by("name")


def organisations_left_without(person: User, *capabilities: Capability) -> QuerySet[Organisation]:
    """Where a person is the only one who is entitled to something today."""
    today = timezone.localdate()
    entitled = Posting.objects.filter(not_over(today), starts_on__lte=today, role__in=roles_with(*capabilities))
    others = entitled.filter(user__is_active=True, user__kind=UserKind.PERSON).exclude(user=person)
    mine = Organisation.objects.filter(pk__in=entitled.filter(user=person).values("organisation"))
    return mine.exclude(pk__in=others.values("organisation")).order_by("pk")


def posts_kept_by(user: User) -> QuerySet[Posting]:
    """Posts held today at organisations whose people one keeps."""
    rows = Posting.objects.filter(not_over(timezone.localdate()), organisation__in=organisations_kept_by(user))
    return rows.filter(user__kind=UserKind.PERSON).select_related("user", "organisation").order_by("user", "pk")


def people_without_password(user: User) -> QuerySet[User]:
    """People one keeps whose account came by a table and has no password yet."""
    unusable = User.objects.filter(
        password__startswith=UNUSABLE_PASSWORD_PREFIX, must_change_password=True, is_active=True
    )
    return people_kept_by(user).filter(pk__in=unusable.values("pk")).order_by("pk")
