"""Who may run the installation."""

from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import require


def may_run_installation(actor: User) -> bool:
    """See how the installation fares, try again what failed, give up what is of no use: the system administrator."""
    return scope_of(actor).may(Capability.RUN_INSTALLATION)


def require_run(actor: User) -> None:
    """Refuse everybody else."""
    require(may_run_installation(actor), "这里由系统管理员使用。")
