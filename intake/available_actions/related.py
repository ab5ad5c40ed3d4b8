"""Acts on cases that belong together: merge and split, link as a repeat."""

from collections.abc import Iterable

from intake import actions, permissions
from intake.actions.merging import may_be_merged, may_be_split
from intake.available_actions.situation import Situation
from intake.fields import CaseCode
from intake.lifecycle import Event, State
from intake.models import Case
from zhongzhi.web.act_table import Act
from zhongzhi.web.shapes import REASON, Choice, Shape, Text, Words


def _merges(s: Situation) -> bool:
    return permissions.may_merge(s.user, s.case) and may_be_merged(s.case)


def _splits(s: Situation) -> bool:
    return permissions.may_merge(s.user, s.case) and may_be_split(s.case)


def _links(s: Situation) -> bool:
    return s.case.status != State.MERGED and permissions.may_merge(s.user, s.case)


def _unlinks(s: Situation) -> bool:
    return s.has_repeats and permissions.may_merge(s.user, s.case)


def _linked(case: Case) -> Iterable[tuple[str, str]]:
    return [(str(row.earlier.code), str(row.earlier)) for row in case.repeats_of.select_related("earlier")]


MERGER = Shape(
    "MergeIn",
    target=CaseCode(
        "并入哪件案件",
        help_text="输入编号、标题或姓名查找；先列出同一当事人或同地同类的案件",
        api_help="并入的案件编号",
        asked_for="merge",
    ),
    reason=Words("理由", rows=2),
)
LINK = Shape(
    "LinkIn",
    earlier=CaseCode("此前的案件", help_text="输入编号、标题或姓名查找", api_help="此前案件的编号"),
    note=Text("说明", longest=200, required=False, rows=2),
)
UNLINKING = Shape(
    "UnlinkIn", earlier=Choice("取消与哪件案件的关联", (), offered=_linked, any_code=True, api_help="此前案件的编号")
)

RELATED: tuple[Act[Situation], ...] = (
    Act("merge", "并案", "arrows-join", _merges, actions.merge_case, MERGER, event=Event.MERGE, rank=230),
    Act("split", "撤销并案", "arrows-split", _splits, actions.split_case, REASON, event=Event.SPLIT, rank=240),
    Act("link-repeat", "关联重复诉求", "link", _links, actions.link_repeat, LINK, rank=250),
    Act("unlink-repeat", "取消关联", "unlink", _unlinks, actions.unlink_repeat, UNLINKING, rank=260),
)
