"""The acts on a case as a person or a program calls them: name, label, who may now, and the action behind it.

One table for pages and API. What may be done now is the lifecycle's answer joined with the permission's; acts that
do not move the case say themselves when they make sense.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grids.scope import scope_of
from intake import actions, permissions
from intake.actions import Report
from intake.coordination import actions as coordination_actions
from intake.deadlines.models import Clock, ClockKind, ExtensionRequest
from intake.lifecycle import INACTIVE_STATES, LIFECYCLE, Event, State
from intake.models import Case, Handling, HandlingKind, ReturnRequest, Risk, RoadTaken, Tier
from intake.queries import archive_gaps, ended_roads_of, open_roads_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound


@dataclass(frozen=True)
class Situation:
    """A case as the acts look at it; what hangs on it is read once, and only when asked for."""

    user: User
    case: Case

    @cached_property
    def lead(self) -> Handling | None:
        """The open handling of the organisation in charge."""
        rows = self.case.handlings.filter(closed_at__isnull=True, part="lead")
        return rows.select_related("organisation").first()

    @cached_property
    def return_request(self) -> ReturnRequest | None:
        """A return that waits for the manager's decision."""
        rows = ReturnRequest.objects.filter(handling__case=self.case, granted__isnull=True)
        return rows.select_related("handling__organisation", "asked_by").first()

    @cached_property
    def extension_request(self) -> ExtensionRequest | None:
        """More time asked for and not decided."""
        rows = ExtensionRequest.objects.filter(clock__case=self.case, granted__isnull=True).order_by("pk")
        return rows.select_related("clock__organisation", "clock__rule", "asked_by").first()

    @cached_property
    def handling_clock(self) -> Clock | None:
        """The handling limit that runs for the person's own organisation."""
        rows = Clock.objects.filter(case=self.case, kind=ClockKind.HANDLE, stopped_at=None, paused_at=None)
        own = rows.filter(handling__organisation_id__in=sorted(scope_of(self.user).organisation_ids))
        return own.select_related("rule", "handling").order_by("pk").first()

    @cached_property
    def part(self) -> Handling | None:
        """The open co-handling of the person's organisation, given by a slip."""
        rows = self.case.handlings.filter(closed_at__isnull=True, part="co", kind=HandlingKind.DISPATCH)
        own = rows.filter(organisation_id__in=sorted(scope_of(self.user).organisation_ids))
        return own.select_related("organisation").first()

    @cached_property
    def has_repeats(self) -> bool:
        """Whether the case is linked as the repeat of an earlier one."""
        return self.case.repeats_of.exists()

    @cached_property
    def gaps(self) -> list[str]:
        """What the file of a closed case still lacks."""
        return archive_gaps(self.case) if self.case.status == State.CLOSED else []

    @cached_property
    def open_roads(self) -> list[RoadTaken]:
        """Roads the case was led to whose result is waited for."""
        return open_roads_of(self.case)

    @cached_property
    def ended_roads(self) -> list[RoadTaken]:
        """Roads the case was led to whose result is recorded."""
        return ended_roads_of(self.case)

    @property
    def may_sort(self) -> bool:
        return permissions.may_sort(self.user, self.case)

    @property
    def may_work(self) -> bool:
        return self.lead is not None and permissions.may_work_on(self.user, self.lead)


@dataclass(frozen=True)
class Act:
    """One act. `event` is its move in the lifecycle, None for acts that leave the state alone; `run` is None for an act
    that an app above does, with what only it has (a dispatch goes out with its slip)."""

    name: str
    label: str
    icon: str
    event: Event | None
    allowed: Callable[[Situation], bool]
    run: Callable[..., Any] | None
    danger: bool = False

    def is_open(self, situation: Situation) -> bool:
        """Whether this person may do it now."""
        case = situation.case
        if self.event and not LIFECYCLE.allows(State(case.status), self.event):
            return False
        return self.allowed(situation)


def available_acts(user: User, case: Case) -> list[Act]:
    """What this person may do with the case now; the first is the one that is usually next."""
    situation = Situation(user, case)
    return [act for act in ACTS if act.is_open(situation)]


def act_named(name: str) -> Act:
    """An act of intake's own by its name in addresses; NotFound for none."""
    for act in ACTS:
        if act.name == name and act.run is not None:
            return act
    raise NotFound("没有这项操作。")


def _sorts(s: Situation) -> bool:
    return s.may_sort


def _accepts(s: Situation) -> bool:
    return permissions.may_accept(s.user, s.case)


def _works(s: Situation) -> bool:
    return s.may_work


def _returns(s: Situation) -> bool:
    return s.may_work and s.lead is not None and s.lead.kind != HandlingKind.SELF and s.return_request is None


def _reports(s: Situation) -> bool:
    return s.lead is not None and permissions.may_report(s.user, s.case, s.lead)


def _closes(s: Situation) -> bool:
    return permissions.may_close(s.user, s.case)


def _withdraws(s: Situation) -> bool:
    return permissions.may_withdraw(s.user, s.case)


def _regrades(s: Situation) -> bool:
    return s.case.status not in INACTIVE_STATES and s.may_sort


def _asks_for_time(s: Situation) -> bool:
    clock = s.handling_clock
    if clock is None or clock.handling is None or clock.breached_at or s.extension_request is not None:
        return False
    left = bool(clock.rule.extension_amount) and clock.extended < clock.rule.max_extensions
    return left and permissions.may_work_on(s.user, clock.handling)


def _decides_time(s: Situation) -> bool:
    return s.may_sort and s.extension_request is not None


def _decides_return(s: Situation) -> bool:
    return permissions.may_decide_return(s.user, s.case) and s.return_request is not None


def _merges(s: Situation) -> bool:
    return permissions.may_merge(s.user, s.case)


def _links(s: Situation) -> bool:
    return s.case.status != State.MERGED and permissions.may_merge(s.user, s.case)


def _unlinks(s: Situation) -> bool:
    return s.has_repeats and permissions.may_merge(s.user, s.case)


def _hangs_up(s: Situation) -> bool:
    return permissions.may_put_on_open_list(s.user, s.case)


def _names_leader(s: Situation) -> bool:
    return s.case.risk == Risk.RED and s.case.status not in INACTIVE_STATES and s.may_sort


def _follows_up(s: Situation) -> bool:
    return s.case.status == State.CLOSED and permissions.may_follow_up(s.user, s.case)


def _follow_up(case: Case, *, actor: User, version: int | None = None, **heard: Any) -> Any:
    return actions.record_follow_up(case, actions.Heard(**heard), actor=actor, version=version)


def _records_road(s: Situation) -> bool:
    return bool(s.open_roads) and permissions.may_record_road(s.user, s.case)


def _corrects_road(s: Situation) -> bool:
    return bool(s.ended_roads) and permissions.may_correct_road(s.user, s.case, s.ended_roads)


def _signs_part(s: Situation) -> bool:
    return s.part is not None and s.part.signed_at is None and permissions.may_work_on(s.user, s.part)


def _reports_part(s: Situation) -> bool:
    return s.part is not None and s.part.signed_at is not None and permissions.may_work_on(s.user, s.part)


def _escalates(s: Situation) -> bool:
    return s.case.tier != Tier.COUNTY and s.may_sort


def _hands_down(s: Situation) -> bool:
    return s.case.tier != Tier.VILLAGE and s.case.risk != Risk.RED and s.may_sort


def _report(case: Case, *, outcome: str, note: str, road: str = "", **who: Any) -> Case:
    return actions.report_outcome(case, Report(outcome, note, road), **who)


ACTS: tuple[Act, ...] = (
    Act("decide-return", "决定退回申请", "gavel", None, _decides_return, actions.decide_return),
    Act("decide-extension", "决定延期申请", "gavel", None, _decides_time, actions.decide_extension),
    Act("accept", "受理", "check", Event.ACCEPT, _accepts, actions.accept_case),
    Act("dispatch", "交办", "send", Event.DISPATCH, _sorts, None),
    Act("sign", "签收", "signature", Event.SIGN, _works, actions.sign_for_case),
    Act("sign-part", "签收协办", "signature", None, _signs_part, coordination_actions.sign_for_part),
    Act("report-outcome", "反馈办理结果", "clipboard-check", Event.CONCLUDE, _reports, _report),
    Act("report-part", "反馈协办情况", "clipboard-check", None, _reports_part, coordination_actions.report_part),
    Act("close", "审核办结", "circle-check", Event.CLOSE, _closes, actions.close_case),
    Act("follow-up", "回访", "phone", None, _follows_up, _follow_up),
    Act("road-result", "登记途径结果", "gavel", None, _records_road, actions.record_road_result),
    Act("resume", "恢复办理", "player-play", Event.RESUME, _sorts, actions.resume_case),
    Act("archive", "归档", "archive", Event.ARCHIVE, _sorts, actions.archive_case),
    Act("take-up", "中心自办", "building-community", Event.TAKE_UP, _accepts, actions.take_up_case),
    Act("guide", "导引", "route", Event.GUIDE, _sorts, actions.guide_case),
    Act("send-back", "审核退回", "arrow-back-up", Event.SEND_BACK, _sorts, actions.send_back),
    Act("return", "退回", "arrow-back-up", Event.RETURN, _returns, actions.return_case),
    Act("return-part", "退回协办", "arrow-back-up", None, _signs_part, coordination_actions.return_part),
    Act("ask-extension", "申请延期", "hourglass", None, _asks_for_time, actions.ask_extension),
    Act("escalate", "上提一级", "arrow-up", Event.ESCALATE, _escalates, actions.escalate_case),
    Act("hand-down", "交由下级办理", "arrow-down", Event.HAND_DOWN, _hands_down, None),
    Act("regrade", "调整等级", "flag", None, _regrades, actions.regrade_case),
    Act("name-leader", "指定包案领导", "user-star", None, _names_leader, actions.name_leader_in_charge),
    Act("merge", "并案", "arrows-join", Event.MERGE, _merges, actions.merge_case),
    Act("split", "撤销并案", "arrows-split", Event.SPLIT, _merges, actions.split_case),
    Act("link-repeat", "关联重复诉求", "link", None, _links, actions.link_repeat),
    Act("unlink-repeat", "取消关联", "unlink", None, _unlinks, actions.unlink_repeat),
    Act("hang-up", "挂账", "pin", Event.SUSPEND, _hangs_up, actions.put_on_open_list),
    Act("suspend", "中止", "player-pause", Event.SUSPEND, _sorts, actions.suspend_case),
    Act("correct-road-result", "更正途径结果", "edit", None, _corrects_road, actions.correct_road_result),
    Act("reopen", "重办", "refresh", Event.REOPEN, _sorts, actions.reopen_case),
    Act("withdraw", "撤回", "x", Event.WITHDRAW, _withdraws, actions.withdraw_case, danger=True),
)
