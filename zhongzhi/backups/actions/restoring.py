"""An archive becomes the installation again: first everything that could stop it, then files, then the database.

The database is replaced in one transaction, which also counts the rows: whatever goes wrong, and whenever the program
is killed, what was there before is still there. Files come first: one without a row does no harm.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from intake.actions import restart_feed
from zhongzhi import __version__
from zhongzhi.accounts.actions import end_all_sessions
from zhongzhi.audit.actions import record
from zhongzhi.backups import programs, queries
from zhongzhi.backups.archive import DUMP, FILES, Manifest, members, verified
from zhongzhi.core.errors import DomainError
from zhongzhi.files.actions import put_back

BEGIN = "BEGIN;\n"
EMPTY = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n"
COUNTED = """DO $$ BEGIN IF (SELECT count(*) FROM public."{table}") <> {rows} THEN
    RAISE EXCEPTION 'table {table} has not as many rows as the manifest says'; END IF; END $$;
"""
COMMIT = "COMMIT;\n"


class CannotRestore(DomainError):
    """The archive does not fit this place; nothing was touched."""

    code = "cannot_restore"


@dataclass
class Restored:
    """What was done."""

    manifest: Manifest
    files: int = 0
    """How many were put back; those that were there already are not counted."""
    sessions: int = 0


def restore_backup(path: Path, *, replace: bool) -> Restored:
    """Bring files and database back from an archive. With `replace` what the database holds is given up.

    Raises ArchiveBroken, CannotRestore or ProgramMissing before anything is touched; ProgramFailed with the database
    as it was.
    """
    manifest = verified(path)
    using = _fitting(manifest, replace=replace)
    done = Restored(manifest)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restoring-") as folder:
        dump = Path(folder) / DUMP
        for name, source, _ in members(path):
            if name == DUMP:
                with dump.open("xb") as target:
                    shutil.copyfileobj(source, target)
            elif name.startswith(FILES):
                done.files += put_back(name.removeprefix(FILES), source, manifest.members[name][1])
        connection.close()
        _load(using, dump, manifest, replace=replace)
    return done


@transaction.atomic
def start_anew(done: Restored, path: Path) -> None:
    """What must not go on from before: sign-ins, and the places of outside systems in the feed of changes.

    The planner's statistics, which no archive holds, are gathered with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    done.sessions = end_all_sessions()
    restart_feed()
    facts = {"archive": path.name[:100], "made_at": done.manifest.made_at, "program": done.manifest.program}
    record(None, "restored_from_backup", "installation", **facts)


def fitting_keys(manifest: Manifest) -> list[str]:
    """The ids of keys that the archive needs and that are not configured here, or are others under the same id."""
    here = queries.keys_now()
    return sorted(key_id for key_id, print_ in manifest.keys.items() if here.get(key_id) != print_)


def _fitting(manifest: Manifest, *, replace: bool) -> programs.Programs:
    """Programs that can bring the archive back here; CannotRestore where it does not fit."""
    _require_known(manifest)
    if wrong := fitting_keys(manifest):
        raise CannotRestore(
            f"缺少这份备份所需的密钥，或者同一编号下不是同一把：{'、'.join(wrong)}。"
            "请在环境变量 FIELD_KEYS、HASH_KEY 中配置备份时的密钥；没有密钥，加密的内容无法打开。"
        )
    server = programs.server_version()
    if server < manifest.server:
        raise CannotRestore(
            f"备份来自 PostgreSQL {manifest.server}，这里的数据库是 {server}。请恢复到同版本或更高版本。"
        )
    if not replace and not queries.is_empty():
        raise CannotRestore("数据库里已经有表。请换一个空的数据库；确要放弃其中全部数据，请加 --replace。")
    if others := queries.others_connected():
        raise CannotRestore(f"数据库还有 {others} 个其他连接。请先停止网页服务、后台任务和定时调度，再恢复。")
    return programs.suitable(max(server, manifest.server))


def _require_known(manifest: Manifest) -> None:
    """Refuse what a newer program wrote: its tables would mean things that are not known here."""
    known = queries.known_migrations()
    strange = [
        f"{app}.{name}" for app, names in manifest.migrations.items() for name in names if (app, name) not in known
    ]
    if strange or _order(manifest.program) > _order(__version__):
        reason = f"，例如本程序没有 {strange[0]}" if strange else ""
        raise CannotRestore(
            f"备份出自更新的程序（{manifest.program}，本程序 {__version__}{reason}）。请先升级程序，再恢复。"
        )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _load(using: programs.Programs, dump: Path, manifest: Manifest, *, replace: bool) -> None:
    """Write the dump into the database in one transaction, which ends well only when every table has its rows.

    The end of the transaction is sent last: a program that stops before, for whatever reason, undoes everything.
    """
    quiet = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-v", "SHOW_CONTEXT=never")
    loading = using.command("psql", *quiet, *programs.address())
    with TemporaryFile() as said, _running(loading, stdin=subprocess.PIPE, stderr=said) as psql:
        assert psql.stdin is not None
        sent = False
        with suppress(BrokenPipeError):  # psql has given up, and says why
            psql.stdin.write((BEGIN + (EMPTY if replace else "")).encode())
            _pour(using, dump, psql.stdin, said)
            psql.stdin.write("".join([*_counting(manifest), COMMIT]).encode())
            psql.stdin.close()
            sent = True
        if psql.wait() or not sent:
            raise programs.ProgramFailed(f"写入数据库失败，数据库没有改动：{programs.last_words(said.fileno())}")


def _pour(using: programs.Programs, dump: Path, target: IO[bytes], said: IO[bytes]) -> None:
    """The dump as SQL; ProgramFailed when it does not come to its end."""
    command = using.command("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump))
    with _running(command, stdout=subprocess.PIPE, stderr=said) as source:
        assert source.stdout is not None
        shutil.copyfileobj(source.stdout, target)
        if source.wait():
            raise programs.ProgramFailed(f"备份无法读出，数据库没有改动：{programs.last_words(said.fileno())}")


def _counting(manifest: Manifest) -> Iterator[str]:
    for table, rows in manifest.tables.items():
        if not table.replace("_", "").isalnum():
            raise programs.ProgramFailed(f"清单里的表名不可用：{table[:63]}")
        yield COUNTED.format(table=table, rows=int(rows))


@contextmanager
def _running(
    command: list[str], *, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.DEVNULL, stderr: IO[bytes]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that does not outlive this block: whoever leaves it early ends the program first."""
    process = subprocess.Popen(command, env=programs.environment(), stdin=stdin, stdout=stdout, stderr=stderr)  # noqa: S603
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
        for pipe in filter(None, (process.stdin, process.stdout)):
            with suppress(BrokenPipeError):
                pipe.close()
