"""What the window puts on the dossier: cases that belong together, who leads, the follow-ups, what the file lacks."""

from django.urls import reverse

from intake import queries
from intake.actions.groups import why_no_group
from intake.available_actions import Situation, act_named, available_acts
from intake.lifecycle import State
from intake.models import Case
from intake.permissions import may_amend, may_report
from intake.queries import shown_name
from intake.queries.groups import figures_of_group, representatives_of, why_group_cannot_act
from intake.queries.violence import violence_of
from intake.sight import sight_within
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem, Panel

GROUP_RANK = 206


def together_panel(user: User, case: Case) -> Panel | None:
    """Merged cases and repeats."""
    found = queries.related_cases_of(case)
    if found.is_empty:
        return None
    seen = queries.visible_among(user, found.case_ids)
    queries.veil_all(user, [case for case in found.cases if case.pk in seen], lambda other: other)
    return Panel("intake/parts/_together.html", {"together": found, "seen": seen})


def group_panel(user: User, case: Case) -> Panel | None:
    """Whom a case names in a list, and who represents them."""
    if "members" not in getattr(case, "hanging", ()):
        return None
    clear = sight_within(user, case).is_full
    names = [shown_name(party, in_clear=clear) for party in representatives_of(case)]
    context = {"figures": figures_of_group(case), "why_not": why_group_cannot_act(case), "representatives": names}
    return Panel("intake/parts/_group.html", context)


def group_offer(user: User, case: Case) -> list[MenuItem]:
    """The list of a group, where this person keeps one."""
    if why_no_group(case) or not may_amend(user, case):
        return []
    return [MenuItem("群体名册", "users", reverse("intake:members", args=[case.code]), GROUP_RANK, is_page=True)]


def violence_panel(user: User, case: Case) -> Panel | None:
    """What has to be minded where somebody was hurt at home."""
    mark = violence_of(case) if "violence" in getattr(case, "hanging", ()) else None
    if mark is None:
        return None
    name = shown_name(mark.hurt, in_clear=sight_within(user, case).is_full)
    return Panel("intake/parts/_violence.html", {"mark": mark, "name": name})


def doubles_panel(user: User, case: Case) -> Panel | None:
    """Open cases of the same person or matter elsewhere, until they are merged or linked."""
    found = queries.doubles_of(user, case)
    if found.is_empty:
        return None
    queries.veil_all(user, found.seen, lambda other: other)
    return Panel("intake/parts/_doubles.html", {"doubles": found})


def leader_panel(user: User, case: Case) -> Panel | None:
    """Who is in charge of a red case."""
    rows = queries.leaders_in_charge(case)
    return Panel("intake/parts/_leaders.html", {"leaders": rows}) if rows else None


def road_panel(user: User, case: Case) -> Panel | None:
    """The roads the case was led to, those whose result is waited for among them."""
    rows = queries.roads_of(case)
    return Panel("intake/parts/_roads.html", {"roads": rows}) if rows else None


def rest_panel(user: User, case: Case) -> Panel | None:
    """Why and until when a case rests."""
    rest = queries.open_suspension(case) if case.status == State.SUSPENDED else None
    return Panel("intake/parts/_rest.html", {"rest": rest}) if rest else None


def bars_panel(user: User, case: Case) -> Panel | None:
    """What stands between a case and the report of its outcome, for who would report it."""
    situation = Situation(user, case)
    if case.status != State.HANDLING or situation.lead is None or not may_report(user, case, situation.lead):
        return None
    return Panel("intake/parts/_bars.html", {"bars": situation.bars}) if situation.bars else None


def closing_panel(user: User, case: Case) -> Panel | None:
    """What stands between a closed case and the archive; the acts that help are a click away."""
    if case.status != State.CLOSED:
        return None
    follow_up = act_named("follow-up")
    may = follow_up in available_acts(user, case)
    rows = queries.follow_ups_since_closing(case)
    context = {"gaps": queries.archive_gaps(case), "follow_ups": rows, "may_follow_up": may}
    return Panel("intake/parts/_closing.html", context)
