"""Pages of people and posts: the list, one person, a new account, and the dialogs that change posts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from grids import queries
from grids.actions import leaving
from grids.actions import people as actions
from grids.filters import StaffFilter
from grids.forms.people import AccountForm, ChangeAccountForm, EndPostForm, HandOverForm, PostForm
from grids.models import PostProposal
from grids.permissions import keeps_people, may_keep_account, may_post
from grids.views.dialogs import dialog
from zhongzhi.accounts.models import User
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require
from zhongzhi.core.masking import mask_phone
from zhongzhi.web.lists import filtered, page_of

SIZE = 50
NOT_KEEPER = "人员与岗位由系统管理员和各单位负责人管理。"


@login_required
@never_cache
@require_GET
def staff(request: PersonRequest) -> HttpResponse:
    """Whom one keeps, with their posts; the filters stay in the address."""
    require(keeps_people(request.user), NOT_KEEPER)
    given = request.GET if request.GET else {"is_active": "true"}
    filters = StaffFilter(given, queries.people_kept_by(request.user), request=request)
    page = page_of(request, queries.with_posts(filtered(filters)), order=("id",), size=SIZE)
    return render(request, "grids/staff.html", {"page": page, "filters": filters})


@login_required
@never_cache
@require_GET
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """A person: account, posts held, posts that wait."""
    who = _person(request, pk)
    posts = list(queries.posts_held(who))
    context = {
        "person": who,
        "phone": mask_phone(who.phone) if who.phone else "",
        "posts": posts,
        "ended_by_me": [p.pk for p in posts if may_post(request.user, p.organisation, p.role, who)],
        "proposals": queries.proposals_of(who),
        "keeps": may_keep_account(request.user, who),
        "is_self": who == request.user,
    }
    return render(request, "grids/staff_person.html", context)


@login_required
@never_cache
@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def open_account(request: PersonRequest) -> HttpResponse:
    """A new account with its first post; the one-time password is on the answer, and nowhere else."""
    require(keeps_people(request.user), NOT_KEEPER)
    form = AccountForm(request.POST if request.method == "POST" else None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        require_recent_authentication(request)
        try:
            user, password = actions.open_account(form.account(), form.post(), actor=request.user)
            slips = [(user, password)]
            return render(request, "grids/slips.html", {"slips": slips, "back": reverse("grids:staff")})
        except DomainError as error:
            form.refuse(error.errors, error.message)
    return render(request, "grids/staff_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@sensitive_variables("made")
@require_http_methods(["GET", "POST"])
def slips(request: PersonRequest) -> HttpResponse:
    """One-time passwords for accounts that came by a table, thirty at a time; shown once."""
    require(keeps_people(request.user), NOT_KEEPER)
    made = []
    if request.method == "POST":
        require_recent_authentication(request)
        made = actions.print_slips(actor=request.user)
    waiting = queries.people_without_password(request.user).count()
    context = {"slips": made, "waiting": waiting, "back": reverse("grids:staff"), "asks": True}
    return render(request, "grids/slips.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Correct name and phone."""
    who = _person(request, pk)
    require(may_keep_account(request.user, who), actions.NOT_KEEPER)
    form = ChangeAccountForm(_data(request), initial={"name": who.name, "phone": who.phone})

    def act() -> str:
        actions.change_account(who, actor=request.user, **form.cleaned_data)
        return "已修改。"

    return dialog(request, "修改账号", form, act, _page_of(who))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def give_post(request: PersonRequest, pk: int) -> HttpResponse:
    """One more post for a person."""
    who = _person(request, pk)
    form = PostForm(_data(request), actor=request.user)

    def act() -> str:
        require_recent_authentication(request)
        given = actions.give_post(who, form.post(), actor=request.user)
        waits = isinstance(given, PostProposal)
        return "已提请安全管理员复核，确认后生效。" if waits else f"{who.name}的任职已登记。"

    return dialog(request, f"{who.name}任职", form, act, _page_of(who), {"organisations": form.organisations})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end_post(request: PersonRequest, pk: int) -> HttpResponse:
    """End one post."""
    post = queries.post_kept_by(request.user, pk)
    require(may_post(request.user, post.organisation, post.role, post.user), actions.NOT_YOURS)
    form = EndPostForm(_data(request))

    def act() -> str:
        require_recent_authentication(request)
        actions.end_post(post, ends_on=form.cleaned_data["ends_on"], actor=request.user)
        return "已办理离任。"

    return dialog(request, f"{post.user.name}离任：{post.get_role_display()}", form, act, _page_of(post.user))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def hand_over_work(request: PersonRequest, pk: int) -> HttpResponse:
    """Everything that hangs on a person, and giving it to the next; then posts and account end."""
    who = _person(request, pk)
    require(may_keep_account(request.user, who), actions.NOT_KEEPER)
    held = leaving.held_work(who)
    form = HandOverForm(_data(request), colleagues=list(queries.colleagues(who)), held=held)
    if request.method == "POST" and form.is_valid():
        require_recent_authentication(request)
        try:
            closes, reason = not form.cleaned_data["stays"], form.cleaned_data["reason"]
            count = leaving.leave(who, form.successors(), actor=request.user, reason=reason, closes=closes)
            messages.success(request, f"已交接 {count} 件{'，任职已结束，账号已停用' if closes else ''}。")
            return redirect("grids:staff_person", who.pk)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"person": who, "held": held, "form": form, "alone": leaving.left_unattended(who)}
    return render(request, "grids/staff_hand_over.html", context, status=422 if form.errors else 200)


def _data(request: PersonRequest) -> object:
    return request.POST if request.method == "POST" else None


def _person(request: PersonRequest, pk: int) -> User:
    require(keeps_people(request.user), NOT_KEEPER)
    return queries.person_kept_by(request.user, pk)


def _page_of(person: User) -> str:
    return reverse("grids:staff_person", args=[person.pk])
