"""What becomes of a slip or letter that went out: signed for, answered, returned, given more time, served."""

from typing import Any

from referrals import actions
from tests.models import office
from tests.models.acts import Model, Product, act
from tests.models.acts_papers import OfPaper, decides_on, may_move, move
from tests.models.acts_road import give_back, may_give_back, sign
from tests.models.rows import Paper
from tests.models.sight import answers, works_on
from zhongzhi.accounts.models import User


def takes(who: str, paper: Paper) -> bool:
    """Nobody signs for, returns or answers the letter they signed, unless the addressee has nobody else."""
    return office.may_decide(who, paper.signer, paper.addressee, office.WORKERS | office.LEADER)


@act
class ReturnPaper(OfPaper):
    weight = 1

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool | None:
        if not answers(who, paper):
            return False
        if not paper.is_slip:
            return takes(who, paper) and may_move(paper, "return")
        matter, work = paper.matter, paper.work
        assert matter is not None and work is not None
        if not work.open:
            return False
        return may_give_back(m, who, matter) if work.part == "lead" else works_on(who, work) and not work.signed

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.return_document(p.document(paper), actor=who, reason="不属本单位职责")

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        matter, work = paper.matter, paper.work
        if not paper.is_slip:
            move(paper, "return")
            return
        assert matter is not None and work is not None
        if work.part == "lead":
            give_back(m, who, matter)
        else:
            matter.close_part(work, "returned")


@act
class AskTime(OfPaper):
    weight = 6

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool | None:
        """Before the answer is due (only the program knows), once at a time and twice at most."""
        waits = paper.status in ("issued", "received") and paper.kind in ("supervision", "recommendation")
        left = paper.extended < 2 and not paper.asked
        return None if answers(who, paper) and not paper.is_slip and waits and left else False

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.ask_document_extension(p.document(paper), actor=who, reason="正在核查")

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        paper.asked, paper.asker = True, who


@act
class DecideTime(OfPaper):
    weight = 8

    def options(self, m: Model, paper: Paper) -> Any:
        return (True, False)

    def allowed(self, m: Model, who: str, paper: Paper, option: bool) -> bool:
        return paper.asked and decides_on(who, paper.asker, paper)

    def run(self, p: Product, who: User, paper: Paper, option: bool) -> Any:
        return actions.decide_document_extension(p.document(paper), actor=who, granted=option, note="按规定")

    def then(self, m: Model, who: str, paper: Paper, option: bool, result: Any) -> None:
        paper.asked = False
        paper.extended += option and paper.status in ("issued", "received")


@act
class Receive(OfPaper):
    weight = 6

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        """A slip is signed for as the work is; a letter by who works at, or leads, the organisation it went to."""
        if not answers(who, paper):
            return False
        if not paper.is_slip:
            return takes(who, paper) and may_move(paper, "receive")
        matter, work = paper.matter, paper.work
        assert matter is not None and work is not None
        if not work.open or not works_on(who, work):
            return False
        return matter.may("sign") if work.part == "lead" else not work.signed

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.receive_document(p.document(paper), actor=who)

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        matter, work = paper.matter, paper.work
        if not paper.is_slip:
            move(paper, "receive")
            if paper.kind == "reminder":
                move(paper, "serve")
            return
        assert matter is not None and work is not None
        if work.part == "lead":
            sign(matter)
        else:
            work.signed = True
            matter.stop("sign", work=work)


@act
class Answer(OfPaper):
    weight = 8

    def options(self, m: Model, paper: Paper) -> Any:
        return ("full", "")

    def allowed(self, m: Model, who: str, paper: Paper, option: str) -> bool:
        """A slip is answered by the report of the case; advice says whether it is taken."""
        said = bool(option) or paper.kind != "recommendation"
        may = answers(who, paper) and not paper.is_slip and takes(who, paper)
        return may and may_move(paper, "answer") and said

    def run(self, p: Product, who: User, paper: Paper, option: str) -> Any:
        return actions.answer_document(p.document(paper), actor=who, text="已整改", adoption=option)

    def then(self, m: Model, who: str, paper: Paper, option: str, result: Any) -> None:
        move(paper, "answer")
        paper.answer_open, paper.answerer = True, who


@act
class DecideAnswer(OfPaper):
    weight = 8

    def options(self, m: Model, paper: Paper) -> Any:
        return (True, False)

    def allowed(self, m: Model, who: str, paper: Paper, option: bool) -> bool:
        return paper.answer_open and may_move(paper, "accept") and decides_on(who, paper.answerer, paper)

    def run(self, p: Product, who: User, paper: Paper, option: bool) -> Any:
        return actions.decide_answer(p.document(paper), actor=who, accepted=option, note="请补充")

    def then(self, m: Model, who: str, paper: Paper, option: bool, result: Any) -> None:
        move(paper, "accept" if option else "refuse")
        paper.answer_open = False


@act
class Serve(OfPaper):
    """How a party was served: by the window of who issued it."""

    weight = 4

    def allowed(self, m: Model, who: str, paper: Paper, option: None) -> bool:
        mine = office.at(who, paper.issuer, office.WINDOW)
        return mine and paper.kind == "acceptance" and may_move(paper, "serve")

    def run(self, p: Product, who: User, paper: Paper, option: None) -> Any:
        return actions.note_service(p.document(paper), actor=who, note="本人签收")

    def then(self, m: Model, who: str, paper: Paper, option: None, result: Any) -> None:
        move(paper, "serve")
