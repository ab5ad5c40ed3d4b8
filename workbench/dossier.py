"""The dossier: everything about one case that its reader may see, put together from the apps."""

from collections import Counter
from dataclasses import dataclass

from grids.models import Territory
from intake import queries
from intake.available_actions import Situation
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock
from intake.lifecycle import State
from intake.models import Attachment, Case, Handling, HandlingKind
from intake.models.place import other_places_of
from intake.permissions import may_amend, may_attach, may_issue_receipt, may_reveal
from intake.public.queries import Applicant, applicants_of
from intake.queries import PartyView, Step
from intake.queries.veiling import hidden_names, masked_text
from intake.sight import Level, Sight, sight_within
from workbench.panels import offers_of, panels_of
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem, Panel

ROAD = (State.REGISTERED, State.ACCEPTED, State.DISPATCHED, State.HANDLING, State.CONCLUDED, State.CLOSED)

NEXT = 100
"""Acts of a lower rank are next steps, of which one is the button of the page; the others stand under 更多 alone."""


@dataclass(frozen=True)
class Stage:
    """One stage of the stepper: `done`, `now` or empty."""

    label: str
    mark: str


@dataclass(frozen=True)
class StoryFilter:
    """One filter of the stream of notes and acts, and how many lines it shows."""

    kind: str
    label: str
    total: int


STORY_KINDS = {"step": "办理步骤", "note": "记录", "above": "批示、催办"}


@dataclass(frozen=True)
class Dossier:
    """What the page shows."""

    case: Case
    primary: MenuItem | None
    others: list[MenuItem]
    situation: Situation
    stages: list[Stage]
    story: list[Step]
    parties: list[PartyView]
    clocks: list[Clock]
    handlings: list[Handling]
    files: list[Attachment]
    panels: list[Panel]
    other_places: list[Territory]
    sight: Sight
    may_amend: bool
    may_attach: bool
    may_reveal: bool

    @property
    def has_pictures(self) -> bool:
        """Whether there is a picture to look at."""
        return any(item.file.is_picture for item in self.files)

    @property
    def story_filters(self) -> list[StoryFilter]:
        """All, and each kind of line there is; nothing where all are of one kind."""
        totals = Counter(step.kind for step in self.story)
        if len(totals) < 2:
            return []
        kinds = [StoryFilter(kind, label, totals[kind]) for kind, label in STORY_KINDS.items() if totals[kind]]
        return [StoryFilter("all", "全部", len(self.story)), *kinds]


def dossier_of(user: User, code: str) -> Dossier:
    """The dossier of a case in sight. A fixed number of queries; NotFound for a case that is not in sight."""
    case = queries.whole_case_visible_to(user, code)
    offers, sight = offers_of(user, case), sight_within(user, case)
    is_next = bool(offers) and offers[0].rank < NEXT
    handlings = list(case.handlings.all())
    _mask_handlings(case, handlings, sight)
    return Dossier(
        case=case,
        primary=offers[0] if is_next else None,
        others=offers[1:] if is_next else offers,
        situation=Situation(user, case),
        stages=stages_of(case, handlings),
        story=queries.story_for(user, case)[::-1],
        parties=queries.party_views(case, names_in_clear=sight.is_full) if sight.level >= Level.MASKED else [],
        clocks=deadlines_queries.running_clocks(case),
        handlings=handlings,
        files=queries.attachments_for(user, case),
        panels=panels_of(user, case) if sight.level >= Level.MASKED else [],
        other_places=other_places_of(case),
        sight=sight,
        may_amend=case.status != State.MERGED and may_amend(user, case),
        may_attach=case.status not in (State.ARCHIVED, State.MERGED) and may_attach(user, case),
        may_reveal=may_reveal(user, case),
    )


FOLLOWING = ("/acts/accept/", "/acts/dispatch/", "/acts/take-up/")


@dataclass(frozen=True)
class Following:
    """What usually follows when a case was just registered: receipts to print, and the next acts."""

    applicants: list[Applicant]
    offers: list[MenuItem]


def following_registration(user: User, dossier: Dossier) -> Following:
    """The receipts of the applicants, and taking the case on or handing it out, where this person does so."""
    case = dossier.case
    applicants = applicants_of(case, names_in_clear=dossier.sight.is_full) if may_issue_receipt(user, case) else []
    offers = [*([dossier.primary] if dossier.primary else []), *dossier.others]
    nexts = [offer for offer in offers if offer.address.endswith(FOLLOWING)]
    return Following(applicants, nexts)


def _mask_handlings(case: Case, handlings: list[Handling], sight: Sight) -> None:
    """What was asked and reported, as far as the reader may see it."""
    if sight.is_full:
        return
    hidden = hidden_names(case) if sight.level >= Level.MASKED else None
    for handling in handlings:
        for name in ("instruction", "report"):
            setattr(handling, name, "" if hidden is None else masked_text(getattr(handling, name), hidden))


def stages_of(case: Case, handlings: list[Handling]) -> list[Stage]:
    """Where the case stands on its road; a case off the road stands where it left it.

    A case that its centre handled itself was never handed out.
    """
    status = State(case.status_before or case.status)
    own = bool(handlings) and all(h.kind == HandlingKind.SELF for h in handlings)
    road = [state for state in ROAD if not (own and state == State.DISPATCHED)]
    if status == State.ARCHIVED:
        return [Stage(state.label, "done") for state in road]
    if status not in road:
        return []
    at = road.index(status)
    marks = ["done"] * at + ["done" if status == State.CLOSED else "now"] + [""] * (len(road) - at - 1)
    return [Stage(state.label, mark) for state, mark in zip(road, marks, strict=True)]
