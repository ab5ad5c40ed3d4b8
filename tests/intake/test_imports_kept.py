"""What the check read is kept until it is registered: nothing is read twice, and what comes of it is what one by one at
the window would have come of the same rows."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import models, transaction
from django.utils import timezone

from grids.models import Territory
from intake import actions
from intake.actions.entry import title_of
from intake.deadlines.models import Clock
from intake.imports import actions as imports_actions
from intake.imports import queries as imports_queries
from intake.imports.actions import confirm_import, work_on_imports
from intake.imports.actions.bulk import risks_for
from intake.imports.actions.kept_pieces import Basis, ReadRow, keep_piece, kept_rows
from intake.imports.actions.row_checks import RowChecks
from intake.imports.models import ImportBatch, ImportKind, KeptPiece
from intake.models import Case, ExternalReference, Handling, Party, Risk, StatusChange, Tier, TierMove
from tests.intake.tables import PLACES, POLICE, a_call, a_word, bad_calls, csv_file, handed_in, unreadable_call, xlsx
from tests.people import Ground, an_entry
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.idnumbers import resident_check
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.web.sheets import SheetRow

pytestmark = pytest.mark.django_db
ONCE_FOR_THE_TABLE = ("导入", "新登记，待研判", "今天又在")
"""What the window tells of each case, and an import once of all."""
RISKS = ("蓝色", "黄", "橙", "红", "")


def a_paper(at: int) -> str:
    body = f"1505261980{at % 12 + 1:02d}{at % 28 + 1:02d}{at % 1000:03d}"
    return body + resident_check(body)


def calls(number: int) -> list[dict[str, Any]]:
    """All that a table can bring, in turns."""
    return [
        a_call(
            at,
            person="" if at % 7 == 0 else f"王　{at:03d}",
            paper=a_paper(at) if at % 3 else "E12345678",
            paper_kind="" if at % 3 else "护照",
            respondent="赵某" if at % 2 else "",
            risk=RISKS[at % 5],
            category=("0901", "邻里纠纷", "")[at % 3] if at % 11 else "9999",
            people_count=str(at) if at and at % 4 == 0 else "",
            amount=f"{at}.5元" if at % 6 == 0 else "",
            day="昨天" if at % 13 == 0 else "2026年11月23日 8时",
            phone="1234" if at % 17 == 0 else f"138475{at:05d}",
            request="重新丈量\n并调解",
            internal_number=f"N{at}",
        )
        for at in range(number)
    ]


def registered(ground: Ground, batch: ImportBatch) -> ImportBatch:
    confirm_import(batch, actor=batch.created_by, mode="valid")
    work_on_imports(seconds=60)
    batch.refresh_from_db()
    return batch


def one_by_one(ground: Ground, rows: list[dict[str, Any]], who: str, where: str) -> None:
    """The same rows as the check reads them, each registered as at the window."""
    actor, centre = getattr(ground, who), getattr(ground, where)
    checks = RowChecks(POLICE, ground.county_centre.territory.code[:6])
    found = checks.look_at([SheetRow(at, row) for at, row in enumerate(rows, start=2)])
    for row in found.read:
        assert isinstance(row, ReadRow) and row.reading.checked is not None
        checked = row.reading.checked
        assert checked.territory is not None
        category = checked.category.code if checked.category else ""
        entry = replace(checked.entry, territory=checked.territory.code, category=category, title=title_of(checked))
        actions.register_case(entry, actor=actor, centre=centre)


def columns(row: models.Model, *but: str) -> dict[str, Any]:
    """All columns but keys and what is random: numbers of its own, seals."""
    own = ("id", "uid", "case_id", *but)
    return {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if f.attname not in own and not f.attname.endswith("_sealed")
    }


def what_there_is() -> list[Any]:
    """The new cases with all that hangs on them, in the order of their codes."""
    cases = list(Case.objects.order_by("code"))
    at = {case.pk: number for number, case in enumerate(cases)}
    found: list[Any] = [[columns(case) for case in cases]]
    for model in (Party, Clock, StatusChange, ExternalReference, TierMove, Handling):
        rows = sorted(model.objects.filter(case__in=cases), key=lambda row: (at[row.case_id], row.pk))
        found.append([(at[row.case_id], columns(row)) for row in rows])
    found.append(
        [(p.name, p.phone, p.paper_number, p.address) for p in Party.objects.order_by("case__code", "ordinal")]
    )
    for number, case in enumerate(cases):
        trail = TrailEntry.objects.filter(chain=f"case:{case.pk}").order_by("seq")
        facts = [{k: v for k, v in e.facts.items() if k not in ("import", "leader_row")} for e in trail]
        found.append([(number, e.seq, e.actor_id, e.verb, f) for e, f in zip(trail, facts, strict=True)])
    codes = {str(case.code) for case in cases}
    sent = OutboxMessage.objects.order_by("pk")
    told = [(m.topic, m.payload["user"], m.payload["title"]) for m in sent]
    told = [one for one in told if not any(words in one[2] for words in ONCE_FOR_THE_TABLE)]
    assert codes
    return [*found, sorted(told)]


@pytest.mark.parametrize(("who", "where"), [("dispatcher", "county_centre"), ("town_dispatcher", "juri_centre")])
def test_two_hundred_rows_of_a_table_are_what_one_by_one_would_have_come_of_them(
    ground: Ground, who: str, where: str
) -> None:
    rows, found = calls(200), []
    for by_table in (True, False):
        with time_machine.travel(timezone.now(), tick=False) as at, transaction.atomic():
            at.move_to(timezone.now().replace(hour=2, minute=0, second=0, microsecond=0))
            if by_table:
                assert registered(ground, handed_in(ground, xlsx(rows), who=who, where=where)).new_cases == 200
            else:
                one_by_one(ground, rows, who, where)
            found.append(what_there_is())
            transaction.set_rollback(True)
    for by_table, by_hand in zip(*found, strict=True):
        assert by_table == by_hand


def test_red_risk_of_a_table_of_a_town_goes_to_the_county_at_once(ground: Ground) -> None:
    rows = [a_call(0, risk="红"), a_call(1, risk="橙"), a_call(2, risk="红")]
    registered(ground, handed_in(ground, xlsx(rows), who="town_dispatcher", where="juri_centre"))
    red = Case.objects.filter(risk=Risk.RED)
    assert list(red.values_list("tier", "centre")) == [(Tier.COUNTY, ground.county_centre.pk)] * 2
    assert TierMove.objects.filter(cause="risk", case__in=red).count() == 2
    assert [(case.tier, case.centre) for case in Case.objects.difference(red)] == [(Tier.TOWN, ground.juri_centre)]


def test_a_draft_that_a_table_met_can_be_discarded(ground: Ground) -> None:
    draft = actions.save_draft(an_entry(external_system="110", external_number="J2026112300001"), actor=ground.clerk)
    batch = handed_in(ground, xlsx([a_call(0), a_call(1)]))
    (told,) = imports_queries.remarks_of(batch)
    assert (told.case, told.message) == (draft, "已登记过，编号 草稿")
    actions.discard_draft(draft, actor=ground.clerk)
    told.refresh_from_db()
    assert (told.case, told.row, told.message) == (None, 3, "已登记过，编号 草稿")
    assert registered(ground, batch).new_cases == 2


def test_what_the_check_made_of_a_row_comes_back_as_it_was(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([*calls(60), unreadable_call(), *bad_calls(), a_call(3)]))
    county = ground.county_centre.territory.code[:6]
    checks = RowChecks(POLICE, county)
    rows = [SheetRow(at, row) for at, row in enumerate([*calls(60), unreadable_call(), *bad_calls(), a_call(3)])]
    read = checks.look_at(rows).read
    KeptPiece.objects.all().delete()
    keep_piece(batch, read, checks.basis.digest(batch))
    batch.last_row = 0
    kept = kept_rows(batch, Basis(county, POLICE), risks_for(ground.dispatcher))
    assert kept is not None
    (back,) = kept
    assert len(back) == len(rows)
    for before, after in zip(read, back, strict=True):
        if isinstance(before, SheetRow):
            assert after == before
            continue
        was, now = before.reading.checked, after.reading.checked  # type: ignore[union-attr]
        assert was is not None and now is not None
        assert (now.territory, now.category, now.parties) == (was.territory, was.category, was.parties)
        fields = ("narrative", "occurred_on", "amount", "people_count", "external_number", "risk", "request")
        assert [getattr(now.entry, n) for n in fields] == [getattr(was.entry, n) for n in fields]
        assert after.reading.notes == before.reading.notes  # type: ignore[union-attr]
    amounts = [row.reading.checked.entry.amount for row in back if not isinstance(row, SheetRow)]  # type: ignore[union-attr]
    assert Decimal("6.50") in amounts


@pytest.mark.parametrize("file", [xlsx, csv_file])
def test_what_was_checked_is_not_read_again(ground: Ground, monkeypatch: pytest.MonkeyPatch, file: Any) -> None:
    batch = handed_in(ground, file([*(a_call(at) for at in range(5)), *bad_calls(), a_call(2)]))
    confirm_import(batch, actor=ground.dispatcher, mode="valid")

    def never(*given: object) -> None:
        raise AssertionError("the file is opened again")

    monkeypatch.setattr("intake.imports.actions.passes.opened", never)
    work_on_imports(seconds=30)
    batch.refresh_from_db()
    assert (batch.state, batch.new_cases, batch.bad_rows, batch.repeat_rows) == ("done", 5, 5, 1)
    assert imports_queries.remarks_of(batch).count() == 7


def test_a_place_that_closed_since_is_a_fault_of_its_rows(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(0), a_call(1), a_call(2)]))
    place = next(p for p in Territory.objects.all() if p.full_name == PLACES[1])
    Territory.objects.filter(pk=place.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    registered(ground, batch)
    assert (batch.state, batch.new_cases, batch.bad_rows) == ("done", 2, 1)
    (told,) = imports_queries.remarks_of(batch)
    assert (told.row, told.column) == (3, "发生地")


def test_words_that_were_explained_since_are_read_so(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(0), a_call(1, place="老七队")]))
    assert (batch.state, batch.bad_rows) == ("checked", 1)
    a_word(ground)
    registered(ground, batch)
    assert (batch.new_cases, batch.bad_rows) == (2, 0)


def test_a_number_that_was_registered_or_given_up_since_is_told_as_it_is_now(ground: Ground) -> None:
    def with_number(at: int) -> Any:
        return an_entry(external_system="110", external_number=f"J20261123{at:05d}")

    draft = actions.save_draft(with_number(1), actor=ground.clerk)
    batch = handed_in(ground, xlsx([a_call(0), a_call(1), a_call(2)]))
    assert (batch.repeat_rows, batch.good_rows) == (1, 2)
    ExternalReference.objects.filter(case=draft).delete()
    actions.register_case(with_number(2), actor=ground.clerk)
    registered(ground, batch)
    assert (batch.new_cases, batch.repeat_rows) == (2, 1)
    assert [told.row for told in imports_queries.remarks_of(batch)] == [4]


def test_what_is_kept_is_sealed_and_goes_with_the_file(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1), a_call(2)]))
    (piece,) = batch.pieces.all()
    assert not any(told in bytes(piece.sealed) for told in ("王001".encode(), b"13847500001", b"J2026"))
    imports_actions.cancel_import(batch, actor=ground.dispatcher)
    assert not KeptPiece.objects.exists()
    registered(ground, handed_in(ground, xlsx([a_call(1)])))
    assert not KeptPiece.objects.exists()


def test_a_table_that_is_read_another_way_is_kept_anew(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1), a_call(2)]))
    imports_actions.read_again(batch, actor=ground.dispatcher)
    assert not KeptPiece.objects.exists()
    work_on_imports(seconds=30)
    assert registered(ground, ImportBatch.objects.get(pk=batch.pk)).new_cases == 2


def test_a_batch_of_before_is_read_from_its_file(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1), a_call(2)], ImportKind.HOTLINE), ImportKind.HOTLINE)
    KeptPiece.objects.all().delete()
    assert registered(ground, batch).new_cases == 2
    assert Case.objects.filter(occurred_on=date(2026, 11, 23)).count() == 2
