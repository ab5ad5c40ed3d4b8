"""What a post may do: the one table from role to capability, which the permissions of all apps read.

A capability counts where its holder is posted. Where that must be (at the centre that answers for a case, at the
organisation that handles it, over a place), and what else must hold, is said by the permission that asks for it.
That the three administrators are different people without a business post is no matter of this table: the database
keeps it (`posting_three_administrators_apart`).
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from django.db.models import TextChoices

from grids.models import Role
from zhongzhi.accounts.models import Scope


class Capability(TextChoices):
    """Everything a role can be entitled to. The part of the value before the colon is its area."""

    READ_OWN_WORK = "sight:read-own-work", "查看本单位的案件"
    READ_CENTRE_TERRITORY = "sight:read-centre-territory", "查看本综治中心的辖区"
    READ_TERRITORY = "sight:read-territory", "查看任职单位所在的辖区"

    REGISTER = "cases:register", "登记案件"
    REGISTER_BY_PLACE = "cases:register-by-place", "登记的案件由发生地的中心受理"
    SERVE_AT_WINDOW = "cases:serve-at-window", "窗口接待"
    SETTLE_AT_WINDOW = "cases:settle-at-window", "窗口快速处置简单案件"
    AMEND = "cases:amend", "补正本中心的案件"
    REVEAL = "cases:reveal", "查看本中心案件当事人的完整信息"
    ISSUE_RECEIPT = "cases:issue-receipt", "出具受理告知和查询码"
    MERGE = "cases:merge", "并案、拆案、关联重复诉求"
    WITHDRAW = "cases:withdraw", "办理撤回"
    FOLLOW_UP = "cases:follow-up", "回访"
    RECORD_ROAD_RESULT = "cases:record-road-result", "记录、更正途径结果"
    RECEIVE_DATA_REQUESTS = "cases:receive-data-requests", "受理个人信息请求、出具一览"
    DECIDE_DATA_REQUESTS = "cases:decide-data-requests", "决定限制处理、删除个人信息"
    IMPORT = "cases:import", "导入警情、热线、信访件"
    SORT = "cases:sort", "受理研判、分流交办、审核退回"
    CLOSE = "cases:close", "审核办结"
    HOLD_COORDINATION_MEETING = "cases:hold-coordination-meeting", "召开碰头会"
    DECIDE_RETURN = "cases:decide-return", "决定再次退回"
    HANG_UP = "cases:hang-up", "挂账"
    RESTORE = "cases:restore", "恢复已撤回、已归档的案件"
    HANDLE = "cases:handle", "签收、办理、反馈结果"
    TAKE_CHARGE = "cases:take-charge", "包案"
    NOTIFIED_OF_RISK = "cases:be-notified-of-risk", "接收风险预警"
    NOTIFIED_OF_BREACHES = "cases:be-notified-of-breaches", "接收本中心的超期提醒"
    KEEP_OWN_ENTRIES = "cases:keep-own-entries", "补充、撤回本系统登记的案件，直至办结"
    KEEP_CARE = "cases:keep-care", "标记、查看特殊关爱"
    NOTIFIED_OF_CARE_VISITS = "cases:be-notified-of-care-visits", "接收特殊关爱随访提醒"

    SEE_MEDIATION = "mediation:see-pages", "调解页面"
    MEDIATE = "mediation:mediate", "主持本组织的调解"
    RECORD_PERFORMANCE = "mediation:record-performance", "窗口登记协议履行"
    KEEP_HALL_ROSTER = "mediation:keep-hall-roster", "排大厅值守"
    KEEP_OWN_BODY = "mediation:keep-own-body", "维护本调解组织的调解员和调解室"
    KEEP_TEAMS = "mediation:keep-teams", "维护全县的联动模式"

    READ_DOCUMENTS = "documents:read", "查看本单位的单函"
    NOTIFIED_OF_DOCUMENTS = "documents:be-notified", "接收发给本单位的单函提醒"
    ANSWER_DOCUMENTS = "documents:answer", "签收、答复发给本单位的单函"
    ISSUE_DOCUMENTS = "documents:issue", "拟制、审核、印发本单位的单函"
    NOTE_SERVICE = "documents:note-service", "登记送达"
    SIGN_AT_WINDOW = "documents:sign-at-window", "签发由窗口签发的文种"
    SIGN_AS_SORTER = "documents:sign-as-sorter", "签发由研判分流员签发的文种"
    SIGN_AS_MANAGER = "documents:sign-as-manager", "签发由综治中心负责人签发的文种"
    SIGN_AS_LEADER = "documents:sign-as-leader", "签发由领导签发的文种"
    SIGN_AS_HANDLER = "documents:sign-as-handler", "签发由承办单位签发的文种"
    KEEP_KINDS = "documents:keep-kinds", "修改文种、督办规则和调解文书用语"
    KEEP_KINDS_OF_COUNTY = "documents:keep-kinds-of-county", "任职于县级的，修改文种、督办规则和调解文书用语"

    KEEP_ROSTERS = "ground:keep-rosters", "维护辖区的名册"
    EXPORT_IN_CLEAR = "ground:export-in-clear", "导出辖区名册的完整号码"
    KEEP_PLACES = "ground:keep-places", "维护全县的区划"
    REGISTER_ORGANISATION = "ground:register-organisation", "登记辖区的机构"
    KEEP_OUTSIDE_BOOK = "ground:keep-outside-book", "维护外单位名录"
    REPORT_HAZARDS = "ground:report-hazards", "登记、处置辖区的隐患"
    NOTIFIED_OF_HAZARDS = "ground:be-notified-of-hazards", "接收本村的隐患上报"
    PLAN_VISITS = "ground:plan-visits", "安排辖区的走访"
    SET_DUTY = "ground:set-duty", "排辖区的班"
    SET_OWN_DUTY = "ground:set-own-duty", "排本单位的班"

    READ_WARNINGS = "warnings:read", "查看辖区的预警"
    DECIDE_WARNINGS = "warnings:decide", "核实、处置辖区的预警"
    NOTIFIED_OF_WARNINGS = "warnings:be-notified", "接收预警"
    KEEP_WARNING_RULES = "warnings:keep-rules", "维护预警规则和危险言辞"

    READ_GLANCE = "figures:read-glance", "首页的辖区概览"
    RECEIVE_REPORTS = "figures:receive-reports", "按期接收统计报告"
    OPEN_SCREENS = "figures:open-screens", "生成、停用大屏链接"

    KEEP_ORGANISATIONS = "system:keep-organisations", "变更、撤销辖区的机构"
    KEEP_CALENDAR = "system:keep-calendar", "导入放假安排，设定办公时间"
    KEEP_TIME_LIMITS = "system:keep-time-limits", "修改办理时限"
    KEEP_PRIVACY_RULES = "system:keep-privacy-rules", "维护保存期限、告知同意文本、群众短信"
    KEEP_CATEGORIES = "system:keep-categories", "维护纠纷类别和卷宗文书"
    KEEP_IMPRESSIONS = "system:keep-impressions", "保管印章和签名章图片"
    KEEP_API_CLIENTS = "system:keep-api-clients", "登记外部系统，签发令牌"
    RUN_INSTALLATION = "system:run-installation", "查看运行状况，重试、放弃作业和待发消息"

    KEEP_PEOPLE = "people:keep", "为本单位及下级建立账号、任职、办理离岗"
    KEEP_ALL_PEOPLE = "people:keep-all", "为辖区各单位建立账号、任职、办理离岗"
    READ_PEOPLE = "people:read", "查看辖区各单位的人员与岗位（接口）"
    CONFIRM_POSTS = "people:confirm-posts", "复核查看范围大的任职"

    KEEP_SIGN_IN = "accounts:keep-sign-in", "管理登录安全：锁定、密码、二次验证、会话、规则"
    READ_TRAIL = "accounts:read-trail", "审计：留痕、查阅个人信息的情况、预警"

    @property
    def area(self) -> str:
        """What it has to do with, a key of `AREAS`."""
        return self.value.partition(":")[0]


AREAS = {
    "sight": "查看范围",
    "cases": "案件",
    "mediation": "调解",
    "documents": "三单两函",
    "ground": "网格与机构",
    "warnings": "预警",
    "figures": "统计",
    "system": "系统管理",
    "people": "人员与岗位",
    "accounts": "账号安全",
}
C = Capability

AT_WINDOW = frozenset({
    C.READ_OWN_WORK, C.READ_CENTRE_TERRITORY, C.REGISTER, C.SERVE_AT_WINDOW, C.SETTLE_AT_WINDOW, C.AMEND, C.REVEAL,
    C.RECEIVE_DATA_REQUESTS,
    C.ISSUE_RECEIPT, C.MERGE, C.WITHDRAW, C.FOLLOW_UP, C.RECORD_ROAD_RESULT, C.IMPORT, C.SEE_MEDIATION,
    C.RECORD_PERFORMANCE, C.READ_DOCUMENTS, C.NOTE_SERVICE, C.SIGN_AT_WINDOW, C.REPORT_HAZARDS,
})  # fmt: skip
"""What is done where people come in."""
SORTING = frozenset({
    C.SORT, C.CLOSE, C.HOLD_COORDINATION_MEETING, C.KEEP_HALL_ROSTER, C.ISSUE_DOCUMENTS, C.SIGN_AS_SORTER,
    C.KEEP_ROSTERS, C.PLAN_VISITS, C.SET_DUTY, C.KEEP_OUTSIDE_BOOK, C.READ_WARNINGS, C.DECIDE_WARNINGS,
    C.NOTIFIED_OF_WARNINGS,
})  # fmt: skip
"""What drives the procedure of a centre."""
MEDIATING = frozenset({
    C.READ_OWN_WORK, C.HANDLE, C.SEE_MEDIATION, C.MEDIATE, C.ANSWER_DOCUMENTS, C.SIGN_AS_HANDLER,
})  # fmt: skip
"""What solves the matter itself."""
HANDLING = MEDIATING | {C.NOTIFIED_OF_RISK, C.READ_DOCUMENTS, C.NOTIFIED_OF_DOCUMENTS, C.SET_OWN_DUTY}
"""What an organisation does that was given a case."""
MANAGING = frozenset({
    C.DECIDE_DATA_REQUESTS,
    C.DECIDE_RETURN, C.HANG_UP, C.RESTORE, C.NOTIFIED_OF_BREACHES, C.KEEP_CARE, C.NOTIFIED_OF_CARE_VISITS,
    C.KEEP_OWN_BODY,
    C.KEEP_TEAMS, C.SIGN_AS_MANAGER, C.KEEP_KINDS_OF_COUNTY, C.EXPORT_IN_CLEAR, C.KEEP_PLACES,
    C.REGISTER_ORGANISATION, C.NOTIFIED_OF_HAZARDS, C.READ_GLANCE, C.RECEIVE_REPORTS, C.OPEN_SCREENS,
    C.KEEP_PEOPLE,
})  # fmt: skip
"""What the head of a centre decides alone."""
LEADING = frozenset({
    C.READ_TERRITORY, C.TAKE_CHARGE, C.SEE_MEDIATION, C.READ_DOCUMENTS, C.NOTIFIED_OF_DOCUMENTS, C.ANSWER_DOCUMENTS,
    C.ISSUE_DOCUMENTS, C.SIGN_AS_LEADER, C.READ_GLANCE, C.RECEIVE_REPORTS, C.OPEN_SCREENS, C.READ_WARNINGS,
})  # fmt: skip
"""What a leader reads, signs and takes charge of."""

CAPABILITIES: Mapping[Role, frozenset[Capability]] = MappingProxyType({
    Role.CLERK: AT_WINDOW,
    Role.DISPATCHER: AT_WINDOW | SORTING | HANDLING,
    Role.HANDLER: HANDLING | {C.NOTIFIED_OF_CARE_VISITS, C.REGISTER},
    Role.MEDIATOR: MEDIATING,
    Role.MANAGER: AT_WINDOW | SORTING | HANDLING | MANAGING,
    Role.GRID_WORKER: frozenset({C.REGISTER}),
    Role.LEADER: LEADING,
    Role.SYSTEM_ADMIN: frozenset({
        C.KEEP_PLACES, C.REGISTER_ORGANISATION, C.KEEP_TEAMS, C.KEEP_KINDS, C.KEEP_ORGANISATIONS, C.KEEP_CALENDAR,
        C.KEEP_TIME_LIMITS, C.KEEP_CATEGORIES, C.KEEP_API_CLIENTS, C.RUN_INSTALLATION, C.KEEP_ALL_PEOPLE,
        C.KEEP_PRIVACY_RULES, C.KEEP_WARNING_RULES, C.KEEP_IMPRESSIONS,
    }),
    Role.SECURITY_ADMIN: frozenset({C.KEEP_SIGN_IN, C.CONFIRM_POSTS}),
    Role.AUDITOR: frozenset({C.READ_TRAIL}),
    Role.API_CLIENT: frozenset({
        C.READ_OWN_WORK, C.READ_TERRITORY, C.REGISTER, C.REGISTER_BY_PLACE, C.IMPORT, C.READ_DOCUMENTS, C.KEEP_ROSTERS,
        C.REPORT_HAZARDS, C.READ_PEOPLE, C.READ_WARNINGS, C.KEEP_OWN_ENTRIES, C.HANDLE, C.ANSWER_DOCUMENTS, C.MEDIATE,
    }),
})  # fmt: skip
"""The table: what each role may do."""

OPENED_BY_SCOPE: Mapping[Capability, Scope] = MappingProxyType({
    C.KEEP_OWN_ENTRIES: Scope.CASES_SUPPLEMENT,
    C.HANDLE: Scope.CASES_HANDLE,
    C.ANSWER_DOCUMENTS: Scope.REFERRALS_ANSWER,
    C.MEDIATE: Scope.MEDIATIONS_WRITE,
})  # fmt: skip
"""What an outside system has by its post only with the scope that stands here."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Who keeps the installation; never with a business post."""
SECOND_FACTOR_ROLES = ADMINISTRATORS | {Role.LEADER, Role.MANAGER}
"""Who shows a second factor in an installation that set no rule of its own."""
STAFF = frozenset({Role.CLERK, Role.DISPATCHER, Role.HANDLER, Role.MEDIATOR, Role.GRID_WORKER})
"""Posts that the head of an organisation gives to the people of their own."""
STAFF_BELOW = STAFF | {Role.MANAGER}
"""Posts that the head of a centre gives at organisations of the places below."""
GIVEN_BY_ADMINISTRATORS = frozenset(Role) - {Role.API_CLIENT}
"""Posts that the system administrator gives; outside systems are posted where they are registered."""
WIDE = ADMINISTRATORS | {Role.LEADER, Role.MANAGER}
"""Posts that the security administrator confirms wherever they are held: wide sight, or power over others."""
WIDE_IN_COUNTY = frozenset({Role.DISPATCHER})
"""Posts that are as wide where they are held at a centre of a county or above."""
POST_OF_GRID_WORK = Role.GRID_WORKER
"""The post that comes and goes with a service in a grid."""
POST_OF_MEDIATION = Role.MEDIATOR
"""The post that comes and goes with the appointment as a mediator."""
POST_OF_SYSTEMS = Role.API_CLIENT
"""The post in which outside systems serve."""


@cache
def roles_with(*capabilities: Capability) -> tuple[Role, ...]:
    """The roles that have one of these capabilities, in the order of the table."""
    return tuple(role for role, held in CAPABILITIES.items() if not held.isdisjoint(capabilities))
