"""How the databases of the environment are connected to, for the settings."""

from collections.abc import Mapping
from typing import Any

from zhongzhi.time_limits import limits


def database(given: Mapping[str, Any], *, pooled: bool) -> dict[str, Any]:
    """An entry of DATABASES for an address, with the limits of time of this kind of program.

    Behind a pooler in transaction mode no cursor outlives a transaction, and it sets the limits itself.
    """
    return {
        **given,
        "OPTIONS": {**limits().options(pooled=pooled), **given.get("OPTIONS", {})},
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }


def databases(env: Any, *, pooled: bool) -> dict[str, dict[str, Any]]:
    """DATABASES: the database itself, and its replica where there is one."""
    found = {"default": database(env.db_url("DATABASE_URL"), pooled=pooled)}
    if env.str("DATABASE_REPLICA_URL", default=""):
        found["replica"] = database(env.db_url("DATABASE_REPLICA_URL"), pooled=pooled)
    return found
