"""Acts between signing for and reporting: a note, what one is asked to read, directions of leaders."""

from operator import attrgetter

from grids.models import Organisation
from grids.roles import Capability
from grids.scope import scope_of
from intake import actions, permissions
from intake.available_actions.scopes import OF_HANDLERS
from intake.available_actions.situation import Situation
from intake.fields import OrganisationKey, PersonKey
from intake.lifecycle import OPEN_STATES
from intake.models import Case, Direction, NoteKind
from intake.queries import has_unread_mentions, open_directions_of, organisations_on, people_on
from zhongzhi.web.act_table import Act, Asked
from zhongzhi.web.shapes import Ask, Choice, Day, Line, RowChoice, RowChoices, Shape, Text, Upload, today


def _notes(s: Situation) -> bool:
    return s.case.status in OPEN_STATES and permissions.may_write_note(s.user, s.case)


def _reads_mentions(s: Situation) -> bool:
    return has_unread_mentions(s.user, s.case)


def _directs(s: Situation) -> bool:
    return s.case.status in OPEN_STATES and permissions.may_direct(s.user, s.case)


def _directed(s: Situation) -> list[Direction]:
    scope = scope_of(s.user)
    return [row for row in open_directions_of(s.case) if scope.may_at(row.organisation_id, Capability.HANDLE)]


def _answers(s: Situation) -> bool:
    return bool(_directed(s))


def _reads(s: Situation) -> bool:
    return any(row.read_at is None for row in _directed(s))


def _asked(s: Situation) -> Asked | None:
    row = next(iter(_directed(s)), None)
    if row is None:
        return None
    return Asked(row.leader.name, f"批示，{row.due_on} 前办复" if row.due_on else "批示", row.words)


def _on_case(case: Case) -> list[Organisation]:
    return organisations_on(case)


NOTE_ON_WORK = Shape(
    "WorkNoteIn",
    on=Day("日期", first=today),
    kind=Choice("类别", NoteKind, api=Ask.OPTIONAL, first=NoteKind.WORK),
    text=Text("记录", longest=2000, rows=4),
    citizen_line=Line(
        "告知当事人", required=False, longest=200, help_text="填写的，当事人在查询页可以看到；不写姓名、号码"
    ),
    mentioned=RowChoices("请谁阅", people_on, reads=attrgetter("name"), required=False, key=PersonKey),
    file=Upload("附件", required=False),
)
DIRECTION = Shape(
    "DirectionIn",
    organisation=RowChoice("办理单位", _on_case, reads=attrgetter("name"), empty="请选择", key=OrganisationKey),
    words=Text("批示", longest=1000),
    due_on=Day("办复期限", required=False, nullable=True),
)
ANSWER = Shape("DirectionAnswerIn", answer=Text("办复", longest=2000))

NOTING: tuple[Act[Situation], ...] = (
    Act(
        "write-note",
        "写办理记录",
        "file-text",
        _notes,
        actions.write_note,
        NOTE_ON_WORK,
        rank=161,
        done="已记录。",
        scope=OF_HANDLERS,
    ),
    Act("read-mentions", "已阅（提到我的）", "eye", _reads_mentions, actions.read_mentions, rank=165, done="已阅。"),
    Act(
        "direct",
        "批示",
        "signature",
        _directs,
        actions.give_direction,
        DIRECTION,
        rank=61,
        done="已批示，承办单位会收到通知。",
    ),
    Act(
        "read-direction",
        "已阅批示",
        "eye",
        _reads,
        actions.read_direction,
        rank=18,
        scope=OF_HANDLERS,
        done="已阅批示。",
    ),
    Act(
        "answer-direction",
        "办复批示",
        "send",
        _answers,
        actions.answer_direction,
        ANSWER,
        asked=_asked,
        rank=17,
        scope=OF_HANDLERS,
    ),
)
