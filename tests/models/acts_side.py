"""Side roads of a case: rest, tiers, grade, merging, repeats, more time, legal roads, receipts."""

from datetime import timedelta
from typing import Any

from intake import actions
from intake.public import actions as public_actions
from referrals import actions as papers
from tests.models import office
from tests.models.acts import Act, Model, Product, act, asked_for, seen_open
from tests.models.matters import AT_REST, OPEN, Matter
from tests.models.rows import Limit
from tests.models.sight import at_window, sorts, works_on
from zhongzhi.accounts.models import User

AT_WORK = ("registered", "accepted", "dispatched", "handling")
RISKS = ("red", "orange", "yellow", "blue")


def rest(matter: Matter) -> None:
    matter.move("suspend")
    for limit in matter.limits:
        limit.due = None


def own_limit(who: str, matter: Matter) -> Limit | None:
    """The handling limit that runs for work of the person's own organisation, the first given."""
    if matter.stands_still:
        return None
    mine = [x for x in matter.limits if x.kind == "handle" and works_on(who, x.work) and matter.rests(x) is not True]
    return mine[0] if mine else None


@act
class IssueReceipt(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return at_window(who, matter) or matter.author == who

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        case = p.case(matter)
        applicant = case.parties.filter(side="applicant").order_by("ordinal", "pk").first()
        assert applicant is not None
        return public_actions.issue_query_code(case, applicant, actor=who)


@act
class LinkRepeat(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return m.cases

    def allowed(self, m: Model, who: str, matter: Matter, option: Matter) -> bool:
        known = option in seen_open(m, who, matter) and option.pk not in matter.repeats
        return at_window(who, matter) and known

    def run(self, p: Product, who: User, matter: Matter, option: Matter) -> Any:
        return actions.link_repeat(p.case(matter), actor=who, earlier=str(p.case(option).code))

    def then(self, m: Model, who: str, matter: Matter, option: Matter, result: Any) -> None:
        matter.repeats.add(option.pk)


@act
class UnlinkRepeat(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return [other for other in m.cases if other.pk in matter.repeats] or [matter]

    def allowed(self, m: Model, who: str, matter: Matter, option: Matter) -> bool:
        return at_window(who, matter) and option.pk in matter.repeats

    def run(self, p: Product, who: User, matter: Matter, option: Matter) -> Any:
        return actions.unlink_repeat(p.case(matter), actor=who, earlier=str(p.case(option).code))

    def then(self, m: Model, who: str, matter: Matter, option: Matter, result: Any) -> None:
        matter.repeats.discard(option.pk)


@act
class Regrade(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return (
            {"risk": "red"},
            {"risk": "blue"},
            {"complexity": "ordinary"},
            {"complexity": "simple", "risk": "orange"},
        )

    def allowed(self, m: Model, who: str, matter: Matter, option: dict[str, str]) -> bool:
        changes = any(getattr(matter, name) != value for name, value in option.items())
        return sorts(who, matter) and matter.status not in AT_REST and changes

    def run(self, p: Product, who: User, matter: Matter, option: dict[str, str]) -> Any:
        return actions.regrade_case(p.case(matter), actor=who, reason="情况有变", **option)  # type: ignore[arg-type]

    def then(self, m: Model, who: str, matter: Matter, option: dict[str, str], result: Any) -> None:
        changed = option.get("risk", matter.risk) != matter.risk
        for name, value in option.items():
            setattr(matter, name, value)
        if changed:
            matter.settle(m.now)


@act
class HangUp(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return (30, 0)

    def allowed(self, m: Model, who: str, matter: Matter, option: int) -> bool:
        return office.at(who, matter.centre, office.MANAGER) and matter.may("suspend") and option > 0

    def run(self, p: Product, who: User, matter: Matter, option: int) -> Any:
        day = p.today + timedelta(days=option)
        return actions.put_on_open_list(p.case(matter), actor=who, reason="当事人失联", review_on=day)

    def then(self, m: Model, who: str, matter: Matter, option: int, result: Any) -> None:
        rest(matter)


@act
class Suspend(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) and matter.may("suspend")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.suspend_case(p.case(matter), actor=who, reason="等待鉴定")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        rest(matter)


@act
class Resume(Act):
    weight = 8

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) and matter.may("resume")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.resume_case(p.case(matter), actor=who)

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.move("resume")
        matter.settle(m.now)


@act
class Restore(Act):
    """What was withdrawn, guided away or archived is taken up again by the manager; sorted anew, or closed."""

    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return office.at(who, matter.centre, office.MANAGER) and matter.may("restore")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.restore_case(p.case(matter), actor=who, reason="情况有变")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        was = matter.status
        matter.move("restore")
        matter.holder, matter.guided_to, matter.guidance = matter.centre, None, ""
        if was != "archived":
            for clock in ("tier", "dispatch") if matter.status == "accepted" else ("triage",):
                matter.start(clock, m.now)


@act
class Merge(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return [other for other in m.cases if other is not matter]

    def allowed(self, m: Model, who: str, matter: Matter, option: Matter) -> bool:
        """Nobody works on it but who supports, nothing was merged into it; the other is in sight and open."""
        free = matter.is_free_to_merge and not any(other.into is matter for other in m.cases)
        into = option in seen_open(m, who, matter) and option.status in AT_WORK
        return at_window(who, matter) and matter.may("merge") and free and into

    def run(self, p: Product, who: User, matter: Matter, option: Matter) -> Any:
        code = str(p.case(option).code)
        return actions.merge_case(p.case(matter), actor=who, target=code, reason="同一事项")

    def then(self, m: Model, who: str, matter: Matter, option: Matter, result: Any) -> None:
        for limit in matter.limits:
            own = option.limit(limit.kind, None) if limit.work is None else None
            if own is not None:
                own.due = None  # the nearer of the two, which only the program knows
        matter.merge(option)
        if RISKS.index(matter.risk) < RISKS.index(option.risk):
            option.risk = matter.risk
            option.settle(m.now)


@act
class Split(Act):
    weight = 8

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool | None:
        """While the other is open; not once its papers name a party that came along (only the program knows)."""
        if (
            not (at_window(who, matter) and matter.may("split"))
            or matter.into is None
            or matter.into.status not in OPEN
        ):
            return False
        return None if matter.into.talks else True

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.split_case(p.case(matter), actor=who, reason="不是同一事项")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.split(m.now)


@act
class HandDown(Act):
    weight = 1

    def options(self, m: Model, matter: Matter) -> Any:
        return ("juri_centre", "village_centre", "lubei_centre", "justice_bureau")

    def allowed(self, m: Model, who: str, matter: Matter, option: str) -> bool:
        """To the centre of the tier below that the place belongs to; never what is red or no civil dispute."""
        if not (sorts(who, matter) and matter.may("hand_down")) or matter.risk == "red" or not matter.is_civil:
            return False
        org = office.ORGS[option]
        below = {"county": "town", "town": "village"}.get(matter.tier)
        return org.kind == "centre" and office.tier(option) == below and matter.place.startswith(org.place)

    def run(self, p: Product, who: User, matter: Matter, option: str) -> Any:
        centre = p.organisations[option]
        return papers.hand_down_with_slip(p.case(matter), actor=who, centre=centre, reason="就近办理更合适")

    def then(self, m: Model, who: str, matter: Matter, option: str, result: Any) -> None:
        matter.go_to(option, "hand_down", m.now)


@act
class Escalate(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        return sorts(who, matter) and matter.tier != "county" and matter.may("escalate")

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.escalate_case(p.case(matter), actor=who, reason="超出本级能力")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        matter.go_up(m.now)


@act
class AskExtension(Act):
    weight = 2

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool | None:
        """Before it is due, once at a time, as often as the rule allows."""
        limit = own_limit(who, matter)
        if limit is None or limit.asked or limit.extended >= limit.most:
            return False
        return None if limit.due is None or matter.rests(limit) is None else m.now <= limit.due

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.ask_extension(p.case(matter), actor=who, reason="等待测绘结果")

    def then(self, m: Model, who: str, matter: Matter, option: None, result: Any) -> None:
        limit = own_limit(who, matter)
        assert limit is not None
        limit.asked, limit.asker = True, who


@act
class DecideExtension(Act):
    weight = 8

    def options(self, m: Model, matter: Matter) -> Any:
        return (True, False)

    def allowed(self, m: Model, who: str, matter: Matter, option: bool) -> bool:
        asked = asked_for(matter)
        return (
            sorts(who, matter) and bool(asked) and office.may_decide(who, asked[0].asker, matter.centre, office.SORTERS)
        )

    def run(self, p: Product, who: User, matter: Matter, option: bool) -> Any:
        return actions.decide_extension(p.case(matter), actor=who, granted=option, note="按规定")

    def then(self, m: Model, who: str, matter: Matter, option: bool, result: Any) -> None:
        limit = asked_for(matter)[0]
        limit.asked = False
        if option:
            limit.extended += 1
            limit.due = None


@act
class DecideReturn(Act):
    weight = 10

    def options(self, m: Model, matter: Matter) -> Any:
        return (True, False)

    def allowed(self, m: Model, who: str, matter: Matter, option: bool) -> bool:
        """The manager decides on a second refusal; a case that rests cannot be given back meanwhile."""
        waits = matter.lead is not None and matter.lead.waits
        own = matter.lead is None or office.may_decide(who, matter.lead.refuser, matter.centre, office.MANAGER)
        may = office.at(who, matter.centre, office.MANAGER) and own
        return may and waits and (not option or matter.may("return"))

    def run(self, p: Product, who: User, matter: Matter, option: bool) -> Any:
        return actions.decide_return(p.case(matter), actor=who, granted=option, note="再研究")

    def then(self, m: Model, who: str, matter: Matter, option: bool, result: Any) -> None:
        assert matter.lead is not None
        matter.lead.waits = False
        if option:
            matter.give_back(matter.lead, m.now)


@act
class RecordRoad(Act):
    weight = 8

    def options(self, m: Model, matter: Matter) -> Any:
        return ("litigation", "arbitration")

    def allowed(self, m: Model, who: str, matter: Matter, option: str) -> bool:
        """What court or arbitration decided: the window, or who led the case there."""
        led = any(office.at(who, by, office.WORKERS) for by in matter.roads.values())
        return option in matter.roads and (at_window(who, matter) or led)

    def run(self, p: Product, who: User, matter: Matter, option: str) -> Any:
        return actions.record_road_result(
            p.case(matter), actor=who, road=option, ended_on=p.today, result="判决支持", number="（2026）内0526民初1号"
        )

    def then(self, m: Model, who: str, matter: Matter, option: str, result: Any) -> None:
        del matter.roads[option]


@act
class WriteNote(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool | None:
        """Who sorts it or works on it; the leader in charge of a red one only the program knows."""
        if matter.status not in OPEN:
            return False
        works = sorts(who, matter) or any(works_on(who, work) for work in matter.open_works)
        return True if works else None if office.holds(who, office.LEADER) else False

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        return actions.write_note(p.case(matter), actor=who, text="上门了解情况", on=p.today)


@act
class Direct(Act):
    weight = 1

    def allowed(self, m: Model, who: str, matter: Matter, option: None) -> bool:
        """A leader over the place directs who holds the case."""
        places = {office.ORGS[post.org].place for post in office.POSTS[who] if post.role in office.LEADER}
        return matter.status in OPEN and office.below(matter.place, places)

    def run(self, p: Product, who: User, matter: Matter, option: None) -> Any:
        case = p.case(matter)
        return actions.give_direction(case, actor=who, organisation=case.holder, words="请抓紧办理")
