"""The walk: people of all posts act on the real program, step by step, and the model says what must come of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import event, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from intake.counting.actions import differences, fold_tallies
from intake.models import Handling, TierMove
from intake.tasks import sweep_clocks
from mediation.tasks import sweep_obligations
from referrals.models import Document
from referrals.tasks import run_escalation
from tests.models import (
    acts_answers,
    acts_deals,
    acts_entry,
    acts_joint,
    acts_meetings,
    acts_papers,
    acts_road,
    acts_side,
    acts_talks,
    office,
)
from tests.models.acts import ACTS, Act, Model, Product
from tests.models.agreement import Sight, check, everything, same
from tests.models.matters import Matter
from tests.models.rows import Paper
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.errors import DomainError

STEPS = ("possible",) * 9 + ("try",) * 3 + ("time",)
WAITS = {"an hour": 1, "a night": 16, "a day": 24, "three days": 72, "nine days": 216}
THEMES = {
    "road": (acts_road,),
    "entry": (acts_entry,),
    "talks": (acts_talks, acts_deals, acts_meetings),
    "papers": (acts_papers, acts_answers),
    "joint": (acts_joint,),
    "side": (acts_side,),
}
DONE, REFUSED = Counter[str](), Counter[str]()
"""What was done and what was refused how often, over all walks of a run."""


class Walk(RuleBasedStateMachine):
    """One walk. Ground, clock and theme are given by the test; everything a walk writes is taken back at its end."""

    product: Product
    sight: Sight
    clock: Any
    theme: str

    def __init__(self) -> None:
        super().__init__()
        self.m = Model()
        self.is_checked, self.acts = False, in_order(self.theme)
        self.savepoint = transaction.savepoint()
        self.clock.move_to(self.m.now)

    def teardown(self) -> None:
        try:
            fold_tallies()
            same("figures that differ from a recount", list(differences()), [])
            same("faults of the trail", list(verify(Counts())), [])
        finally:
            transaction.savepoint_rollback(self.savepoint)

    # --- steps ----------------------------------------------------------------------------------

    @rule(data=st.data(), what=st.sampled_from(STEPS))
    def step(self, data: st.DataObject, what: str) -> None:
        if what == "possible":
            self.somebody_does_what_is_possible(data)
        elif what == "try":
            self.somebody_tries_something(data)
        elif self.m.today < office.LAST_DAY:
            self.time_passes(data)

    def somebody_does_what_is_possible(self, data: st.DataObject) -> None:
        possible = [act for act in self.acts if any(True for x in act.subjects(self.m) for _ in self.ways(act, x))]
        act = data.draw(st.sampled_from([act for act in possible for _ in range(self.weight(act))]))
        found = [(x, ways) for x in act.subjects(self.m) if (ways := list(self.ways(act, x)))]
        subject, ways = data.draw(st.sampled_from(found))
        option, who = data.draw(st.sampled_from(ways))
        self.take(act, who, subject, option)

    def weight(self, act: Act) -> int:
        return act.weight * (4 if is_of(act, self.theme) else 1)

    def ways(self, act: Act, subject: Any) -> Iterator[tuple[Any, str]]:
        """Who may do it to this, and how."""
        for option in act.options(self.m, subject):
            for who in office.PARTY:
                if act.allowed(self.m, who, subject, option) is not False:
                    yield option, who

    def somebody_tries_something(self, data: st.DataObject) -> None:
        pairs = [(act, x) for act in self.acts for x in act.subjects(self.m) if act.options(self.m, x)]
        act, subject = data.draw(st.sampled_from(pairs))
        option = data.draw(st.sampled_from(act.options(self.m, subject)))
        self.take(act, data.draw(st.sampled_from(office.PARTY)), subject, option)

    def time_passes(self, data: st.DataObject) -> None:
        length = data.draw(st.sampled_from(list(WAITS)))
        note(f"{length} passes")
        self.m.now += timedelta(hours=WAITS[length])
        self.clock.move_to(self.m.now)
        self.sweep()

    # --- acts of people -------------------------------------------------------------------------

    def take(self, act: Act, who: str, subject: Any, option: Any) -> None:
        """Let somebody try an act; it must go through or be refused as the model says."""
        self.m.now += timedelta(minutes=1)
        self.clock.move_to(self.m.now)
        must = act.allowed(self.m, who, subject, option)
        before, last = everything() if must is not True else None, _last_entry()
        note(f"{self.m.now:%m-%d %H:%M} {who}: {act} of {subject!r} ({option!r}), expected {must}")
        try:
            result = act.run(self.product, self.product.users[who], subject, option)
        except DomainError as refusal:
            note(f"refused: {refusal.message}")
            assert must is not True, f"{act} by {who} must go through, and was refused: {refusal.message}"
            same(f"what the refused {act} left behind", everything(), before)
            REFUSED[repr(act)] += 1
            return
        assert must is not False, f"{act} by {who} must be refused, and went through"
        entries = TrailEntry.objects.filter(pk__gt=last, actor=self.product.users[who])
        assert entries.exists(), f"{act} by {who} left nothing in the trail"
        act.then(self.m, who, subject, option, result)
        self.is_checked = False
        DONE[repr(act)] += 1
        event(repr(act))
        self.learn()

    # --- the clock's own acts -------------------------------------------------------------------

    def sweep(self) -> None:
        """What the beats do, and what the model makes of it."""
        self.is_checked = False
        late = [x for x in self.m.cases if self._goes_up(x)]
        moves = TierMove.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        sweep_clocks()
        sweep_obligations()
        self.m.swept = self.m.now
        self.break_deals()
        run_escalation()
        for move in TierMove.objects.filter(pk__gt=moves).order_by("pk"):
            matter = next(x for x in self.m.cases if x.pk == move.case_id)
            assert move.actor_id is None and move.cause in ("clock", "supervision")
            limit = matter.limit("tier", None)
            passed = limit is not None and (limit.due is None or limit.due < self.m.now)
            assert passed or move.cause == "supervision", f"{matter!r} went up before its time"
            matter.go_up(self.m.now)
            if matter in late:
                late.remove(matter)
        same("cases left on a tier whose time has passed", late, [])
        self.learn()

    def _goes_up(self, matter: Matter) -> bool:
        limit = matter.limit("tier", None)
        return limit is not None and limit.due is not None and limit.due < self.m.now and matter.may("escalate")

    def break_deals(self) -> None:
        """What was owed and not done by the end of its day breaks the agreement, and takes a closed case up again,
        unless the court has confirmed it."""
        for deal, part in self.m.parts:
            is_owed = not (part.performed or part.released or part.broken)
            if deal.status not in ("in_force", "breached") or not is_owed or part.due_on >= self.m.today:
                continue
            part.broken, deal.status = True, "breached"
            if deal.talk.matter.status == "closed" and not deal.confirmed:
                deal.talk.matter.go_on("reopen", self.m.now)

    # --- what the model cannot know -------------------------------------------------------------

    def learn(self) -> None:
        """The keys of new pieces of work, and the papers that came of themselves: slips, drafts of the clock; and what
        becomes of the papers of what is over."""
        for matter in self.m.cases:
            rows = Handling.objects.filter(case_id=matter.pk).order_by("pk").values_list("pk", "organisation_id")
            given = [(work, self.product.organisations[work.org].pk) for work in matter.works]
            same(f"whoever worked on {matter!r}", [org for _, org in rows], [org for _, org in given])
            for (pk, _), (work, _) in zip(rows, given, strict=True):
                work.pk = pk
        known = {paper.pk for paper in self.m.papers}
        for row in Document.objects.exclude(pk__in=known).select_related("kind", "issuer", "addressee").order_by("pk"):
            self.m.papers.append(self.paper_of(row))
        self.m.settle_papers()

    def paper_of(self, row: Document) -> Paper:
        names = {org.pk: key for key, org in self.product.organisations.items()}
        matter = next((x for x in self.m.cases if x.pk == row.case_id), None)
        work = next((w for _, w in self.m.works if w.pk and w.pk == row.handling_id), None)
        users = {user.pk: who for who, user in self.product.users.items()}
        issuer, to = names[row.issuer_id], names.get(row.addressee_id or 0)
        author = users.get(row.drafted_by_id or 0)
        is_slip = row.kind.code == "dispatch"
        same(f"{row} is written by", author is None, not is_slip)
        if row.kind.code == "recommendation":
            same(f"who issues {row}", issuer, "politics_and_law")
        return Paper(row.pk, row.kind.code, issuer, to, author, matter, work, row.status, row.signed_at is not None)

    @invariant()
    def program_and_model_agree(self) -> None:
        if not self.is_checked:  # after what was refused, nothing has changed: that was looked at
            check(self.m)
            self.sight.check(self.m)
            self.is_checked = True


def is_of(act: Act, theme: str) -> bool:
    return type(act).__module__ in {module.__name__ for module in THEMES[theme]}


def in_order(theme: str) -> list[Act]:
    """The acts so that the simplest walk, which takes the first that is possible each time, comes far: those of the
    theme before the main road, what comes later in a story before what comes earlier, and last what leads nowhere."""
    leading = [act for act in reversed(ACTS) if act.weight > 1]
    first = [act for act in leading if is_of(act, theme)] + [act for act in leading if is_of(act, "road")]
    return [*dict.fromkeys([*first, *leading, *ACTS])]


def _last_entry() -> int:
    return TrailEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
