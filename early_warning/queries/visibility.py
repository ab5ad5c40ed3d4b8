"""Which warnings a person sees, and what of their evidence: as far as sight opens a matter, and never more.

A warning is in sight where its place is and at least one of its matters is. Of a matter out of sight only that there is
one is said; of complaints and of what is restricted not even that.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import BigIntegerField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models import Case as When_

from early_warning.lifecycle import LIVE, State
from early_warning.models import LEVELS, Evidence, LaterLook, Response, Warning, WarningStep
from early_warning.queries.readers import Reader, readers_of
from early_warning.queries.sentences import sentence_of
from grids.models import Hazard
from grids.queries import hazards_visible_to
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import Case, Party, PartyRole
from intake.queries.cases import cases_for_list
from intake.queries.list_rows import listed
from intake.sight import cases_in_sight, cases_in_words
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.statements import Given, PreparedRows

VILLAGE = 12
NOT_FOUND = "没有找到这条预警，或者它不在您的查看范围内。"


_LIVE_ON = PreparedRows(
    Warning.objects.filter(status__in=LIVE, evidence__case=Given("case", BigIntegerField())).values_list(
        "pk", flat=True
    )
)


@dataclass(frozen=True)
class Line:
    """One matter as this reader may see it: where it opens, and what it says; of a restricted one its number alone."""

    evidence: Evidence
    label: str
    title: str
    link: str
    state: str
    level: str


@dataclass(frozen=True)
class WarningView:
    """A warning for one reader: matters in sight, as many as are shown, how many more, and how many out of sight."""

    warning: Warning
    sentence: str
    lines: list[Line]
    hidden: int
    more: int = 0

    @property
    def others(self) -> int:
        """Matters that are not among the lines."""
        return self.more + self.hidden


@dataclass(frozen=True)
class WarningFile:
    """Everything about one warning."""

    view: WarningView
    steps: list[WarningStep]
    responses: list[Response]
    later: list[LaterLook]
    readers: list[Reader]


def warnings_visible_to(user: User) -> QuerySet[Warning]:
    """Those of one's places with a matter that one sees."""
    cases = Evidence.objects.filter(Exists(cases_in_sight(user).filter(pk=OuterRef("case_id"))), case__isnull=False)
    hazards = Evidence.objects.filter(Exists(hazards_visible_to(user).filter(pk=OuterRef("hazard_id"))))
    seen = Exists(cases.filter(warning=OuterRef("pk"))) | Exists(hazards.filter(warning=OuterRef("pk")))
    rows = Warning.objects.filter(_places(user)).filter(seen)
    return rows.select_related("rule", "territory", "centre", "decided_by", "before")


def warning_visible_to(user: User, uid: UUID) -> Warning:
    """One of them; NotFound for none."""
    row = warnings_visible_to(user).filter(uid=uid).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def ranked(rows: QuerySet[Warning]) -> QuerySet[Warning]:
    """The order in which people look: the graver first, then what stands on more, then what waits longer."""
    whens = [When(level=level.value, then=Value(at)) for at, level in enumerate(LEVELS)]
    grave = When_(*whens, default=Value(0), output_field=IntegerField())
    return rows.annotate(grave=grave, matters=Count("evidence")).order_by("-grave", "-matters", "raised_at", "pk")


def open_warnings(user: User) -> QuerySet[Warning]:
    """Those that wait for somebody to look."""
    return warnings_visible_to(user).filter(status=State.OPEN)


def has_warnings() -> bool:
    """Whether there was ever a warning."""
    return Warning.objects.exists()


def live_warnings_on(user: User, case: Case) -> list[Warning]:
    """Those of a case that are open or followed. Most cases have none, which is asked first."""
    keys = _LIVE_ON.read(case=case.pk)
    return list(warnings_visible_to(user).filter(pk__in=keys)) if keys else []


def views_of(user: User, warnings: list[Warning], *, most: int = 3) -> list[WarningView]:
    """Warnings for a list, each with its latest matters; a fixed number of queries."""
    rows = Evidence.objects.filter(warning__in=warnings).order_by("-happened_at", "-pk")
    evidence: dict[int, list[Evidence]] = {}
    for row in rows:
        evidence.setdefault(row.warning_id, []).append(row)
    seen = _Seen(user, [row for rows in evidence.values() for row in rows])
    return [_view(warning, evidence.get(warning.pk, []), seen, most) for warning in warnings]


def file_of(user: User, warning: Warning) -> WarningFile:
    """One warning whole."""
    return WarningFile(
        views_of(user, [warning], most=200)[0],
        list(warning.steps.select_related("actor")),
        _responses(user, warning),
        list(warning.later_looks.all()),
        readers_of(user, warning),
    )


def _responses(user: User, warning: Warning) -> list[Response]:
    """What was made of it, as far as the case that it was made with is in sight."""
    shown = Q(case=None) | Exists(cases_in_words(user).filter(pk=OuterRef("case_id")))
    return list(warning.responses.filter(shown).select_related("made_by", "plan__visit__visited_by"))


def cases_behind(user: User, warning: Warning) -> list[Case]:
    """The matters of a warning that are cases of which more than the outline is seen, the latest first."""
    keys = warning.evidence.exclude(case=None).values("case_id")
    return list(cases_in_words(user).filter(pk__in=keys).select_related("territory", "centre").order_by("-pk"))


def hazards_behind(user: User, warning: Warning) -> list[Hazard]:
    """Its hazards in sight, the latest first."""
    keys = warning.evidence.exclude(hazard=None).values("hazard_id")
    return list(hazards_visible_to(user).filter(pk__in=keys).order_by("-pk"))


class _Seen:
    """What of some evidence a reader sees: asked once for all of it."""

    def __init__(self, user: User, evidence: list[Evidence]) -> None:
        keys = [row.case_id for row in evidence if row.case_id]
        self.cases = {row.case.pk: row.case for row in listed(user, cases_for_list(user).filter(pk__in=keys))}
        hazards = [row.hazard_id for row in evidence if row.hazard_id]
        self.hazards = {row.pk: row for row in hazards_visible_to(user).filter(pk__in=hazards)}
        others = [key for key in keys if key not in self.cases]
        about = set(Party.objects.filter(case__in=others, role=PartyRole.ACCUSED).values_list("case_id", flat=True))
        self.said = set(Case.objects.filter(pk__in=others, is_restricted=False).values_list("pk", flat=True)) - about

    def line(self, row: Evidence) -> Line | None:
        """The matter as it is shown; None for one that is out of sight."""
        if row.hazard_id in self.hazards and row.hazard_id:
            hazard = self.hazards[row.hazard_id]
            state, link = hazard.get_status_display(), f"/field/reports/{hazard.uid}/"
            return Line(row, "排查", hazard.narrative[:60], link, str(state), hazard.level)
        case = self.cases.get(row.case_id or 0)
        if case is None:
            return None
        title = "" if case.is_restricted else case.title
        return Line(row, str(case.code), title, f"/cases/{case.code}/", str(case.get_status_display()), case.risk)

    def is_said(self, row: Evidence) -> bool:
        """Whether it is said that there is one more, out of sight."""
        return row.case_id in self.said


def _view(warning: Warning, evidence: list[Evidence], seen: _Seen, most: int) -> WarningView:
    lines = [line for row in evidence if (line := seen.line(row))]
    hidden = sum(seen.is_said(row) for row in evidence)
    return WarningView(
        warning, sentence_of(warning, [line.evidence for line in lines]), lines[:most], hidden, len(lines[most:])
    )


def _places(user: User) -> Q:
    """The subtrees of those who read warnings by post; the grids, and their villages, of those who work there."""
    scope = scope_of(user)
    posts = scope.posts_with(Capability.READ_WARNINGS) if not scope.client_sight or scope.case_subtrees else []
    found = Q(pk__in=[])
    for code in {post.organisation.territory.current_code for post in posts}:
        found |= Q(territory__current_code__startswith=code)
    for code in scope.areas:
        found |= Q(territory__current_code__startswith=code) | Q(territory__current_code=code[:VILLAGE])
    return found
