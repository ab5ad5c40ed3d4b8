"""Acts on a document, from its draft to its answer."""

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from intake.available_actions import ACTS, act_named
from intake.available_actions import Situation as CaseSituation
from intake.available_actions.handling import DECISION
from intake.models import HandlingPart
from referrals import actions, permissions
from referrals.actions.answering import why_no_more_time, why_not_decide, why_not_receive
from referrals.lifecycle import LIFECYCLE, UNSIGNED, Event, State
from referrals.models import Adoption, AnswerKind, Document, DocumentAnswer, DocumentExtension, Purpose
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable, Asked
from zhongzhi.web.shapes import NOTE, REASON, Ask, Choice, Line, Shape, Text, Tick, Words, YesNo


@dataclass(frozen=True)
class DocumentSituation:
    """A document as its acts look at it; what hangs on it is read once, and only when asked for."""

    user: User
    document: Document

    @cached_property
    def open_answer(self) -> DocumentAnswer | None:
        """An answer that waits to be accepted."""
        return self.document.answers.filter(accepted__isnull=True).select_related("answered_by").first()

    @cached_property
    def open_extension(self) -> DocumentExtension | None:
        """More time asked for and not decided."""
        return self.document.extensions.filter(granted__isnull=True).select_related("asked_by").first()

    @property
    def is_slip(self) -> bool:
        """A dispatch slip goes the way of its handling."""
        return self.document.kind.purpose == Purpose.DISPATCH and self.document.handling_id is not None

    def handles(self, as_lead: str, as_part: str) -> bool:
        """Whether the person may do with the handling of a slip what the case offers its lead, or a co-handler."""
        document = self.document
        if document.case is None or document.handling is None or document.handling.closed_at is not None:
            return False
        of_case = CaseSituation(self.user, document.case)
        if document.handling.part == HandlingPart.LEAD:
            return ACTS.is_open(act_named(as_lead), of_case)
        return of_case.part == document.handling and ACTS.is_open(act_named(as_part), of_case)

    @property
    def is_under_way(self) -> bool:
        """A dispatch slip whose organisation handles the case."""
        return self.is_slip and self.document.handling is not None and self.document.handling.closed_at is None


def _signs(s: DocumentSituation) -> bool:
    waits_for_review = s.document.kind.reviewed and s.document.status == State.DRAFT
    return permissions.may_sign(s.user, s.document) and not waits_for_review


def _edits(s: DocumentSituation) -> bool:
    editable = s.document.status in UNSIGNED and s.document.status != State.READY
    return editable and permissions.may_edit(s.user, s.document)


def _submits(s: DocumentSituation) -> bool:
    return s.document.kind.reviewed and permissions.may_edit(s.user, s.document)


def _reviews(s: DocumentSituation) -> bool:
    return permissions.may_review(s.user, s.document)


def _discards(s: DocumentSituation) -> bool:
    return permissions.may_edit(s.user, s.document)


def _issues(s: DocumentSituation) -> bool:
    return permissions.may_decide(s.user, s.document)


def _receives(s: DocumentSituation) -> bool:
    if s.document.kind.answer == AnswerKind.SERVICE or not permissions.may_answer(s.user, s.document):
        return False
    return s.handles("sign", "sign-part") if s.is_slip else why_not_receive(s.document, s.user) is None


def _returns(s: DocumentSituation) -> bool:
    if not permissions.may_answer(s.user, s.document):
        return False
    return s.handles("return", "return-part") if s.is_slip else why_not_receive(s.document, s.user) is None


def _answers(s: DocumentSituation) -> bool:
    wanted = s.document.kind.answer in (AnswerKind.REPORT, AnswerKind.ADOPTION)
    may = wanted and not s.is_slip and permissions.may_answer(s.user, s.document)
    return may and why_not_receive(s.document, s.user) is None


def _asks_for_time(s: DocumentSituation) -> bool:
    may = not s.is_slip and permissions.may_answer(s.user, s.document)
    return may and why_no_more_time(s.document) is None


def _decides_time(s: DocumentSituation) -> bool:
    asked = s.open_extension
    if asked is None or not permissions.may_decide(s.user, s.document):
        return False
    return why_not_decide(s.document, asked.asked_by_id, s.user) is None


def _decides_answer(s: DocumentSituation) -> bool:
    answer = s.open_answer
    if answer is None or not permissions.may_decide(s.user, s.document):
        return False
    return why_not_decide(s.document, answer.answered_by_id, s.user) is None


def _notes_service(s: DocumentSituation) -> bool:
    return s.document.kind.answer == AnswerKind.SERVICE and permissions.may_note_service(s.user, s.document)


def _voids(s: DocumentSituation) -> bool:
    return permissions.may_sign(s.user, s.document) and not s.is_under_way


def _reissues(s: DocumentSituation) -> bool:
    return permissions.may_sign(s.user, s.document) and s.is_under_way


def _moves(s: DocumentSituation, event: Event) -> bool:
    return LIFECYCLE.allows(State(s.document.status), event)


def _time_asked(s: DocumentSituation) -> Asked | None:
    asked = s.open_extension
    return None if asked is None else Asked(asked.asked_by.name, "申请延期", asked.reason)


def _answered(s: DocumentSituation) -> Asked | None:
    answer = s.open_answer
    return (
        None if answer is None else Asked(answer.answered_by.name, answer.get_adoption_display() or "答复", answer.text)
    )


def _wants_adoption(document: Document) -> bool:
    return document.kind.answer == AnswerKind.ADOPTION


def _sign(document: Document, *, held: bool = False, **who: Any) -> Document:
    return actions.sign_document(document, issue=not held, **who)


SIGNING = Shape(
    "DocumentSignIn",
    held=Tick(
        "先不印发",
        help_text="打印、核对无误后再办理“印发”；不选的，签发后立即印发",
        api_help="签发后先不印发，另行印发",
        api_default=False,
    ),
)
SERVICE = Shape(note=Line("送达情况", longest=300, help_text="如：本人签收、电话告知、短信告知，注明时间"))
EDITION = Shape(
    "DocumentEditIn",
    subject=Line("标题", longest=200, first=attrgetter("subject")),
    body=Text("正文", longest=10_000, rows=12, first=attrgetter("body")),
    copied_to=Line(
        "抄送",
        longest=300,
        required=False,
        help_text="单位之间用逗号分开，末尾不加句号",
        api_help="抄送；不填则不变",
        first=attrgetter("copied_to"),
    ),
)
REISSUE = Shape(
    "ReissueIn",
    reason=Words("作废理由"),
    subject=Line("标题", longest=200, api=Ask.OPTIONAL, api_help="不填则同原单", first=attrgetter("subject")),
    body=Text(
        "正文",
        longest=10_000,
        rows=12,
        api=Ask.OPTIONAL,
        api_help="不填则同原单；末尾自动写明原文号作废",
        first=attrgetter("body"),
    ),
)
ANSWER = Shape(
    "DocumentAnswerIn",
    adoption=Choice("采纳情况", Adoption, when=_wants_adoption, required=False, empty="请选择", api_help="建议函必填"),
    text=Text("答复内容", rows=5),
)
MORE_TIME = Shape("GrantIn", **DECISION)
VERDICT = Shape(
    "DecideAnswerIn",
    accepted=YesNo("决定", yes="认可", no="退回，重新答复"),
    note=Words("意见", required=False, rows=2, help_text="退回的须写明理由", api_help="退回时必填"),
)

OF_ADDRESSEES = "referrals:answer"
"""What outside systems need for the acts of the side that a document went to."""

DOCUMENT_ACTS: ActTable[DocumentSituation] = ActTable(
    Act(
        "decide-extension",
        "决定延期申请",
        "gavel",
        _decides_time,
        actions.decide_document_extension,
        MORE_TIME,
        asked=_time_asked,
    ),
    Act("decide-answer", "审阅答复", "gavel", _decides_answer, actions.decide_answer, VERDICT, asked=_answered),
    Act("review", "审核通过", "check", _reviews, actions.review_document, NOTE, event=Event.APPROVE),
    Act("sign", "签发", "signature", _signs, _sign, SIGNING, event=Event.SIGN),
    Act("submit", "送审", "send", _submits, actions.submit_document, NOTE, event=Event.SUBMIT),
    Act("issue", "印发", "send", _issues, actions.issue_document, event=Event.ISSUE),
    Act("receive", "签收", "signature", _receives, actions.receive_document, event=Event.RECEIVE, scope=OF_ADDRESSEES),
    Act(
        "answer",
        "答复",
        "clipboard-check",
        _answers,
        actions.answer_document,
        ANSWER,
        event=Event.ANSWER,
        scope=OF_ADDRESSEES,
    ),
    Act(
        "note-service", "登记送达", "check", _notes_service, actions.note_service, SERVICE, api=NOTE, event=Event.FINISH
    ),
    Act("edit", "修改", "edit", _edits, actions.edit_draft, EDITION),
    Act("extend", "申请延期", "hourglass", _asks_for_time, actions.ask_document_extension, REASON, scope=OF_ADDRESSEES),
    Act(
        "return",
        "退回",
        "arrow-back-up",
        _returns,
        actions.return_document,
        REASON,
        event=Event.RETURN,
        scope=OF_ADDRESSEES,
    ),
    Act("send-back", "退回修改", "arrow-back-up", _reviews, actions.send_back_draft, REASON, event=Event.SEND_BACK),
    Act("discard", "弃用", "trash", _discards, actions.discard_draft, REASON, event=Event.DISCARD, danger=True),
    Act("reissue", "作废重发", "refresh", _reissues, actions.reissue_slip, REISSUE, event=Event.VOID),
    Act("void", "作废", "x", _voids, actions.void_document, REASON, event=Event.VOID, danger=True),
    moves=_moves,
    confirm="确认办理？",
)


def available_document_acts(user: User, document: Document) -> list[Act[DocumentSituation]]:
    """What this person may do with the document now; the first is the one that is usually next."""
    return DOCUMENT_ACTS.available(DocumentSituation(user, document))
