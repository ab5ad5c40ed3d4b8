"""Taking the kept paper of a document out: checked against its digest, and recorded."""

from django.db import transaction

from intake.permissions import may_see_personal
from referrals.lifecycle import State
from referrals.models import Document, Purpose
from referrals.permissions import may_read_whole
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, NotFound, require
from zhongzhi.files import store
from zhongzhi.files.models import StoredFile
from zhongzhi.printing.models import SignedPaper


@transaction.atomic
def note_download(document: Document, *, actor: User) -> StoredFile:
    """The file that was signed. InvalidTransition before the signature, and when the bytes are not those any more."""
    require(may_read_whole(actor, document), "正文含当事人姓名，只有收发单位和办理本案的人员可以下载。")
    if document.file is None:
        raise InvalidTransition("公文签发后才有文件可以下载。")
    try:
        _, sm3 = store.measure(document.file.path)
    except FileNotFoundError:
        raise NotFound("文件内容已不在服务器上，请联系系统管理员从备份恢复。") from None
    if sm3 != document.sm3:
        raise InvalidTransition("存档文件与签发时的摘要不符，已停止下载，请立即联系安全管理员核查。")
    record(actor, Verb.DOWNLOADED, document, sm3=sm3)
    return document.file


@transaction.atomic
def take_signed_paper(document: Document, *, actor: User) -> tuple[SignedPaper, str] | None:
    """The paper of the moment of signature, with what marks it now (作废); None for a draft and for whom the words with
    names are not. Who took it is recorded."""
    if document.paper is None or not may_read_whole(actor, document):
        return None
    record(actor, Verb.PRINTED, document)
    return document.paper, "作废" if document.status == State.VOID else ""


@transaction.atomic
def note_envelope(document: Document, *, actor: User) -> None:
    """Its envelope names an address: for who may see that, and recorded. InvalidTransition before the signature."""
    require(may_read_whole(actor, document), "信封写有当事人地址，只有收发单位和办理本案的人员可以打印。")
    if not document.is_signed:
        raise InvalidTransition("公文签发后才能打印信封。")
    record(actor, Verb.PRINTED, document, what="envelope")


@transaction.atomic
def note_print(document: Document, *, actor: User) -> bool:
    """Whether this person's print shows the parties of a slip in the clear; such a print is recorded."""
    if document.kind.purpose != Purpose.DISPATCH or document.case is None or not may_see_personal(actor, document.case):
        return False
    record(actor, Verb.PRINTED, document)
    return True
