"""The acts that referrals put on a case and on a document: name, label, who may now, and the action behind it.

One table each for pages and API, as `intake.available_actions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from intake.available_actions import ACTS, Situation
from intake.coordination.actions import release_part
from intake.lifecycle import State as CaseState
from intake.models import Case, Handling, HandlingPart
from referrals import actions, permissions
from referrals.lifecycle import LIFECYCLE, UNSIGNED, WAITING, Event, State
from referrals.models import AnswerKind, Document, DocumentAnswer, DocumentExtension, Purpose
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound, RuleViolation

IN_HAND = (CaseState.DISPATCHED, CaseState.HANDLING)


@dataclass(frozen=True)
class CaseAct:
    """One act on a case that brings documents or joint work about."""

    name: str
    label: str
    icon: str
    rank: int
    allowed: Callable[[Situation], bool]
    run: Callable[..., Any]


def available_case_acts(user: User, case: Case) -> list[CaseAct]:
    """What this person may do with the case now, apart from intake's acts."""
    situation = Situation(user, case)
    return [act for act in CASE_ACTS if act.name not in SHARED and act.allowed(situation)]


def case_act_named(name: str) -> CaseAct:
    """An act by its name in addresses; NotFound for none."""
    for act in CASE_ACTS:
        if act.name == name:
            return act
    raise NotFound("没有这项操作。")


def _of_intake(name: str) -> Callable[[Situation], bool]:
    known = next(act for act in ACTS if act.name == name)
    return known.is_open


def _in_hand(s: Situation) -> bool:
    return s.case.status in IN_HAND and s.may_sort


def _gives_tasks(s: Situation) -> bool:
    return s.case.status in IN_HAND and (s.may_sort or s.may_work)


def _meets(s: Situation) -> bool:
    return s.case.status in (CaseState.ACCEPTED, *IN_HAND) and (s.may_sort or s.may_work)


def _releases(s: Situation) -> bool:
    return s.may_sort and any(
        h.closed_at is None and h.part == HandlingPart.CO and h.kind == "dispatch" for h in s.case.handlings.all()
    )


def _letters(s: Situation) -> bool:
    return s.case.status in (CaseState.ACCEPTED, CaseState.CONCLUDED, *IN_HAND) and s.may_sort


def _marks_care(s: Situation) -> bool:
    record = getattr(s.case, "care", None)
    return permissions.may_mark_care(s.user, s.case) and (record is None or record.ended_at is not None)


def _release_part(case: Case, *, handling: Handling | None, **values: Any) -> Case:
    if handling is None:
        raise RuleViolation("请选择要解除的协办单位。", field="handling")
    return release_part(case, handling, **values)


def _meet(case: Case, *, version: int | None = None, **values: Any) -> Any:
    return actions.record_meeting(case, **values)


def _give_task(case: Case, *, version: int | None = None, **values: Any) -> Any:
    return actions.give_task(case, values.pop("handling"), **values)


SHARED = ("dispatch", "hand-down")
"""Acts of intake's own table that are done here: intake says who may and when."""

CASE_ACTS: tuple[CaseAct, ...] = (
    CaseAct("dispatch", "交办", "send", 30, _of_intake("dispatch"), actions.dispatch_with_slip),
    CaseAct("hand-down", "交由下级办理", "arrow-down", 130, _of_intake("hand-down"), actions.hand_down_with_slip),
    CaseAct("add-co-handlers", "增加协办", "users-plus", 141, _in_hand, actions.add_co_handlers_with_slips),
    CaseAct("add-task", "下达联动任务", "list-check", 142, _gives_tasks, _give_task),
    CaseAct("meeting", "记录联席会议", "users-group", 143, _meets, _meet),
    CaseAct("release-part", "解除协办", "user-minus", 144, _releases, _release_part),
    CaseAct("draft", "拟发函单", "file-text", 145, _letters, actions.draft_letter),
    CaseAct("mark-care", "登记特殊关爱", "heart-handshake", 146, _marks_care, actions.mark_care),
)


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

    @property
    def is_under_way(self) -> bool:
        """A dispatch slip whose organisation handles the case."""
        return self.is_slip and self.document.handling is not None and self.document.handling.closed_at is None


@dataclass(frozen=True)
class DocumentAct:
    """One act on a document. `event` is its move in the lifecycle, None for acts that leave the state alone."""

    name: str
    label: str
    icon: str
    event: Event | None
    allowed: Callable[[DocumentSituation], bool]
    run: Callable[..., Any]
    danger: bool = False

    def is_open(self, situation: DocumentSituation) -> bool:
        """Whether this person may do it now."""
        if self.event and not LIFECYCLE.allows(State(situation.document.status), self.event):
            return False
        return self.allowed(situation)


def available_document_acts(user: User, document: Document) -> list[DocumentAct]:
    """What this person may do with the document now; the first is the one that is usually next."""
    situation = DocumentSituation(user, document)
    return [act for act in DOCUMENT_ACTS if act.is_open(situation)]


def document_act_named(name: str) -> DocumentAct:
    """An act by its name in addresses; NotFound for none."""
    for act in DOCUMENT_ACTS:
        if act.name == name:
            return act
    raise NotFound("没有这项操作。")


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
    handling = s.document.handling
    return not s.is_slip or (handling is not None and handling.signed_at is None and handling.closed_at is None)


def _returns(s: DocumentSituation) -> bool:
    if not permissions.may_answer(s.user, s.document):
        return False
    return not s.is_slip or (s.document.handling is not None and s.document.handling.closed_at is None)


def _answers(s: DocumentSituation) -> bool:
    wanted = s.document.kind.answer in (AnswerKind.REPORT, AnswerKind.ADOPTION)
    return wanted and not s.is_slip and permissions.may_answer(s.user, s.document)


def _asks_for_time(s: DocumentSituation) -> bool:
    document, kind = s.document, s.document.kind
    if s.is_slip or document.status not in WAITING or document.answer_due_at is None:
        return False
    left = kind.extension_amount and document.extended < kind.max_extensions
    return bool(left) and s.open_extension is None and permissions.may_answer(s.user, document)


def _decides_time(s: DocumentSituation) -> bool:
    return permissions.may_decide(s.user, s.document) and s.open_extension is not None


def _decides_answer(s: DocumentSituation) -> bool:
    return permissions.may_decide(s.user, s.document) and s.open_answer is not None


def _notes_service(s: DocumentSituation) -> bool:
    return s.document.kind.answer == AnswerKind.SERVICE and permissions.may_note_service(s.user, s.document)


def _voids(s: DocumentSituation) -> bool:
    return permissions.may_sign(s.user, s.document) and not s.is_under_way


def _reissues(s: DocumentSituation) -> bool:
    return permissions.may_sign(s.user, s.document) and s.is_under_way


DOCUMENT_ACTS: tuple[DocumentAct, ...] = (
    DocumentAct("decide-extension", "决定延期申请", "gavel", None, _decides_time, actions.decide_document_extension),
    DocumentAct("decide-answer", "审阅答复", "gavel", None, _decides_answer, actions.decide_answer),
    DocumentAct("review", "审核通过", "check", Event.APPROVE, _reviews, actions.review_document),
    DocumentAct("sign", "签发", "signature", Event.SIGN, _signs, actions.sign_document),
    DocumentAct("submit", "送审", "send", Event.SUBMIT, _submits, actions.submit_document),
    DocumentAct("issue", "印发", "send", Event.ISSUE, _issues, actions.issue_document),
    DocumentAct("receive", "签收", "signature", Event.RECEIVE, _receives, actions.receive_document),
    DocumentAct("answer", "答复", "clipboard-check", Event.ANSWER, _answers, actions.answer_document),
    DocumentAct("note-service", "登记送达", "check", Event.FINISH, _notes_service, actions.note_service),
    DocumentAct("edit", "修改", "edit", None, _edits, actions.edit_draft),
    DocumentAct("extend", "申请延期", "hourglass", None, _asks_for_time, actions.ask_document_extension),
    DocumentAct("return", "退回", "arrow-back-up", Event.RETURN, _returns, actions.return_document),
    DocumentAct("send-back", "退回修改", "arrow-back-up", Event.SEND_BACK, _reviews, actions.send_back_draft),
    DocumentAct("discard", "弃用", "trash", Event.DISCARD, _discards, actions.discard_draft, danger=True),
    DocumentAct("reissue", "作废重发", "refresh", Event.VOID, _reissues, actions.reissue_slip),
    DocumentAct("void", "作废", "x", Event.VOID, _voids, actions.void_document, danger=True),
)
