"""The main road of a case: taken on, handed out, handled, reviewed, closed, put away."""

from typing import Any

from intake import actions
from intake.actions import Heard, Report
from referrals import actions as papers
from tests.models import office
from tests.models.acts import Act, Model, Product, act
from tests.models.matters import Matter
from tests.models.sight import at_window, leads, settles, sorts, takes_on, works_on
from zhongzhi.accounts.models import User

SETTLED = Report("peoples_mediation", "双方重新丈量，各自归还，握手言和。")
LED_ON = Report("unresolved", "双方分歧过大，已告知途径。", "litigation")


def accept(m: Model, matter: Matter) -> None:
    matter.move("accept")
    matter.stop("triage", "fallback")
    matter.start("tier", m.now)
    matter.start("dispatch", m.now)
    matter.settle(m.now)


def close(m: Model, matter: Matter) -> None:
    matter.move("close")
    matter.stop("review")
    matter.start("follow_up", m.now)
    matter.calls.clear()


@act
class Guide(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) and matter.may("guide") and not matter.came_back

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        receiver = p.organisations["labour_bureau"]
        return actions.guide_case(p.case(matter), actor=who, receiver=receiver, note="属其职责")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.leave("guide")
        matter.guided_to, matter.guidance = "labour_bureau", "sent"


def receives(who: str, matter: Matter) -> bool:
    """Works where the case was led to, which has not answered yet."""
    return bool(matter.guidance) and office.at(who, matter.guided_to, office.WORKERS)


@act
class SignGuidance(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return receives(who, matter) and matter.guidance == "sent"

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.sign_guidance(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.guidance = "signed"


@act
class TakeGuidance(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return receives(who, matter)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.take_over_guidance(p.case(matter), actor=who, note="已立案")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.guidance = ""


@act
class RefuseGuidance(Act):
    """The case is with its centre again, which leads it nowhere any more."""

    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return receives(who, matter)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.refuse_guidance(p.case(matter), actor=who, reason="不属其职责")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.move("guide_back")
        matter.guided_to, matter.guidance, matter.came_back, matter.holder = None, "", True, matter.centre
        for clock in ("tier", "dispatch") if matter.status == "accepted" else ("fallback",):
            matter.start(clock, m.now)


@act
class Withdraw(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return at_window(who, matter) and matter.may("withdraw")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.withdraw_case(p.case(matter), actor=who, reason="自行和解")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.leave("withdraw")
        for other in m.cases:
            if other.into is matter:
                other.split(m.now)


@act
class Accept(Act):
    weight = 8

    def options(self, m: Model, matter: Matter) -> Any:
        return ({}, {"complexity": "complex"}, {"risk": "red"}, {"risk": "orange"}, {"category": "0902"})

    def allowed(self, m: Model, who: str, matter: Matter, option: dict[str, str]) -> bool:
        changed = any(getattr(matter, name) != value for name, value in option.items() if name != "category")
        may = sorts(who, matter) if changed else takes_on(who, matter)
        return may and matter.may("accept") and bool(matter.category or option.get("category"))

    def run(self, p: Product, who: User, matter: Matter, option: dict[str, str]) -> Any:
        return actions.accept_case(p.case(matter), actor=who, **option)  # type: ignore[arg-type]

    def then(self, m: Model, who: str, matter: Matter, option: dict[str, str], result: Any) -> None:
        for name, value in option.items():
            setattr(matter, name, value)
        accept(m, matter)


@act
class TakeUp(Act):
    weight = 4

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return takes_on(who, matter) and matter.may("take_up")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.take_up_case(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.take_up(m.now, who)


@act
class Dispatch(Act):
    """Handed out to a lead and co-handlers, each with its slip."""

    weight = 8

    def options(self, m: Model, matter: Matter) -> Any:
        return (
            ("justice_bureau",),
            ("juri_justice",),
            ("juri_justice", "juri_police"),
            ("justice_bureau", "labour_bureau", "juri_justice"),
            ("committee",),
            ("juri_centre", "branded_room"),
            ("branded_room",),
        )

    def allowed(self, m: Model, who: str, matter: Matter, option: tuple[str, ...]) -> bool:
        if matter.centre is None or not (sorts(who, matter) and matter.may("dispatch")):
            return False
        near = office.reach(matter.centre)
        return all(org in near for org in option) and not any(matter.work_of(org) for org in option[1:])

    def run(self, p: Product, who: User, matter: Matter, option: tuple[str, ...]) -> Any:
        lead, *others = (p.organisations[org] for org in option)
        return papers.dispatch_with_slip(
            p.case(matter), actor=who, organisation=lead, instruction="请实地丈量", co_handlers=others
        )

    def then(self, m: Model, who: str, matter: Matter, option: tuple[str, ...], result: Any) -> None:
        matter.hand_out(option[0], option[1:], m.now)


def may_give_back(m: Model, who: str, matter: Matter) -> bool | None:
    """By who leads it (the centre itself cannot), in time; twice at most, a second time the manager is asked once."""
    lead = matter.lead
    if lead is None or not leads(who, matter) or lead.kind == "self" or not matter.may("return"):
        return False
    earlier = refusals(matter)
    if earlier >= 2 or (earlier == 1 and lead.asked_back):
        return False
    late = m.is_late(lead.opened, "return", matter)
    return None if late is None else not late


def refusals(matter: Matter) -> int:
    """How often the case was refused by who was to lead it."""
    return sum(work.part == "lead" and work.why == "returned" for work in matter.works)


def give_back(m: Model, who: str, matter: Matter) -> None:
    assert matter.lead is not None
    if refusals(matter):
        matter.lead.asked_back = matter.lead.waits = True
        matter.lead.refuser = who
    else:
        matter.give_back(matter.lead, m.now)


@act
class Return(Act):
    weight = 4

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool | None:
        return may_give_back(m, who, matter)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.return_case(p.case(matter), actor=who, reason="不属本单位职责")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        give_back(m, who, matter)


def sign(matter: Matter) -> None:
    matter.move("sign")
    assert matter.lead is not None
    matter.lead.signed = True
    matter.stop("sign", work=matter.lead)


@act
class Sign(Act):
    weight = 10

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return leads(who, matter) and matter.may("sign")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.sign_for_case(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        sign(matter)


@act
class ReportOutcome(Act):
    weight = 10

    def options(self, m: Model, matter: Matter) -> Any:
        return (SETTLED, LED_ON)

    def allowed(self, m: Model, who: str, matter: Matter, option: Report) -> bool:
        lead = matter.lead
        if lead is None or not (works_on(who, lead) or (lead.kind == "self" and settles(who, matter))):
            return False
        return matter.may("conclude") and not (matter.open_talks or matter.parts or matter.open_tasks)

    def run(self, p: Product, who: User, matter: Matter, option: Report) -> Any:
        return actions.report_outcome(p.case(matter), option, actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: Report, result: Any) -> None:
        assert matter.lead is not None
        matter.conclude(matter.lead.org, option.road, m.now)
        matter.reporter = who


@act
class SendBack(Act):
    weight = 4

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) and matter.may("send_back")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.send_back(p.case(matter), actor=who, reason="缺少履行凭证")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.go_on("send_back", m.now)


@act
class Close(Act):
    weight = 12

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        took_up = matter.taken_up_by == who and not sorts(who, matter)
        own = matter.fast or took_up or office.may_decide(who, matter.reporter, matter.centre, office.SORTERS)
        may = sorts(who, matter) or ((matter.fast or took_up) and settles(who, matter))
        return may and own and matter.may("close")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.close_case(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        close(m, matter)


@act
class Reopen(Act):
    weight = 4

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) and matter.may("reopen")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.reopen_case(p.case(matter), actor=who, reason="协议未履行")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.go_on("reopen", m.now)


@act
class FollowUp(Act):
    weight = 12

    HEARD = (
        Heard("phone", True, "done", 5, note="满意"),
        Heard("phone", True, "not", 1, note="还没给"),
        Heard("phone", True, "done", 2, escalating=True, note="扬言上访"),
        Heard("phone", False, note="无人接听"),
    )

    def options(self, m: Model, matter: Matter) -> Any:
        return () if matter.calls[-1:] == [(True, "done", False)] else self.HEARD

    def allowed(self, m: Model, who: str, matter: Matter, option: Heard) -> bool:
        return at_window(who, matter) and matter.status == "closed"

    def run(self, p: Product, who: User, matter: Matter, option: Heard) -> Any:
        return actions.record_follow_up(p.case(matter), option, actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: Heard, result: Any) -> None:
        matter.calls.append((option.reached, option.performance, option.escalating))
        if option.reached:
            matter.stop("follow_up")


@act
class Archive(Act):
    weight = 12

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool | None:
        """After a call that found all well, or two that reached nobody; with the files of its mediations complete. Of
        people without a name only the program knows what their file lacks."""
        if not (sorts(who, matter) and matter.may("archive")):
            return False
        heard = [call for call in matter.calls if call[0]]
        well = heard[-1][1:] == ("done", False) if heard else len(matter.calls) >= 2
        if not well or not all(talk.is_on_file for talk in matter.talks):
            return False
        return None if matter.talks and any(other.found_at for other in m.cases) else True

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.archive_case(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.move("archive")
        matter.stop()
