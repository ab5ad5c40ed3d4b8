"""Team templates: the named linkages, made, changed, taken out of use; a mediation keeps the one it was opened with."""

from collections.abc import Sequence

from django.db import transaction

from mediation.actions._bulk import filled, locked_row, once, save_row
from mediation.models import Team
from mediation.permissions import may_keep_teams
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.core.text import clean_text

NOT_KEEPER = "联动调解模式全旗县通用，由县级综治中心负责人或系统管理员管理。"
TAKEN = "已有同名的联动调解模式；停用的可以重新启用。"
MOST = 20


@transaction.atomic
def add_team(name: str, members: Sequence[str], use: str = "", *, actor: User) -> Team:
    """A named linkage (四所一庭一公证 …): who takes part, and what it is for."""
    require(may_keep_teams(actor), NOT_KEEPER)
    values = _checked(name, members, use)
    with once(TAKEN, field="name"):
        team = Team.objects.create(**values)
    record(actor, Verb.TEAM_ADDED, team)
    return team


@transaction.atomic
def change_team(
    team: Team, name: str, members: Sequence[str], use: str = "", *, actor: User, version: int | None = None
) -> Team:
    """Change a template; the name stands on the papers of mediations that use it."""
    require(may_keep_teams(actor), NOT_KEEPER)
    team = locked_row(team, version)
    with once(TAKEN, field="name"):
        save_row(team, **_checked(name, members, use))
    record(actor, Verb.TEAM_CHANGED, team)
    return team


@transaction.atomic
def retire_team(team: Team, *, actor: User, version: int | None = None) -> Team:
    """MenuItem a template no more."""
    return _use(team, actor, version, in_use=False)


@transaction.atomic
def restore_team(team: Team, *, actor: User, version: int | None = None) -> Team:
    """MenuItem a template again."""
    return _use(team, actor, version, in_use=True)


def _use(team: Team, actor: User, version: int | None, *, in_use: bool) -> Team:
    require(may_keep_teams(actor), NOT_KEEPER)
    team = locked_row(team, version)
    save_row(team, is_active=in_use)
    record(actor, Verb.TEAM_RESTORED if in_use else Verb.TEAM_RETIRED, team)
    return team


def _checked(name: str, members: Sequence[str], use: str) -> dict[str, object]:
    who = list(dict.fromkeys(filter(None, (clean_text(m, field="members", max_length=40) for m in members))))
    if not 1 < len(who) <= MOST:
        raise RuleViolation(f"请填写参与方，一行一个，2 至 {MOST} 个。", field="members")
    return {
        "name": filled(name, field="name", what="名称", longest=40),
        "members": who,
        "use": clean_text(use, field="use", max_length=200),
    }
