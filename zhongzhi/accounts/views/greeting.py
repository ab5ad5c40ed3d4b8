"""What is said right after signing in: when it was before, and what failed since (GB/T 22239-2019, level 3)."""

from django.contrib import messages
from django.http import HttpRequest

from zhongzhi.accounts import queries
from zhongzhi.accounts.models import User
from zhongzhi.web.written_days import short_moment


def greet(request: HttpRequest, user: User) -> None:
    """Say when and from where the person signed in last, and how many tries failed since."""
    before, failed = queries.sign_in_before(user)
    if before is None:
        return
    said = f"上次登录：{short_moment(before.at)}，来自 {before.ip or '本机'}。"
    if failed:
        messages.warning(request, f"{said}此后有 {failed} 次失败的登录，不是本人的请修改密码，并告知安全管理员。")
    else:
        messages.info(request, said)
