"""Input of the identity pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import SecurityKind, User
from zhongzhi.accounts.origin import NOWHERE, origin_of
from zhongzhi.accounts.permissions import ONLY_SINGLE_SIGN_ON, may_sign_in, may_use_password, may_work_from
from zhongzhi.core.errors import BadInput
from zhongzhi.web.forms import style


class LoginForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请检查后再试。连续输错会锁定一段时间。",
        "inactive": "这个账号已停用，请联系系统管理员。",
        "one_time": "一次性密码已过期，请安全管理员重新发一个。",
        "address": "管理员不能从这个地址登录，请到规定的地址段内登录。",
        "service": "这个账号属于外部系统，不能在页面登录。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("username", "password"):
            style(self.fields[name])

    def confirm_login_allowed(self, user: Any) -> None:
        """Only people in service sign in here."""
        super().confirm_login_allowed(user)
        if not may_sign_in(user):
            raise ValidationError(self.error_messages["service"], code="service")
        if not may_use_password(user):
            raise ValidationError(ONLY_SINGLE_SIGN_ON, code="single_sign_on")
        if user.one_time_until and user.one_time_until < timezone.now():
            raise ValidationError(self.error_messages["one_time"], code="one_time")
        origin = origin_of(self.request) if self.request else NOWHERE
        if not may_work_from(user, origin.ip):
            note(SecurityKind.ADDRESS_REFUSED, user, origin=origin)
            raise ValidationError(self.error_messages["address"], code="address")


def _password_field(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, max_length=128)


class PasswordForm(forms.Form):
    """The password in use, and the new one twice. The rules themselves belong to the action."""

    old_password = _password_field("当前密码", "current-password")
    new_password1 = _password_field("新密码", "new-password")
    new_password2 = _password_field("再输一次新密码", "new-password")

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user
        for field in self.fields.values():
            style(field)

    def clean_old_password(self) -> str:
        """Whoever finds an open screen cannot take the account."""
        given: str = self.cleaned_data["old_password"]
        if not self.user.check_password(given):
            raise ValidationError("当前密码不正确。", code="wrong_password")
        return given

    def clean_new_password2(self) -> str:
        """Typed the same twice."""
        again: str = self.cleaned_data["new_password2"]
        if again != self.cleaned_data.get("new_password1", again):
            raise ValidationError("两次输入的新密码不一致。", code="password_mismatch")
        return again

    def refuse(self, refusal: BadInput) -> None:
        """Show what the action found wrong beside its field."""
        for field, messages in refusal.errors.items():
            self.add_error(field if field in self.fields else None, ValidationError(messages))
