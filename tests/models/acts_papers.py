"""Slips and letters: drafted, reviewed, signed, issued; signed for, answered, returned; declared void, issued anew."""

from typing import Any

from django.utils import timezone

from referrals import actions
from referrals.queries import kinds_in_force
from tests.models import office
from tests.models.acts import Act, Model, Product, act
from tests.models.matters import Matter
from tests.models.rows import Paper
from tests.models.sight import issues, signs, sorts
from zhongzhi.accounts.models import User

MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "submit": (("draft",), "review"),
    "approve": (("review",), "ready"),
    "send_back": (("review", "ready"), "draft"),
    "sign": (("draft", "ready"), "signed"),
    "issue": (("signed",), "issued"),
    "receive": (("issued",), "received"),
    "return": (("issued", "received"), "returned"),
    "answer": (("issued", "received"), "answered"),
    "accept": (("answered",), "done"),
    "refuse": (("answered",), "received"),
    "serve": (("issued", "received"), "done"),
    "void": (("signed", "issued", "received", "answered", "returned"), "void"),
    "discard": (("draft", "review", "ready"), "discarded"),
}
"""Where each step is possible, and where it leads."""


def may_move(paper: Paper, step: str) -> bool:
    return paper.status in MOVES[step][0]


def move(paper: Paper, step: str) -> None:
    paper.status = MOVES[step][1]
    paper.was_signed = paper.was_signed or step == "sign"


def edits(who: str, paper: Paper) -> bool:
    return paper.author == who or issues(who, paper)


def reviews(who: str, paper: Paper) -> bool:
    """Somebody who issues there, but not the one who drafted it, unless nobody else could."""
    return issues(who, paper) and office.may_decide(who, paper.author, paper.issuer, office.ISSUERS)


def decides(who: str, paper: Paper) -> bool:
    return issues(who, paper) or signs(who, paper)


def decides_on(who: str, author: str, paper: Paper) -> bool:
    """Decides on what somebody asked or answered."""
    roles = office.ISSUERS | (office.WINDOW if paper.kind == "acceptance" else frozenset())
    return decides(who, paper) and office.may_decide(who, author, paper.issuer, roles)


class OfPaper(Act):
    on = "papers"


@act
class EditDraft(OfPaper):
    weight = 1

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        return edits(who, paper) and paper.status in ("draft", "review")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.edit_draft(p.document(paper), actor=who, subject="提请注意", body="请于三日内办理。")


@act
class SendDraftBack(OfPaper):
    weight = 1

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        return reviews(who, paper) and may_move(paper, "send_back")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.send_back_draft(p.document(paper), actor=who, reason="依据不足")

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "send_back")


@act
class Discard(OfPaper):
    weight = 1

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        return edits(who, paper) and may_move(paper, "discard")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.discard_draft(p.document(paper), actor=who, reason="已口头督促")

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "discard")


@act
class Void(OfPaper):
    weight = 1

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        """By who may sign it; never the slip of work that goes on."""
        busy = paper.is_slip and paper.work is not None and paper.work.open
        return signs(who, paper) and may_move(paper, "void") and not busy

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.void_document(p.document(paper), actor=who, reason="主送单位有误")

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "void")


@act
class Reissue(OfPaper):
    """A slip under way that says something wrong: void, and issued anew while the work goes on."""

    weight = 1

    def options(self, m: Model, paper: Paper) -> Any:
        return ("请三日内实地丈量。", "")

    def allowed(self, m: Model, who: str, paper: Paper, option: str) -> bool:
        under_way = paper.is_slip and paper.work is not None and paper.work.open
        return signs(who, paper) and under_way and bool(option) and may_move(paper, "void")

    def run(self, p: Product, who: User, paper: Paper, option: str) -> Any:
        return actions.reissue_slip(p.document(paper), actor=who, reason="要求有误", body=option)

    def then(self, m: Model, who: str, paper: Paper, option: str, result: Any) -> None:
        move(paper, "void")


@act
class DraftLetter(Act):
    weight = 4

    def options(self, m: Model, matter: Matter) -> Any:
        kinds = (
            ("supervision", "yellow"),
            ("reminder", ""),
            ("recommendation", ""),
            ("acceptance", ""),
            ("supervision", "red"),
            ("supervision", ""),
            ("dispatch", ""),
        )
        written = [paper.kind for paper in m.papers if paper.matter is matter and not paper.is_slip]
        return [pair for pair in kinds if pair[0] not in written] if len(written) < 3 else []

    def allowed(self, m: Model, who: str, matter: Matter, option: tuple[str, str]) -> bool:
        """About who leads the case, or to its party; a supervision says how grave; slips go out with the work only."""
        kind, level = option
        fits = kind == "acceptance" or matter.lead is not None
        fits = fits and matter.status in ("accepted", "dispatched", "handling", "concluded", "suspended", "closed")
        graded = bool(level) or kind != "supervision"
        return sorts(who, matter) and fits and graded and kind != "dispatch"

    def run(self, p: Product, who: User, matter: Matter, option: tuple[str, str]) -> Any:
        code, level = option
        kind = kinds_in_force(timezone.localdate()).get(code=code)
        return actions.draft_letter(p.case(matter), actor=who, kind=kind, level=level, instruction="请抓紧办理")

    def then(self, m: Model, who: str, matter: Matter, option: tuple[str, str], result: Any) -> None:
        assert matter.centre is not None
        kind, _ = option
        issuer = "politics_and_law" if kind == "recommendation" else matter.centre
        to = matter.lead.org if matter.lead is not None and kind != "acceptance" else None
        work = matter.work_of(to) if to is not None else None
        m.papers.append(Paper(result.pk, kind, issuer, to, who, matter, work))


@act
class Submit(OfPaper):
    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        return edits(who, paper) and may_move(paper, "submit")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.submit_document(p.document(paper), actor=who)

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "submit")


@act
class Approve(OfPaper):
    weight = 8

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        return reviews(who, paper) and may_move(paper, "approve")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.review_document(p.document(paper), actor=who)

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "approve")


@act
class SignPaper(OfPaper):
    weight = 8

    def options(self, m: Model, paper: Paper) -> Any:
        return (True, True, False)

    def allowed(self, m: Model, who: str, paper: Paper, option: bool) -> bool:
        return signs(who, paper) and may_move(paper, "sign")

    def run(self, p: Product, who: User, paper: Paper, option: bool) -> Any:
        return actions.sign_document(p.document(paper), actor=who, issue=option)

    def then(self, m: Model, who: str, paper: Paper, option: bool, result: Any) -> None:
        move(paper, "sign")
        paper.signer = who
        if option:
            move(paper, "issue")


@act
class Issue(OfPaper):
    weight = 8

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        return decides(who, paper) and may_move(paper, "issue")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.issue_document(p.document(paper), actor=who)

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "issue")
