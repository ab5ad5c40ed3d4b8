"""The list of a group: page by page, put there by table, by paste or one by one; chosen, told, removed."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from intake import actions
from intake.actions.groups import NOT_YOURS, why_no_group
from intake.actions.joining import NO_WINDOW
from intake.forms.members import ChosenForm, JoinForm, MessageForm, TableForm
from intake.models import Case, Party
from intake.permissions import may_amend, may_issue_receipt, may_let_join, may_see_personal
from intake.queries import groups
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError, require
from zhongzhi.web.forms import StyledForm
from zhongzhi.web.lists import page_of
from zhongzhi.web.sheets import XLSX, write_template

SIZE = 50
Done = Callable[[], str]


@login_required
@never_cache
@require_GET
def member_list(request: PersonRequest, code: str) -> HttpResponse:
    """The list of a case, and what may be done with it."""
    return _page(request, _case(request, code))


@login_required
@require_GET
def template(request: PersonRequest, code: str) -> FileResponse:
    """An empty table to fill in."""
    _case(request, code)
    file = write_template("群体名册", actions.MEMBER_COLUMNS)
    return FileResponse(file, as_attachment=True, filename="群体名册模板.xlsx", content_type=XLSX)


@login_required
@require_POST
def table(request: PersonRequest, code: str) -> HttpResponse:
    """Put the people of a table or of a pasted text on the list."""
    case, form = _kept(request, code), TableForm(request.POST, request.FILES)

    def put() -> str:
        given = form.cleaned_data
        rows = _rows(given["file"], given["text"])
        listed = actions.list_members(case, rows, actor=request.user, side=given["side"])
        return f"名册已写入：新列入 {listed.added} 人，补充 {listed.updated} 人。"

    return _done(request, case, form, put, table_form=form)


@login_required
@require_POST
def join(request: PersonRequest, code: str) -> HttpResponse:
    """One person more; the page offers their receipt."""
    case, form = _case(request, code), JoinForm(request.POST)
    require(may_let_join(request.user, case), NO_WINDOW)
    joined: list[Party] = []

    def put() -> str:
        row = actions.MemberRow(**form.cleaned_data)
        joined.append(actions.join_group(case, row, actor=request.user))
        return f"{row.name}已登记加入。"

    return _done(request, case, form, put, join_form=form, joined=joined)


@login_required
@require_POST
def chosen(request: PersonRequest, code: str) -> HttpResponse:
    """Represent, note consent, remove: those who are ticked."""
    case, form = _kept(request, code), ChosenForm(request.POST)

    def put() -> str:
        return _with_chosen(case, request, form.cleaned_data)

    return _done(request, case, form, put, chosen_form=form)


@login_required
@require_POST
def message(request: PersonRequest, code: str) -> HttpResponse:
    """Tell representatives or all."""
    case, form = _kept(request, code), MessageForm(request.POST)

    def put() -> str:
        given = form.cleaned_data
        told = actions.tell_group(case, actor=request.user, text=given["text"], to_all=given["to_all"] == "yes")
        rest = f"；{told.without} 人没有可发短信的手机，请电话告知" if told.without else ""
        return f"短信将发给 {told.sent} 人{rest}。"

    return _done(request, case, form, put, message_form=form)


def _with_chosen(case: Case, request: PersonRequest, given: dict[str, Any]) -> str:
    uids, user = request.POST.getlist("members"), request.user
    if given["do"] == "represent":
        found = actions.name_representatives(case, uids, actor=user, on=given["on"], mandate=given["mandate"])
        return f"代表人：{'、'.join(party.shown_name for party in found)}。"
    if given["do"] == "consent":
        whom = None if given["everybody"] else uids
        count = actions.note_members_consent(case, whom, actor=user, consent=given["consent"], on=given["on"])
        return f"已登记 {count} 人同意。"
    return f"已移出 {actions.remove_members(case, uids, actor=user)} 人。"


def _rows(file: Any, text: str) -> list[actions.MemberRow]:
    if file:
        return actions.rows_of_table(file, file.name)
    if not text.strip():
        raise BadInput("请选择表格，或者粘贴名单。", field="file")
    return actions.rows_of_text(text)


def _case(request: PersonRequest, code: str) -> Case:
    return groups.case_of_group(request.user, code)


def _kept(request: PersonRequest, code: str) -> Case:
    case = _case(request, code)
    require(may_amend(request.user, case), NOT_YOURS)
    return case


def _done(
    request: PersonRequest, case: Case, form: StyledForm, put: Done, *, joined: list[Party] | None = None, **shown: Any
) -> HttpResponse:
    """Do it and return to the list, or show the list with what was typed and why it was refused."""
    if form.is_valid():
        try:
            messages.success(request, put())
            return redirect(list_after_joining(case, joined or []))
        except DomainError as error:
            form.refuse(error.errors, error.message)
    return _page(request, case, status=422, **shown)


def list_after_joining(case: Case, joined: Sequence[Party]) -> str:
    """Where the receipts of who has just joined are printed."""
    there = reverse("intake:members", args=[case.code])
    return f"{there}?{urlencode({'joined': [party.uid for party in joined]}, doseq=True)}" if joined else there


def _page(request: PersonRequest, case: Case, *, status: int = 200, **shown: Any) -> HttpResponse:
    clear, typed = may_see_personal(request.user, case), request.GET.get("q", "")[:40]
    page = page_of(request, groups.memberships_of(case, typed), order=("party__ordinal", "id"), size=SIZE)
    keeps = may_amend(request.user, case) and why_no_group(case) is None
    context = {
        "case": case,
        "figures": groups.figures_of_group(case),
        "lines": groups.member_views(page.items, names_in_clear=clear),
        "page": page,
        "typed": typed,
        "keeps": keeps,
        "lets_join": may_let_join(request.user, case) and why_no_group(case) is None,
        "may_issue": may_issue_receipt(request.user, case),
        "joined": groups.just_joined(request.user, case, request.GET.getlist("joined")),
        "why_not": groups.why_group_cannot_act(case),
        "table_form": TableForm(initial={"side": groups.side_of_group(case)}),
        "join_form": JoinForm(),
        "chosen_form": ChosenForm(initial={"on": timezone.localdate()}),
        "message_form": MessageForm(),
    }
    return render(request, "intake/members.html", context | shown, status=status)
