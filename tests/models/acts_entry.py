"""How a case comes in: at a window, from the field, as a draft, settled on the spot."""

from typing import Any

from grids.actions import report_hazard
from grids.entries import HazardEntry
from intake import actions
from intake.entries import CaseEntry, PartyEntry
from tests.models import office
from tests.models.acts import Act, Found, Model, Product, act
from tests.models.acts_road import LED_ON, SETTLED, accept, close
from tests.models.matters import Matter
from zhongzhi.accounts.models import User

VILLAGE, OTHER_VILLAGE, LUBEI = "150526103200", "150526103201", "150526100001"
ENTRIES = (
    {"territory": VILLAGE, "complexity": "ordinary"},
    {"territory": office.GRID, "complexity": "simple"},
    {"territory": OTHER_VILLAGE, "complexity": "complex"},
    {"territory": LUBEI, "complexity": "ordinary"},
    {"territory": OTHER_VILLAGE, "risk": "red"},
    {"territory": VILLAGE, "complexity": "ordinary", "category": "1301"},
    {"territory": VILLAGE, "complexity": "hard", "channel": "05"},
    {"territory": VILLAGE, "complexity": "ordinary", "category": "0701"},
)
PARTIES = (
    PartyEntry(name="岳某某", paper_number="152327196503152419"),
    PartyEntry(side="respondent", name="付某", paper_number="152326197001012414"),
)


def entry_of(option: dict[str, str], parties: tuple[PartyEntry, ...] = PARTIES) -> CaseEntry:
    return CaseEntry(
        narrative="自家土地少了3垄，怀疑邻地农户多种。", parties=parties, **({"category": "0901"} | option)
    )  # type: ignore[arg-type]


def has_room(m: Model) -> bool:
    """Few cases at a time, so that each comes far."""
    going_on = [x for x in m.matters if x.status not in ("archived", "guided", "withdrawn")]
    return len(going_on) + sum(not found.handed_on for found in m.hazards) < 4


def matter_of(pk: int, who: str, option: dict[str, str]) -> Matter:
    return Matter(
        pk=pk,
        author=who,
        place=option["territory"],
        category=option.get("category", "0901"),
        complexity=option.get("complexity", "simple"),
        risk=option.get("risk", "blue"),
        channel=option.get("channel", "01"),
    )


def enter(m: Model, who: str, matter: Matter) -> None:
    """What registering does to a draft or a new case."""
    matter.move("register")
    matter.centre = matter.holder = office.receiving_centre(who, matter.place)
    matter.start("triage", m.now)
    if matter.risk == "red":
        matter.settle(m.now)


@act
class SaveDraft(Act):
    on = "nothing"
    weight = 1

    def options(self, m: Model, subject: None) -> Any:
        return ENTRIES[:2] if has_room(m) else []

    def allowed(self, m: Model, who: str, subject: None, option: dict[str, str]) -> bool:
        return office.holds(who, office.REGISTRARS)

    def run(self, p: Product, who: User, subject: None, option: dict[str, str]) -> Any:
        return actions.save_draft(entry_of(option), actor=who)

    def then(self, m: Model, who: str, subject: None, option: dict[str, str], result: Any) -> None:
        m.matters.append(matter_of(result.pk, who, option))


@act
class DiscardDraft(Act):
    on = "matters"

    def allowed(self, m: Model, who: str, draft: Matter, option: None) -> bool:
        return draft.author == who and draft.status == "draft"

    def run(self, p: Product, who: User, draft: Matter, option: None) -> Any:
        actions.discard_draft(p.case(draft), actor=who)

    def then(self, m: Model, who: str, draft: Matter, option: None, result: Any) -> None:
        m.matters.remove(draft)


@act
class ReportHazard(Act):
    on = "nothing"

    def options(self, m: Model, subject: None) -> Any:
        return ("blue", "red") if has_room(m) else []

    def allowed(self, m: Model, who: str, subject: None, option: str) -> bool:
        """Who works there, and the windows and systems above."""
        if office.below(office.GRID, office.areas(who)):
            return True
        roles = office.WINDOW | {"api_client"}
        return any(p.role in roles and office.GRID.startswith(office.ORGS[p.org].place) for p in office.POSTS[who])

    def run(self, p: Product, who: User, subject: None, option: str) -> Any:
        return report_hazard(HazardEntry("两家为地界争吵。", office.GRID, level=option), actor=who)

    def then(self, m: Model, who: str, subject: None, option: str, result: Any) -> None:
        m.hazards.append(Found(result.pk, who, office.GRID, option))


@act
class SettleAtWindow(Act):
    """The fast track, by one person in one form."""

    on = "nothing"

    def options(self, m: Model, subject: None) -> Any:
        entries = (
            {"territory": VILLAGE},
            {"territory": VILLAGE, "risk": "red"},
            {"territory": VILLAGE, "category": "1301"},
        )
        return [(e, report) for e in entries for report in (SETTLED, LED_ON)] if has_room(m) else []

    def allowed(self, m: Model, who: str, subject: None, option: Any) -> bool:
        """At one's own window; what goes to the county at once is settled by the county's only."""
        if not office.holds(who, office.REGISTRARS):
            return False
        entry, _ = option
        centre = office.receiving_centre(who, entry["territory"])
        beyond = entry.get("risk") == "red" or entry.get("category") == "1301"
        return office.at(who, centre, office.WINDOW) and (not beyond or office.tier(centre) == "county")

    def run(self, p: Product, who: User, subject: None, option: Any) -> Any:
        entry, report = option
        return actions.settle_at_window(entry_of(entry), report, actor=who)

    def then(self, m: Model, who: str, subject: None, option: Any, result: Any) -> None:
        entry, report = option
        matter = matter_of(result.pk, who, entry)
        m.matters.append(matter)
        enter(m, who, matter)
        matter.fast = True
        accept(m, matter)
        matter.take_up(m.now, who)
        assert matter.centre is not None
        matter.conclude(matter.centre, report.road, m.now)
        close(m, matter)


@act
class Register(Act):
    on = "nothing"
    weight = 6

    def options(self, m: Model, subject: None) -> Any:
        return ENTRIES if has_room(m) else []

    def allowed(self, m: Model, who: str, subject: None, option: dict[str, str]) -> bool:
        return office.may_register_in(who, option["territory"])

    def run(self, p: Product, who: User, subject: None, option: dict[str, str]) -> Any:
        return actions.register_case(entry_of(option), actor=who)

    def then(self, m: Model, who: str, subject: None, option: dict[str, str], result: Any) -> None:
        matter = matter_of(result.pk, who, option)
        m.matters.append(matter)
        enter(m, who, matter)


@act
class RegisterDraft(Act):
    on = "drafts"
    weight = 6

    def allowed(self, m: Model, who: str, draft: Matter, option: None) -> bool:
        return draft.author == who and office.may_register_in(who, draft.place)

    def run(self, p: Product, who: User, draft: Matter, option: None) -> Any:
        entry = {"territory": draft.place, "complexity": draft.complexity}
        return actions.register_case(entry_of(entry), actor=who, uid=p.case(draft).uid)

    def then(self, m: Model, who: str, draft: Matter, option: None, result: Any) -> None:
        assert result.pk == draft.pk
        enter(m, who, draft)


@act
class RegisterHazard(Act):
    on = "hazards"
    weight = 6

    def allowed(self, m: Model, who: str, found: Found, option: None) -> bool:
        near = found.author == who or ReportHazard().allowed(m, who, None, "")
        return near and office.may_register_in(who, office.GRID) and not found.handed_on

    def run(self, p: Product, who: User, found: Found, option: None) -> Any:
        return actions.register_from_hazard(p.hazard(found), actor=who)

    def then(self, m: Model, who: str, found: Found, option: None, result: Any) -> None:
        found.handed_on = True
        entry = {"territory": found.place, "risk": found.risk, "category": "", "channel": "02"}
        matter = matter_of(result.pk, who, entry)
        matter.found_at = found.place
        m.matters.append(matter)
        enter(m, who, matter)
