"""Do one act on many cases, each for itself: what is refused of one stops none of the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import OperationalError
from django.http import QueryDict

from intake import queries
from intake.available_actions import Situation
from intake.models import Case
from workbench.bulk.table import BulkAct
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError

IN_OTHER_HANDS = "正有别人在办理这件，请稍后再试。"
NO_SUGGESTION = "没有明确的建议单位，请单独办理。"


@dataclass(frozen=True)
class Result:
    """What became of one case: nothing refused, or why it was."""

    code: str
    title: str
    refusal: str = ""


def do_on_each(bulk: BulkAct, codes: Iterable[str], given: QueryDict, *, actor: User) -> list[Result]:
    """Do the act on every case with what was typed once; a transaction each. A result for each, refused ones first."""
    results = [_do(bulk, code, given, actor) for code in codes]
    return sorted(results, key=lambda result: not result.refusal)


def _do(bulk: BulkAct, code: str, given: QueryDict, actor: User) -> Result:
    title = ""
    try:
        case = queries.case_visible_to(actor, code)
        title = case.title
        return Result(code, title, _refusal(bulk, case, given, actor))
    except DomainError as error:
        return Result(code, title, _words(error))
    except OperationalError:
        return Result(code, title, IN_OTHER_HANDS)


def _refusal(bulk: BulkAct, case: Case, given: QueryDict, actor: User) -> str:
    """Do it; why the input does not fit this case, nothing where it was done. Raises what the act raises."""
    data = given.copy()
    data["version"] = str(case.version)
    if bulk.filling is not None and not data.get(bulk.fills):
        found = bulk.filling(case)
        if found is None:
            return NO_SUGGESTION
        data[bulk.fills] = found[0]
    form = bulk.form(Situation(actor, case), data)
    if not form.is_valid():
        return "；".join(str(error) for errors in form.errors.values() for error in errors)
    bulk.act.do(case, actor=actor, **form.arguments())
    return ""


def _words(error: DomainError) -> str:
    return "；".join(one for sentences in error.errors.values() for one in sentences) or error.message
