"""An archive becomes the installation again: first everything that could stop it, then files, then the database.

The database is replaced in one transaction, which also counts the rows: whatever goes wrong before its end, a kill too,
leaves the database as it was. Files come first: one without a row does no harm, one that is there as it was kept stays,
another is replaced by a rename, and by none that the backup found damaged.
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
from workbench.operations import programs, queries
from workbench.operations.actions.leftovers import RESTORING, forget_half_made
from workbench.operations.archive import DUMP, FILES, Manifest, members, verified
from workbench.operations.verbs import Verb
from zhongzhi import __version__
from zhongzhi.accounts.actions import end_all_sessions
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError
from zhongzhi.files.actions import put_back

BEGIN = "BEGIN;\n"
EMPTY = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n"
COUNTED = """DO $$ BEGIN IF (SELECT count(*) FROM public."{table}") <> {rows} THEN
    RAISE EXCEPTION 'table {table} has not as many rows as the manifest says'; END IF; END $$;
"""
COMMIT = "COMMIT;\n"
STATEMENT_FAILED = 3
"""With this psql says that it stopped at a statement: nothing was committed."""
KNOWS_TRANSACTION_TIMEOUT = 17
TRANSACTION_TIMEOUT = b"SET transaction_timeout = 0;\n"
PREAMBLE = (b"\n", b"--", b"\\restrict ", b"SET ", b"SELECT pg_catalog.set_config(")
LONGEST_LINE = 64 * 1024


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
    as it was. When it returns the new data stand, and `start_anew` is due.
    """
    forget_half_made(settings.DATA_DIR, RESTORING)
    manifest = verified(path)
    using = _fitting(manifest, replace=replace)
    done, damaged = Restored(manifest), frozenset(manifest.missing)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix=RESTORING, ignore_cleanup_errors=True) as folder:
        dump = Path(folder) / DUMP
        for name, source, _ in members(path):
            if name == DUMP:
                with dump.open("xb") as target:
                    shutil.copyfileobj(source, target)
            elif name.startswith(FILES):
                place, sm3 = name.removeprefix(FILES), manifest.members[name][1]
                done.files += put_back(place, source, sm3, damaged=place in damaged)
        server = programs.server_version()
        connection.close()
        _load(using, dump, manifest, server, replace=replace)
    return done


@transaction.atomic
def start_anew(done: Restored) -> None:
    """End what must not go on from before: sign-ins, and the places of outside systems in the feed of changes."""
    done.sessions = end_all_sessions()
    restart_feed()


@transaction.atomic
def note_restored(done: Restored, path: Path) -> None:
    """Tell the trail, and gather the planner's statistics, which no archive holds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    facts = {"archive": path.name[:100], "made_at": done.manifest.made_at, "program": done.manifest.program}
    record(None, Verb.RESTORED, "installation", **facts)


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
    if not manifest.is_signed:
        raise CannotRestore(
            "这份备份没有本系统的签名，不能恢复：其中的内容会作为数据库指令执行。"
            "升级前做的、一直保存在可靠地方的备份，先用 backup --sign 补签。"
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
    return programs.suitable(max(server, manifest.server, manifest.programs))


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


def _load(using: programs.Programs, dump: Path, manifest: Manifest, server: int, *, replace: bool) -> None:
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
            _pour(using, dump, psql.stdin, said, server)
            psql.stdin.write("".join([*_counting(manifest), COMMIT]).encode())
            psql.stdin.close()
            sent = True
        if psql.wait() not in (0, STATEMENT_FAILED) and sent:
            raise programs.ProgramFailed(
                f"提交时 psql 或与数据库的连接中断，不能确定数据是否已替换：{programs.last_words(said.fileno())}。"
                "请排除原因后重新执行 restore --replace。"
            )
        if psql.returncode or not sent:
            raise programs.ProgramFailed(f"写入数据库失败，数据库没有改动：{programs.last_words(said.fileno())}")


def _pour(using: programs.Programs, dump: Path, target: IO[bytes], said: IO[bytes], server: int) -> None:
    """The dump as SQL; ProgramFailed when it does not come to its end."""
    command = using.command("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump))
    with _running(command, stdout=subprocess.PIPE, stderr=said) as source:
        assert source.stdout is not None
        let_through(source.stdout, target, server=server)
        if source.wait():
            raise programs.ProgramFailed(f"备份无法读出，数据库没有改动：{programs.last_words(said.fileno())}")


def let_through(source: IO[bytes], target: IO[bytes], *, server: int) -> None:
    """Copy the SQL of a dump, without the one line of its preamble that newer programs write and older servers refuse.

    Looked for before the first statement that makes or fills something, never among rows.
    """
    while server < KNOWS_TRANSACTION_TIMEOUT and (line := source.readline(LONGEST_LINE)):
        if line == TRANSACTION_TIMEOUT:
            break
        target.write(line)
        if not line.startswith(PREAMBLE):
            break
    shutil.copyfileobj(source, target)


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
