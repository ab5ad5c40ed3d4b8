"""Input of the identity pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from zhongzhi.accounts.models import User
from zhongzhi.accounts.permissions import may_sign_in
from zhongzhi.core.errors import BadInput


class LoginForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请检查后再试。连续输错 5 次将锁定 15 分钟。",
        "inactive": "这个账号已停用，请联系系统管理员。",
        "service": "这个账号属于外部系统，不能在页面登录。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["class"] = "form-control"
        self.fields["password"].widget.attrs["class"] = "form-control"

    def confirm_login_allowed(self, user: Any) -> None:
        """Only people in service sign in here."""
        super().confirm_login_allowed(user)
        if not may_sign_in(user):
            raise ValidationError(self.error_messages["service"], code="service")


def _password_field(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "form-control"})
    return forms.CharField(label=label, strip=False, widget=widget, max_length=128)


class PasswordForm(forms.Form):
    """The password in use, and the new one twice. The rules themselves belong to the action."""

    old_password = _password_field("当前密码", "current-password")
    new_password1 = _password_field("新密码", "new-password")
    new_password2 = _password_field("再输一次新密码", "new-password")

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user

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
