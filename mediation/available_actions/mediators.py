"""Acts by which another mediator goes on: because one has left, or may not mediate (回避)."""

from collections.abc import Iterable
from operator import attrgetter

from mediation import actions
from mediation.actions.choices_to_open import mediators_to_replace
from mediation.available_actions.situation import Situation, goes_on
from mediation.fields import party_choices
from mediation.models import Mediation, Mediator
from mediation.queries.loads import name_with_load
from zhongzhi.web.act_table import Act
from zhongzhi.web.shapes import Choice, RowChoice, Shape, Text, YesNo


def _goes_on(s: Situation[Mediation]) -> bool:
    return goes_on(s.user, s.subject)


def _replaces(s: Situation[Mediation]) -> bool:
    """Where the body has another mediator who may go on."""
    return goes_on(s.user, s.subject) and mediators_to_replace(s.subject).exists()


def mediators_of(mediation: Mediation) -> Iterable[Mediator]:
    """Who mediates."""
    return mediation.mediators.order_by("pk")


def parties_of(mediation: Mediation) -> list[tuple[str, str]]:
    """The parties of its case, to choose from."""
    return party_choices(mediation.case)


RECUSAL = Shape(
    mediator=RowChoice("回避的调解员", mediators_of, reads=attrgetter("name")),
    asked_by=Choice("谁提出", (), offered=parties_of, empty="调解员自行回避", required=False),
    reason=Text("理由", longest=500, rows=2),
    granted=YesNo("决定", yes="回避", no="不回避"),
    replacement=RowChoice(
        "接替的调解员", mediators_to_replace, reads=name_with_load, empty="（不另派）", required=False
    ),
)
REPLACEMENT = Shape(
    mediator=RowChoice("更换哪位", mediators_of, reads=attrgetter("name")),
    replacement=RowChoice("接替的调解员", mediators_to_replace, reads=name_with_load),
    reason=Text("原因", longest=500, rows=2, help_text="如：已离任、患病"),
)
EXCHANGE = (
    Act("replace", "更换调解员", "refresh", _replaces, actions.replace_mediator, REPLACEMENT, in_api=False),
    Act("recuse", "回避", "user-off", _goes_on, actions.recuse_mediator, RECUSAL, in_api=False),
)
