"""Acts towards the court that entrusted a mediation."""

from mediation import actions
from mediation.actions.court import why_no_facts, why_not_return
from mediation.available_actions.mediators import parties_of
from mediation.available_actions.situation import Situation
from mediation.models import OF_COURTS, Mediation, ReturnWay
from mediation.permissions import may_mediate
from zhongzhi.web.act_table import Act
from zhongzhi.web.shapes import Choice, Day, Line, Several, Shape, Text, today


def _records(s: Situation[Mediation]) -> bool:
    return s.subject.origin in OF_COURTS and why_no_facts(s.subject) is None and may_mediate(s.user, s.subject)


def _returns(s: Situation[Mediation]) -> bool:
    return why_not_return(s.subject) is None and may_mediate(s.user, s.subject)


def _known_facts(mediation: Mediation) -> str:
    known = getattr(mediation, "undisputed", None)
    return known.facts if known else ""


FACTS = Shape(
    facts=Text("各方没有争议的事实", first=_known_facts, rows=6, help_text="一行一项；打印后由各方签字"),
    parties=Several("同意记载的当事人", (), offered=parties_of, help_text="须各方都同意"),
    agreed_on=Day("各方同意的日期", first=today),
)
RETURN = Shape(
    on=Day("交回日期", first=today),
    way=Choice("交回方式", ReturnWay),
    receiver=Line("法院接收人", longest=40),
    note=Text("说明", required=False, rows=2, longest=500, help_text="起诉状等材料一并交回的写明"),
)

COURT: tuple[Act[Situation[Mediation]], ...] = (
    Act(
        "return-to-court",
        "结果交回法院",
        "gavel",
        _returns,
        actions.return_to_court,
        RETURN,
        in_api=False,
        done="已记录交回法院，移交函在卷宗中打印。",
    ),
    Act(
        "undisputed",
        "记载无争议事实",
        "clipboard-check",
        _records,
        actions.record_undisputed_facts,
        FACTS,
        in_api=False,
        done="已记载，请打印后由各方签字。",
    ),
)
