"""What the auditor reads; NotFound for everybody else."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import median

from django.db.models import Count, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from grids.queries import postings_of, subtree
from grids.verbs import Verb as Ground
from intake.models import Case
from workbench.auditing.masking import reason_without_names
from workbench.auditing.permissions import may_audit
from workbench.looks import LOOKS
from workbench.models import ReadingAlert
from zhongzhi.accounts.models import User
from zhongzhi.audit import queries as trail
from zhongzhi.audit.models import TrailCheck, TrailEntry
from zhongzhi.audit.verbs import AuditVerb
from zhongzhi.core.errors import NotFound

SUBJECTS = {
    "case": "案件", "posting": "任职", "organisation": "机构", "territory": "区划", "service": "名册", "hazard": "隐患",
    "mediation": "调解", "agreement": "协议", "document": "单函", "user": "人员", "export": "导出", "auditor": "审计",
    "warning": "预警", "contents": "内容摘要", "beat": "警格", "visit": "走访", "import": "导入", "report": "报告",
    "knowledge": "知识库", "category": "纠纷类别", "calendar": "放假安排", "limit": "时限", "wording": "文书用语",
    "documentkind": "文种", "citizen_text": "群众短信", "consent": "告知文本", "backup": "备份",
    "retention": "保存期限",
    "webhook": "推送", "table": "报表", "session": "会期", "care": "特殊关爱", "task": "任务", "client": "接口",
}  # fmt: skip
_CHAIN = Concat(Value("case:", output_field=TextField()), Cast("pk", TextField()))
SEVERAL_TIMES = 3
"""So many times the median of one's peers is marked."""


@dataclass(frozen=True)
class Line:
    """One entry of the trail as the auditor sees it: who did what to what, and why; no content."""

    entry: TrailEntry
    verb: str
    subject: str
    reason: str


@dataclass(frozen=True)
class Reader:
    """How often somebody looked at personal data, beside others in the same role."""

    person: User
    posts: str
    looks: int
    exports: int
    peers: float
    share: int
    """Of the most, in hundredths, for the bar."""

    @property
    def times(self) -> float:
        """How many times the median of the peers; 0 where they never look."""
        return round(self.looks / self.peers, 1) if self.peers else 0.0

    @property
    def stands_out(self) -> bool:
        """Far more often than the peers."""
        return self.times >= SEVERAL_TIMES or (self.looks > 0 and not self.peers)


@cache
def verb_labels() -> dict[str, str]:
    """Every act of the trail in words."""
    return {str(verb): str(verb.label) for verbs in AuditVerb.__subclasses__() for verb in verbs}


def trail_visible_to(actor: User) -> QuerySet[TrailEntry]:
    """All of the trail."""
    _require(actor)
    return trail.entries_of_all()


def of_case(rows: QuerySet[TrailEntry], code: str) -> QuerySet[TrailEntry]:
    """What was done to the case with this code."""
    pk = Case.objects.filter(code=code.strip().upper()).values_list("pk", flat=True).first()
    return rows.filter(chain=f"case:{pk}") if pk else rows.none()


def at_place(rows: QuerySet[TrailEntry], code: str) -> QuerySet[TrailEntry]:
    """What was done to cases of a place and all below it."""
    cases = Case.objects.filter(territory__in=subtree(code))
    return rows.filter(chain__in=cases.values_list(_CHAIN, flat=True))


def lines_of(entries: Iterable[TrailEntry]) -> list[Line]:
    """Entries in words, with the names of parties masked; a fixed number of queries."""
    found = list(entries)
    pks = {int(e.chain[5:]) for e in found if e.chain.startswith("case:") and e.chain[5:].isdigit()}
    codes = dict(Case.objects.filter(pk__in=pks).values_list("pk", "code"))
    reasons = reason_without_names(found, pks)
    return [Line(e, verb_labels().get(e.verb, e.verb), _subject(e.chain, codes), reasons[e.pk]) for e in found]


def looks_by_person(actor: User, since: datetime) -> list[Reader]:
    """Who looked at personal data since then, the most first, each beside the median of the same role."""
    _require(actor)
    exports = str(Ground.ROSTER_EXPORTED_IN_CLEAR)
    rows = trail.acts_since([str(verb) for verb in LOOKS], since).order_by()
    looks: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    for person, verb, number in rows.values_list("actor", "verb").annotate(number=Count("pk")):
        looks[person] += number
        taken[person] += number if verb == exports else 0
    people = {user.pk: user for user in User.objects.filter(pk__in=looks)}
    return _beside_peers(people, looks, taken)


def _beside_peers(people: dict[int, User], looks: Counter[int], taken: Counter[int]) -> list[Reader]:
    posts: dict[int, list[str]] = defaultdict(list)
    roles: dict[int, str] = {}
    for posting in postings_of(people.values()):
        posts[posting.user_id].append(f"{posting.organisation.short_name} {posting.get_role_display()}")
        roles.setdefault(posting.user_id, posting.role)
    most = max(looks.values(), default=1)
    return [
        Reader(
            people[pk],
            "；".join(posts[pk]),
            number,
            taken[pk],
            _median_of_others(pk, roles, looks),
            round(100 * number / most),
        )
        for pk, number in looks.most_common()
    ]


def _median_of_others(pk: int, roles: dict[int, str], looks: Counter[int]) -> float:
    others = [looks[other] for other, role in roles.items() if role == roles.get(pk) and other != pk]
    return float(median(others)) if others else 0.0


def alerts_visible_to(actor: User) -> QuerySet[ReadingAlert]:
    """Alerts, the last found first."""
    _require(actor)
    return ReadingAlert.objects.select_related("person", "seen_by", "explained_by")


def checks_visible_to(actor: User) -> QuerySet[TrailCheck]:
    """Checks of the trail."""
    _require(actor)
    return trail.checks()


def waiting_for(actor: User) -> tuple[int, int, TrailCheck | None]:
    """Alerts not seen, alerts not explained, the last check that ended."""
    alerts = alerts_visible_to(actor)
    last = checks_visible_to(actor).filter(finished_at__isnull=False).first()
    return alerts.filter(seen_at=None).count(), alerts.filter(explained_at=None).count(), last


def days_back(number: int) -> datetime:
    """The beginning of a span that ends now."""
    return timezone.now() - timedelta(days=number)


def _subject(chain: str, codes: dict[int, str | None]) -> str:
    kind, _, key = chain.partition(":")
    if kind == "case" and key.isdigit():
        return f"案件 {codes.get(int(key)) or '（草稿）'}"
    return f"{SUBJECTS.get(kind, kind)} {key}".strip()


def _require(actor: User) -> None:
    if not may_audit(actor):
        raise NotFound
