"""The archive: one tar with the database, the stored files, and a manifest with the digest of each of them.

The manifest, its own digest and its signature come last, so a copy that was cut short is never taken for a whole one.
Digests are SM3, as those of the stored files. The signature is a code under HASH_KEY: an archive holds SQL, and only
what this installation wrote is ever run. Nothing is unpacked by name: who reads gets each member and decides where it
goes.
"""

import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hmac import compare_digest
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from cryptography.hazmat.primitives import hashes

from zhongzhi.core.ciphers import keyed_hash, keyed_hashes, sm3
from zhongzhi.core.errors import DomainError
from zhongzhi.files.store import length

FORMAT = 2
"""1 had no signature."""
DUMP = "database.dump"
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sm3"
SIGNATURE = "manifest.mac"
PURPOSE = "backup-manifest"
FILES = "files/"
BLOCK = 1024 * 1024


class ArchiveBroken(DomainError):
    """It is no archive of ours, or not as it was written."""

    code = "archive_broken"


@dataclass
class Manifest:
    """What an archive holds, and what it needs."""

    program: str
    made_at: str
    server: int
    """The major version of PostgreSQL it came from."""
    database: str
    migrations: dict[str, list[str]]
    tables: dict[str, int]
    """How many rows each table had."""
    trail: dict[str, Any]
    keys: dict[str, str]
    """A fingerprint of each key that is needed, by its id; that of HASH_KEY under that name."""
    members: dict[str, list[Any]] = field(default_factory=dict)
    """Size and digest of every other member."""
    missing: list[str] = field(default_factory=list)
    """Files that a row knows and the disk did not have, or not as they were kept."""
    programs: int = 0
    """The major version of pg_dump: an older pg_restore may not read what it wrote."""
    format: int = FORMAT
    is_signed: bool = False
    """Whether this installation wrote it; found out in reading, never written down."""

    @property
    def files(self) -> int:
        """How many stored files there are."""
        return sum(name.startswith(FILES) for name in self.members)


class Writer:
    """Puts members into an archive and notes their digests."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self.tar = tar
        self.manifest = manifest

    def add(self, name: str, source: IO[bytes]) -> str:
        """Put an opened file in; its digest."""
        reading, size = _Digesting(source), length(source)
        self.tar.addfile(_head(name, size), reading)
        digest = reading.hexdigest()
        self.manifest.members[name] = [size, digest]
        self.tar.members = []  # type: ignore[attr-defined]  # it would keep the head of every member
        return digest

    def close(self) -> None:
        """Write the manifest, its digest and its signature."""
        facts = {name: value for name, value in asdict(self.manifest).items() if name != "is_signed"}
        text = json.dumps(facts, ensure_ascii=False, indent=1).encode()
        for name, content in ((MANIFEST, text), (MANIFEST_DIGEST, sm3(text).encode()), (SIGNATURE, _signature(text))):
            self.tar.addfile(_head(name, len(content)), BytesIO(content))


@contextmanager
def writing(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """A new archive, readable by its owner only; on the disk and whole when this ends without an error."""
    with open(path, "xb", opener=_private) as target:
        with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writer = Writer(tar, manifest)
            yield writer
            writer.close()
        target.flush()
        os.fsync(target.fileno())


def verified(path: Path) -> Manifest:
    """Read an archive from its beginning to its end and compare every digest; ArchiveBroken for any difference."""
    seen: dict[str, list[Any]] = {}
    kept: dict[str, bytes] = {}
    with _told_broken(path):
        for name, source, size in members(path):
            if name in (MANIFEST, MANIFEST_DIGEST, SIGNATURE):
                kept[name] = source.read()
            else:
                seen[name] = [size, _digest(source)]
    manifest = _manifest(kept)
    wrong = sorted(
        name for name in seen.keys() | manifest.members.keys() if seen.get(name) != manifest.members.get(name)
    )
    if wrong:
        raise ArchiveBroken(f"备份与清单不符，共 {len(wrong)} 处，例如 {wrong[0]}。请换另一份备份。")
    return manifest


def sign(path: Path) -> None:
    """Sign a whole archive that was written before there were signatures; for who knows where it has lain.

    Raises ArchiveBroken. A copy is signed and takes its place.
    """
    if verified(path).is_signed:
        return
    with TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(shutil.copy2(path, folder))
        text = next(source.read() for name, source, _ in members(copy) if name == MANIFEST)
        with tarfile.open(copy, mode="a:", format=tarfile.PAX_FORMAT) as tar:
            content = _signature(text)
            tar.addfile(_head(SIGNATURE, len(content)), BytesIO(content))
        copy.replace(path)


def members(path: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """Name, content and size of every member, one after the other; ArchiveBroken where it cannot be read."""
    with _told_broken(path), tarfile.open(path, mode="r:") as tar:
        while (info := tar.next()) is not None:
            source = tar.extractfile(info) if info.isreg() else None
            if source is None:
                raise ArchiveBroken(f"备份里有不该有的内容：{info.name}")
            yield info.name, source, info.size
            tar.members = []  # type: ignore[attr-defined]


@contextmanager
def _told_broken(path: Path) -> Iterator[None]:
    """What cannot be read, in words."""
    try:
        yield
    except FileNotFoundError:
        raise ArchiveBroken(f"没有找到备份文件：{path}") from None
    except (tarfile.TarError, EOFError):
        raise ArchiveBroken("备份文件不完整，或者不是本系统的备份。请换另一份备份。") from None


def _digest(source: IO[bytes]) -> str:
    reading = _Digesting(source)
    while reading.read(BLOCK):
        pass
    return reading.hexdigest()


def _manifest(kept: dict[str, bytes]) -> Manifest:
    text = kept.get(MANIFEST, b"")
    if not text or sm3(text).encode() != kept.get(MANIFEST_DIGEST):
        raise ArchiveBroken("备份没有完整的清单：文件不完整，或者不是本系统的备份。请换另一份备份。")
    facts = json.loads(text)
    if facts.get("format") not in (1, FORMAT):
        raise ArchiveBroken("备份的格式比本程序新。请先升级程序再恢复。")
    return Manifest(**facts, is_signed=_is_ours(text, kept.get(SIGNATURE, b"")))


def _signature(text: bytes) -> bytes:
    return keyed_hash(text.decode(), purpose=PURPOSE).hex().encode()


def _is_ours(text: bytes, signature: bytes) -> bool:
    """Whether a signature is one of this installation, under whichever of its keys."""
    return any(
        compare_digest(known.hex().encode(), signature) for known in keyed_hashes(text.decode(), purpose=PURPOSE)
    )


class _Digesting:
    """A file that is read once, and its digest."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.hash = hashes.Hash(hashes.SM3())

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.source.read(size)
        self.hash.update(block)
        return block

    def hexdigest(self) -> str:
        """Of all that was read; asked once."""
        return self.hash.finalize().hex()


def _head(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _private(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NOFOLLOW, 0o600)
