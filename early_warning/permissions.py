"""Who may read and decide warnings, and who keeps their rules. What of the evidence is shown sight decides."""

from early_warning.models import Warning
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User

NOT_MINE = "预警由负责的综治中心或上级中心的研判分流员、负责人核实和处置。"
WHO_KEEPS = "预警规则由系统管理员维护。"


def sees_warnings(actor: User) -> bool:
    """Whom the pages of warnings concern: who reads them by post, and who works in grids."""
    scope = scope_of(actor)
    return scope.may(Capability.READ_WARNINGS) or bool(scope.areas)


def may_decide(actor: User, warning: Warning) -> bool:
    """Confirm, dismiss and act on a warning: who decides at a centre over its place."""
    posts = scope_of(actor).posts_with(Capability.DECIDE_WARNINGS)
    code = warning.territory.current_code
    return any(p.organisation.is_centre and code.startswith(p.organisation.territory.current_code) for p in posts)


def may_know_readers(actor: User, warning: Warning) -> bool:
    """Read who opened it: who reads warnings by post at a centre over its place, not who works in its grid."""
    posts = scope_of(actor).posts_with(Capability.READ_WARNINGS)
    code = warning.territory.current_code
    return any(p.organisation.is_centre and code.startswith(p.organisation.territory.current_code) for p in posts)


def decides_warnings(actor: User) -> bool:
    """Whether the person decides any at all."""
    return scope_of(actor).may_at_some_centre(Capability.DECIDE_WARNINGS)


def may_keep_rules(actor: User) -> bool:
    """Change rules and words of danger: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_WARNING_RULES)


def may_read_rules(actor: User) -> bool:
    """Read the rules: who keeps them, and who decides by them."""
    return may_keep_rules(actor) or scope_of(actor).may(Capability.READ_WARNINGS)
