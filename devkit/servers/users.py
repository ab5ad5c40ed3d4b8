"""PostgreSQL refuses to run as root: as root it runs as an unprivileged user that can reach its files."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

SYSTEM_DIR = Path("/var/lib/zhongzhi")


@dataclass(frozen=True)
class RunAs:
    """The user a server runs as; nothing set means ourselves."""

    uid: int | None = None
    gid: int | None = None

    def options(self) -> dict[str, object]:
        """Arguments for subprocess."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a folder to the user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def unprivileged() -> RunAs:
    """Ourselves, or `nobody` when we are root: no account is made on anybody's machine."""
    if os.geteuid() != 0:
        return RunAs()
    entry = pwd.getpwnam("nobody")
    return RunAs(entry.pw_uid, entry.pw_gid)


def process_is_dead(pid: int) -> bool:
    """Whether a process has ended and only waits for its parent to notice (Linux)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"


def reachable(path: Path) -> bool:
    """Whether every folder above may be entered by anyone."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents if parent.exists())


def place_for(data: Path, digest: str) -> Path:
    """Where the database files of a data folder lie.

    As root, below a folder that others cannot enter (such as /root), they lie in /var/lib/zhongzhi instead: we do
    not open other people's folders.
    """
    if os.geteuid() != 0 or reachable(data / "postgres"):
        return data / "postgres"
    return SYSTEM_DIR / digest / "postgres"


def programs_for(programs: Path) -> Path:
    """The folder of PostgreSQL's programs, copied to /var/lib/zhongzhi where the user could not reach them."""
    if os.geteuid() != 0 or reachable(programs / "postgres"):
        return programs
    install = programs.parent
    package = install.parent
    copy = SYSTEM_DIR / f"postgres-{int(install.stat().st_mtime)}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(package, half / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        half.rename(copy)
    return copy / package.name / install.name / programs.name
