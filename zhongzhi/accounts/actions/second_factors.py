"""Second factors: setting them up, checking them, giving them up, and resetting those of somebody else."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import (
    Authenticator,
    Passkey,
    RecoveryCode,
    SecondFactorRule,
    SecurityKind,
    User,
    UserSession,
)
from zhongzhi.accounts.one_time_codes import (
    RECOVERY_CODES,
    matching_step,
    new_recovery_code,
    new_secret,
    recovery_digest,
    recovery_digests,
)
from zhongzhi.accounts.origin import NOWHERE, Origin
from zhongzhi.accounts.permissions import keeps_security, may_reset_second_factor
from zhongzhi.core.ciphers import seal, unseal
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, require
from zhongzhi.core.text import required_text

REASON_LENGTH = 150
WRONG_CODE = "动态码不正确或已用过，请等手机上出现下一个码再输入；手机时间须准确。"


@transaction.atomic
def begin_authenticator(user: User) -> str:
    """A secret for the person's authenticator app; it counts once `confirm_authenticator` saw a code of it.

    Asked again, the same secret stands until then. Raises InvalidTransition where one is in use already.
    """
    row, created = Authenticator.objects.select_for_update().get_or_create(user=user)
    if row.confirmed_at:
        raise InvalidTransition("动态码已启用。换手机请先停用，再重新启用。")
    if created:
        row.secret = seal(new_secret(), aad=row.place)
        row.save(update_fields=["secret"])
    return unseal(row.secret, aad=row.place)


@transaction.atomic
def confirm_authenticator(user: User, code: str, *, origin: Origin = NOWHERE) -> list[str]:
    """Put the authenticator into use; returns recovery codes, shown this once.

    Raises BadInput (field code) for a wrong code, InvalidTransition where nothing was begun.
    """
    row = Authenticator.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if row is None:
        raise InvalidTransition("请先扫描二维码，再输入动态码。")
    now = timezone.now()
    step = matching_step(unseal(row.secret, aad=row.place), code, now, after=row.last_step)
    if step is None:
        raise BadInput(WRONG_CODE, field="code")
    row.last_step, row.confirmed_at = step, now
    row.save(update_fields=["last_step", "confirmed_at"])
    note(SecurityKind.FACTOR_ADDED, user, origin=origin, detail="动态码")
    return make_recovery_codes(user, origin=origin)


@transaction.atomic
def remove_authenticator(user: User, *, origin: Origin = NOWHERE) -> None:
    """Take the authenticator out of use; recovery codes go with the last second factor."""
    if Authenticator.objects.filter(user=user).delete()[0]:
        note(SecurityKind.FACTOR_REMOVED, user, origin=origin, detail="动态码")
    _forget_codes_without_factor(user)


@transaction.atomic
def make_recovery_codes(user: User, *, origin: Origin = NOWHERE) -> list[str]:
    """Ten new codes, shown this once; those of before are void."""
    User.objects.select_for_update().get(pk=user.pk)
    RecoveryCode.objects.filter(user=user).delete()
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=recovery_digest(user.pk, code)) for code in codes)
    note(SecurityKind.RECOVERY_CODES_MADE, user, origin=origin)
    return codes


@transaction.atomic
def take_code(user: User, code: str, *, origin: Origin = NOWHERE) -> str:
    """Use up a code: `totp` or `recovery` for what it was, empty for a wrong or repeated one, which is noted."""
    used = _take_totp(user, code) or _take_recovery(user, code)
    if not used:
        note(SecurityKind.FACTOR_FAILED, user, origin=origin)
    return used


def _take_totp(user: User, code: str) -> str:
    row = Authenticator.objects.select_for_update().filter(user=user).exclude(confirmed_at=None).first()
    if row is None:
        return ""
    step = matching_step(unseal(row.secret, aad=row.place), code, timezone.now(), after=row.last_step)
    if step is None:
        return ""
    row.last_step = step
    row.save(update_fields=["last_step"])
    return "totp"


def _take_recovery(user: User, code: str) -> str:
    unused = RecoveryCode.objects.filter(user=user, digest__in=recovery_digests(user.pk, code), used_at=None)
    return "recovery" if unused.update(used_at=timezone.now()) else ""


@transaction.atomic
def remove_passkey(user: User, pk: int, *, origin: Origin = NOWHERE) -> None:
    """Give up one of the person's own passkeys; anyone else's is out of sight (`NotFound`)."""
    row = Passkey.objects.filter(user=user, pk=pk).first()
    if row is None:
        raise NotFound("这个通行密钥不存在或已经移除。")
    row.delete()
    note(SecurityKind.FACTOR_REMOVED, user, origin=origin, detail=f"通行密钥“{row.name}”")
    _forget_codes_without_factor(user)


def _forget_codes_without_factor(user: User) -> None:
    if not Authenticator.objects.filter(user=user).exists() and not Passkey.objects.filter(user=user).exists():
        RecoveryCode.objects.filter(user=user).delete()


@transaction.atomic
def reset_second_factor(person: User, actor: User, reason: str, *, origin: Origin = NOWHERE) -> None:
    """Take away all second factors of somebody who lost them and end their sessions; they set up anew.

    Raises PermissionDenied for anyone but the security administrator, and for one's own; BadInput (field reason)
    without a reason.
    """
    require(may_reset_second_factor(actor, person), "只有安全管理员可以重置他人的二次验证，且不能重置自己的。")
    why = required_text(
        reason, field="reason", missing="请填写重置理由，如：手机遗失，已当面核对身份。", max_length=REASON_LENGTH
    )
    Authenticator.objects.filter(user=person).delete()
    Passkey.objects.filter(user=person).delete()
    RecoveryCode.objects.filter(user=person).delete()
    UserSession.objects.filter(user=person).delete()
    note(SecurityKind.FACTOR_RESET, person, origin=origin, detail=f"由 {actor.username}：{why}")


@transaction.atomic
def require_second_factor(roles: Collection[str], *, starts_on: date, actor: User | None = None) -> None:
    """Say which roles show a second factor: those given, new ones from that day on; the others no longer.

    By the security administrator, or by the first start of an installation (nobody).
    """
    require(actor is None or keeps_security(actor), "只有安全管理员可以调整须二次验证的岗位。")
    SecondFactorRule.objects.exclude(role__in=roles).delete()
    known = set(SecondFactorRule.objects.values_list("role", flat=True))
    new = [SecondFactorRule(role=role, starts_on=starts_on) for role in sorted(set(roles) - known)]
    SecondFactorRule.objects.bulk_create(new)
    note(SecurityKind.FACTOR_RULES_CHANGED, actor, detail="、".join(sorted(roles)))
