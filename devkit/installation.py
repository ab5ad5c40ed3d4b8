"""The bundled servers of a data folder as an installation: `manage.py` of the same checkout finds them and the keys."""

import os
from pathlib import Path

from devkit.servers import database_url, redis_url
from devkit.servers.postgres import Postgres, bundled_programs
from devkit.servers.valkey import Valkey
from zhongzhi import environment

Server = Postgres | Valkey


def own_servers(data: Path, *, fast: bool = False) -> list[Server]:
    """The bundled servers that are needed: those whose address the environment does not give. Not started."""
    known = {"DATABASE_URL": Postgres, "REDIS_URL": Valkey}
    return [server(data, fast=fast) for name, server in known.items() if not os.environ.get(name)]


def prepare(data: Path) -> None:
    """Keep keys and addresses of the bundled servers in the data folder's file."""
    servers = {"DATABASE_URL": database_url(data), "REDIS_URL": redis_url(data)}
    environment.keep(data, servers | {"POSTGRES_PROGRAMS": str(bundled_programs())})
