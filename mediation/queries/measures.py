"""What figures count of mediations and agreements: one definition for boards, reports, API and the page of figures."""

from django.db.models import Q

from intake.counting.queries import AT_CASE, PLACE_OF_CASE, Measure, Source
from mediation.lifecycle import AgreementState, State
from mediation.models import Agreement, Mediation
from mediation.queries.file import IN_FORCE

ENDED, AGREED = Q(status__in=[State.AGREED, State.FAILED]), Q(status=State.AGREED)
STANDING, KEPT = Q(status__in=IN_FORCE), Q(status=AgreementState.PERFORMED)
CONFIRMED = STANDING & Q(confirmed=True)

MEDIATIONS = Source(
    Mediation,
    (
        Measure("mediated", "调解结束数", "期内结束的调解，达成或未达成协议；取消的不计", ENDED, "ended_at"),
        Measure("mediated_agreed", "调解成功数", "期内结束、达成协议的调解", AGREED, "ended_at"),
    ),
    f"{AT_CASE} {PLACE_OF_CASE}",
)
AGREEMENTS = Source(
    Agreement,
    (
        Measure(
            "agreements", "生效协议数", "期内生效的调解协议；已变更的以新协议计", STANDING, "in_force_on",
            by_day=True, unit="份",
        ),
        Measure(
            "agreements_kept", "已履行协议数", "期内生效的调解协议中，已全部履行的", KEPT, "in_force_on",
            by_day=True, unit="份",
        ),
        Measure(
            "agreements_court", "司法确认协议数", "期内生效的调解协议中，经人民法院裁定确认的", CONFIRMED,
            "in_force_on", by_day=True, unit="份",
        ),
    ),
    "JOIN mediation_mediation ON mediation_mediation.id = {table}.mediation_id"
    " JOIN {cases} counted_case ON counted_case.id = mediation_mediation.case_id " + PLACE_OF_CASE,
)  # fmt: skip
