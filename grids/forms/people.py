"""Input of the pages of people and posts."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.actions.leaving import HeldWork
from grids.entries import AccountEntry, PostEntry
from grids.forms.roster import DAY, day, line
from grids.models import Organisation, Role
from grids.permissions import may_post
from grids.queries import known_organisation
from grids.queries.people import organisations_kept_by
from zhongzhi.accounts.models import User
from zhongzhi.web.forms import StyledForm, style


def last_day(label: str, hint: str = "") -> forms.DateField:
    """A day that may be left out."""
    widget = forms.DateInput(DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=hint)


class OrganisationField(forms.CharField):
    """An organisation by its name, found while one types among those whose people one keeps."""

    def __init__(self) -> None:
        widget = forms.TextInput({"list": "organisations", "autocomplete": "off"})
        super().__init__(label="机构", max_length=80, widget=widget, help_text="输入几个字后选择")


class PostForm(StyledForm):
    """A post: where, as what, from when to when."""

    organisation = OrganisationField()
    role = forms.ChoiceField(label="岗位")
    title = line("职务", 40)
    starts_on = day("任职日期")
    ends_on = last_day("结束日期", "长期任职不填；代理须填")
    deputises_for = line("代理谁的岗位", 150, hint="填对方的用户名；不是代理不填")

    def __init__(self, data: Any = None, *, actor: User, initial: dict[str, Any] | None = None) -> None:
        """Offer the organisations and roles that `actor` gives somewhere."""
        super().__init__(data, initial=initial)
        self.organisations = list(organisations_kept_by(actor))
        given = [role for role in Role if any(may_post(actor, row, role) for row in self.organisations)]
        self.fields["role"].choices = [("", "请选择"), *((role.value, role.label) for role in given)]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        """The organisation of that name or short name."""
        name = self.cleaned_data["organisation"].strip()
        found = [row for row in self.organisations if name in (row.name, row.short_name)]
        if len(found) != 1 and (called := known_organisation(name)) in self.organisations and called is not None:
            found = [called]
        if len(found) != 1:
            raise forms.ValidationError(f"没有您管理的名为“{name[:30]}”的机构，请从列表中选择。")
        return found[0]

    def post(self) -> PostEntry:
        """As the actions take it."""
        values = {name: self.cleaned_data[name] for name in PostForm.base_fields}
        return PostEntry(**(values | {"organisation": values["organisation"].pk}))


class AccountForm(PostForm):
    """A new account and its first post."""

    name = line("姓名", 50, required=True)
    username = line("用户名", 150, required=True, hint="登录用，字母或数字，如姓名全拼")
    phone = line("手机号", 20)
    field_order = ["name", "username", "phone"]

    def account(self) -> AccountEntry:
        """As the actions take it."""
        return AccountEntry(**{name: self.cleaned_data[name] for name in ("username", "name", "phone")})


class ChangeAccountForm(StyledForm):
    """What is known of a person."""

    name = line("姓名", 50, required=True)
    phone = line("手机号", 20)


class EndPostForm(StyledForm):
    """The first day without the post."""

    ends_on = forms.DateField(
        label="自哪一天起不再任职", initial=timezone.localdate, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )


class RefusePostForm(StyledForm):
    """Why a post is refused."""

    reason = line("不同意的理由", 200, required=True, hint="提请人会看到")


class ConfirmPostForm(StyledForm):
    """Nothing more is asked."""


class HandOverForm(StyledForm):
    """Who takes what over: somebody for everything, somebody else for a kind."""

    everything = forms.ChoiceField(label="全部交给", required=False)
    reason = line("原因", 200, required=True, hint="如：调往旗司法局，旗委组织部通知〔2026〕8号")
    stays = forms.BooleanField(label="只交接工作，任职和账号不变", required=False)

    def __init__(self, data: Any = None, *, colleagues: list[User], held: list[HeldWork]) -> None:
        """A field for each kind of which there is something; empty means as for everything."""
        super().__init__(data)
        self.known = {str(person.pk): person for person in colleagues}
        choices = [(pk, f"{person.name}（{person.username}）") for pk, person in self.known.items()]
        self.fields["everything"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
        for row in held:
            field = forms.ChoiceField(
                label=f"{row.kind.title}（{len(row.items)} 件）交给",
                required=False,
                choices=[("", "同上"), *choices],
            )
            self.fields[row.kind.name] = field
            style(field)
        if not held:
            del self.fields["everything"]
        self.held = held
        self.order_fields(["everything", *(row.kind.name for row in held), "reason", "stays"])

    def successors(self) -> dict[str, User]:
        """Whom each kind goes to."""
        values = self.cleaned_data
        chosen = {row.kind.name: values[row.kind.name] or values.get("everything", "") for row in self.held}
        return {name: self.known[pk] for name, pk in chosen.items() if pk}
