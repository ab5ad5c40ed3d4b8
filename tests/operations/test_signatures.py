"""Signed papers and what is told outside carry the installation's SM2 signature; a time stamp where there is one."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError

from referrals.models import Document, DocumentSignature
from referrals.queries.paper_signatures import SignatureState, signature_state
from tests.audit.ways import codes, triggers_off
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.actions import anchor_seals, gather_all, seal_heads
from zhongzhi.audit.stamps import stamp, stamp_faults
from zhongzhi.core import sm2
from zhongzhi.core.sm2 import Verdict

pytestmark = pytest.mark.django_db
FIRST, SECOND = sm2.fresh_key(), sm2.fresh_key()


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.ANCHOR_FILE = str(tmp_path / "seals.jsonl")
    sm2.configure_from(f"s1:{FIRST}")
    yield
    sm2.configure_from(settings.SIGNING_KEYS)


def public(pair: str) -> str:
    return base64.b64encode(base64.b64decode(pair)[32:]).decode()


def seal_and_tell() -> None:
    gather_all()
    seal_heads()
    anchor_seals()


def told() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(settings.ANCHOR_FILE).read_text().splitlines()]


# --- keys ---------------------------------------------------------------------------------------------------


def test_a_signature_holds_for_its_words_and_its_key_only() -> None:
    made = sm2.sign(b"paper")
    assert made.startswith("s1:")
    assert sm2.verify(b"paper", made) is Verdict.VALID
    assert sm2.verify(b"papers", made) is Verdict.INVALID
    assert sm2.verify(b"paper", "s1:AAAA") is Verdict.INVALID
    assert sm2.verify(b"paper", "s9:AAAA") is Verdict.KEY_UNKNOWN
    sm2.configure_from(f"s1:{SECOND}")
    assert sm2.verify(b"paper", made) is Verdict.INVALID


def test_what_an_older_key_signed_stays_verifiable_by_its_public_part() -> None:
    made = sm2.sign(b"paper")
    sm2.configure_from(f"s2:{SECOND},s1:{public(FIRST)}")
    assert sm2.verify(b"paper", made) is Verdict.VALID
    assert sm2.sign(b"paper").startswith("s2:")
    sm2.configure_from(f"s2:{SECOND}")
    assert sm2.verify(b"paper", made) is Verdict.KEY_UNKNOWN


def test_without_keys_nothing_is_signed() -> None:
    sm2.configure_from("")
    assert sm2.sign(b"paper") == ""


@pytest.mark.parametrize(
    "text",
    ["s1", f"s1:{public(FIRST)}", f"s1:{FIRST},s1:{FIRST}", "s1:~~~", "s1:AAAA"],
    ids=["no key", "public only", "twice", "no base64", "too short"],
)
def test_wrong_keys_are_named_and_never_shown(text: str) -> None:
    with pytest.raises(ValueError, match="SIGNING_KEYS") as raised:
        sm2.configure_from(text)
    assert FIRST not in str(raised.value)


# --- papers -------------------------------------------------------------------------------------------------


def a_paper(ground: Ground) -> Document:
    return ways.signed(ground)


def test_a_signed_document_carries_a_signature_and_its_page_says_so(ground: Ground, client: Any) -> None:
    document = a_paper(ground)
    assert signature_state(document) is SignatureState.VALID
    client.force_login(ground.dispatcher)
    assert "签名有效" in client.get(f"/documents/{document.uid}/").content.decode()


def test_an_altered_document_or_paper_shows(ground: Ground, client: Any) -> None:
    document = a_paper(ground)
    Path(settings.MEDIA_ROOT, document.file.path).write_bytes(b"another paper")
    assert signature_state(document) is SignatureState.FILE_CHANGED
    with triggers_off("referrals_document"):
        Document.objects.filter(pk=document.pk).update(number="通〔2026〕99号")
    document.refresh_from_db()
    assert signature_state(document) is SignatureState.INVALID
    client.force_login(ground.dispatcher)
    assert "签名无效" in client.get(f"/documents/{document.uid}/").content.decode()
    with pytest.raises(CommandError, match="1 件"):
        call_command("verify_signatures", stdout=StringIO())


def test_the_command_counts_and_gives_the_public_keys(ground: Ground) -> None:
    a_paper(ground)
    sm2.configure_from("")
    a_paper(ground)
    sm2.configure_from(f"s2:{SECOND},s1:{public(FIRST)}")
    out = StringIO()
    call_command("verify_signatures", stdout=out)
    assert "有效 2 件，未加签名 2 件" in out.getvalue()
    out = StringIO()
    call_command("verify_signatures", "--keys", stdout=out)
    assert out.getvalue().splitlines() == [f"s2\t{public(SECOND)}", f"s1\t{public(FIRST)}"]
    sm2.configure_from(f"s2:{SECOND}")
    with pytest.raises(CommandError):
        call_command("verify_signatures", stdout=StringIO())


def test_a_signature_is_never_changed(ground: Ground) -> None:
    a_paper(ground)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"):
        DocumentSignature.objects.update(signature="s1:AAAA")


# --- what is told outside -----------------------------------------------------------------------------------


def test_lines_told_outside_are_signed_and_an_edit_without_the_key_is_found(ground: Ground) -> None:
    sm2.configure_from("")
    ways.signed(ground)
    seal_and_tell()
    sm2.configure_from(f"s1:{FIRST}")
    ways.signed(ground)
    seal_and_tell()
    file = Path(settings.ANCHOR_FILE)
    assert ["sm2" in line for line in told()] == [False, True]
    assert codes(file) == set()
    first, second = told()
    for change in ({**second, "sm2": "s1:AAAA"}, {k: v for k, v in second.items() if k != "sm2"}):
        lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (first, change)]
        file.write_text("\n".join(lines) + "\n")
        assert codes(file) == {"anchor_signature"}


# --- time stamps --------------------------------------------------------------------------------------------

CONFIG = """
[ tsa ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = county time
[ root ]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[ stamping ]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Authority(BaseHTTPRequestHandler):
    """A time stamping authority: openssl behind a page."""

    folder: Path
    is_away = False

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        (self.folder / "query").write_bytes(asked)
        if not self.is_away:
            openssl(
                self.folder,
                "ts",
                "-reply",
                "-config",
                "config",
                "-section",
                "tsa",
                "-queryfile",
                "query",
                "-out",
                "reply",
            )
        self.send_response(503 if self.is_away else 200)
        self.end_headers()
        if not self.is_away:
            self.wfile.write((self.folder / "reply").read_bytes())

    def log_message(self, *args: Any) -> None:
        pass


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[type[Authority]]:
    if shutil.which("openssl") is None:
        pytest.skip("the authority of this test is openssl, which is not on this machine")
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("req", "-config", "config", "-newkey", "rsa:2048", "-nodes")
    openssl(folder, *new, "-x509", "-extensions", "root", "-subj", "/CN=root", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, *new, "-subj", "/CN=tsa", "-keyout", "tsa.key", "-out", "tsa.csr")
    openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-extfile", "config", "-extensions", "stamping", "-days", "9", "-out", "tsa.pem",
    )  # fmt: skip
    Authority.folder, Authority.is_away = folder, False
    server = HTTPServer(("127.0.0.1", 0), Authority)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.TSA_URL, settings.TSA_CERTIFICATES = f"http://127.0.0.1:{server.server_port}/", str(folder / "ca.pem")
    yield Authority
    server.shutdown()
    server.server_close()


def test_a_seal_told_outside_is_stamped_by_the_authority(ground: Ground, authority: type[Authority]) -> None:
    ways.signed(ground)
    seal_and_tell()
    file = Path(settings.ANCHOR_FILE)
    seal, stamped = told()
    assert (stamped["stamped"], stamped["mac"]) == (seal["seal"], seal["code"])
    assert codes(file) == set()
    ways.signed(ground)
    seal_and_tell()
    assert codes(file) == set()


def test_a_stamp_over_something_else_is_found(authority: type[Authority]) -> None:
    token = stamp(b"one")
    assert stamp_faults(1, token, b"one") == []
    assert [fault.code for fault in stamp_faults(1, token, b"two")] == ["stamp_altered"]
    assert [fault.code for fault in stamp_faults(1, "AAAA", b"one")] == ["stamp_altered"]


def test_while_the_authority_is_away_seals_are_told_all_the_same(ground: Ground, authority: type[Authority]) -> None:
    authority.is_away = True
    ways.signed(ground)
    seal_and_tell()
    assert [set(line) & {"seal", "stamped"} for line in told()] == [{"seal"}]
    assert codes(Path(settings.ANCHOR_FILE)) == set()
    authority.is_away = False
    ways.signed(ground)
    seal_and_tell()
    assert [next(iter(set(line) & {"seal", "stamped"})) for line in told()] == ["seal", "seal", "stamped"]
