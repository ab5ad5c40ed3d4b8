"""Several organisations on one case: co-handlers, tasks, meetings, special care."""

from typing import Any

from django.utils import timezone

from intake.coordination import actions as coordination_actions
from intake.coordination.models import Task as TaskRow
from referrals import actions as papers
from tests.models import office
from tests.models.acts import Act, Model, Product, act
from tests.models.matters import Matter
from tests.models.rows import Task, Work
from tests.models.sight import leads, sees_care, sorts, works_on
from zhongzhi.accounts.models import User

Pair = tuple[Matter, Work]


def own_part(who: str, matter: Matter) -> Work | None:
    """What the person's organisation owes as co-handler."""
    supports = [work for work in matter.open_works if work.kind == "support"]
    mine = [work for work in (*matter.parts, *supports) if work.org in office.workplaces(who)]
    return mine[0] if mine and works_on(who, mine[0]) else None


@act
class RecordMeeting(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) or leads(who, matter)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return papers.record_meeting(
            p.case(matter), actor=who, held_at=timezone.now(), place="镇综治中心", decided="由派出所上门走访"
        )


@act
class MarkCare(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return ("juri_police", "juri_justice")

    def allowed(self, m: Model, who: str, matter: Matter, option: str) -> bool:
        works = any(works_on(who, work) for work in matter.open_works)
        return not matter.is_cared_for and (works or office.at(who, matter.centre, office.MANAGER))

    def run(self, p: Product, who: User, matter: Matter, option: str) -> Any:
        shared = [p.organisations[option]]
        return papers.mark_care(p.case(matter), actor=who, reason="mental", danger=3, shared_with=shared)

    def then(self, m: Model, who: str, matter: Matter, option: str, result: Any) -> None:
        matter.is_cared_for, matter.shared_with = True, {option}


@act
class EndCare(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sees_care(who, matter)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return papers.end_care(p.case(matter), actor=who, reason="病情稳定")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.is_cared_for = False


@act
class OpenCare(Act):
    """One look at what few may see: refused to all others, and kept."""

    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sees_care(who, matter)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return papers.open_care(p.case(matter), actor=who, reason="核对随访安排")


@act
class ReturnPart(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        part = own_part(who, matter)
        return part is not None and not part.signed

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return coordination_actions.return_part(p.case(matter), actor=who, reason="不属本单位职责")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        part = own_part(who, matter)
        assert part is not None
        matter.close_part(part, "returned")


@act
class ReleasePart(Act):
    on = "works"
    weight = 1

    def allowed(self, m: Model, who: str, pair: Pair, option: None) -> bool:
        matter, work = pair
        return sorts(who, matter) and work.open and work.part == "co" and work.kind != "mediation"

    def run(self, p: Product, who: User, pair: Pair, option: None) -> Any:
        matter, work = pair
        return coordination_actions.release_part(p.case(matter), p.handling(work), actor=who, reason="不再需要")

    def then(self, m: Model, who: str, pair: Pair, option: None, result: Any) -> None:
        matter, work = pair
        matter.close_part(work, "released")


@act
class ReleaseTask(Act):
    on = "tasks"
    weight = 1

    def allowed(self, m: Model, who: str, pair: tuple[Matter, Task], option: None) -> bool:
        matter, task = pair
        return task.open and sorts(who, matter)

    def run(self, p: Product, who: User, pair: tuple[Matter, Task], option: None) -> Any:
        row = TaskRow.objects.select_related("case").get(pk=pair[1].pk)
        return coordination_actions.release_task(row, actor=who, reason="不再需要")

    def then(self, m: Model, who: str, pair: tuple[Matter, Task], option: None, result: Any) -> None:
        pair[1].open = False


@act
class GiveTask(Act):
    on = "works"
    weight = 2

    def options(self, m: Model, pair: Pair) -> Any:
        return [None] if len(pair[0].tasks) < 3 else []

    def allowed(self, m: Model, who: str, pair: Pair, option: None) -> bool:
        matter, work = pair
        return work.open and (sorts(who, matter) or leads(who, matter))

    def run(self, p: Product, who: User, pair: Pair, option: None) -> Any:
        matter, work = pair
        return papers.give_task(p.case(matter), p.handling(work), actor=who, what="上门核实情况")

    def then(self, m: Model, who: str, pair: Pair, option: None, result: Any) -> None:
        matter, work = pair
        matter.tasks.append(Task(work, result.pk))


@act
class CallIn(Act):
    def options(self, m: Model, matter: Matter) -> Any:
        known = {work.org for work in matter.works}
        return [org for org in ("juri_police", "labour_bureau", "committee", "lubei_centre") if org not in known]

    def allowed(self, m: Model, who: str, matter: Matter, option: str) -> bool:
        if matter.centre is None or matter.status not in ("dispatched", "handling"):
            return False
        return sorts(who, matter) and option in office.reach(matter.centre) and matter.work_of(option) is None

    def run(self, p: Product, who: User, matter: Matter, option: str) -> Any:
        org = p.organisations[option]
        return papers.add_co_handlers_with_slips(p.case(matter), actor=who, co_handlers=[org], instruction="请协助")

    def then(self, m: Model, who: str, matter: Matter, option: str, result: Any) -> None:
        matter.call_in([option], "co", m.now)


@act
class SignPart(Act):
    weight = 6

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        part = own_part(who, matter)
        return part is not None and not part.signed

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return coordination_actions.sign_for_part(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        part = own_part(who, matter)
        assert part is not None
        part.signed = True
        matter.stop("sign", work=part)


@act
class CompleteTask(Act):
    on = "tasks"
    weight = 4

    def allowed(self, m: Model, who: str, pair: tuple[Matter, Task], option: None) -> bool:
        _, task = pair
        return task.open and works_on(who, task.work)

    def run(self, p: Product, who: User, pair: tuple[Matter, Task], option: None) -> Any:
        row = TaskRow.objects.select_related("case").get(pk=pair[1].pk)
        return coordination_actions.complete_task(row, actor=who, result="已核实")

    def then(self, m: Model, who: str, pair: tuple[Matter, Task], option: None, result: Any) -> None:
        pair[1].open = False


@act
class ReportPart(Act):
    weight = 6

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        part = own_part(who, matter)
        owes = any(x.work is part for x in (*matter.open_tasks, *matter.open_talks))
        return part is not None and part.signed and not owes

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return coordination_actions.report_part(p.case(matter), actor=who, note="已配合丈量")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        part = own_part(who, matter)
        assert part is not None
        matter.close_part(part, "concluded")
