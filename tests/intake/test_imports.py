"""Tables of calls: checked row by row in words, registered all or in part, repeats known by their outside number."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from intake import actions
from intake.deadlines.models import Clock
from intake.imports import actions as imports_actions
from intake.imports import queries as imports_queries
from intake.imports.actions import bulk, confirm_import, start_import, work_on_imports
from intake.imports.actions.passes import MOST_ROWS  # noqa: F401
from intake.imports.models import ImportBatch, ImportKind
from intake.models import Case, Counter, ExternalReference, Party, StatusChange
from intake.numbering import next_case_codes
from tests.intake.tables import a_call, bad_calls, csv_file, handed_in, unreadable_call, xlsx
from tests.people import Ground, an_entry
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.core.numbering import parse_case_code
from zhongzhi.jobs.models import Job
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def run(batch: ImportBatch, ground: Ground, mode: str) -> ImportBatch:
    confirm_import(batch, actor=ground.dispatcher, mode=mode)
    work_on_imports(seconds=30)
    batch.refresh_from_db()
    return batch


def numbers(batch: ImportBatch) -> tuple[str, int, int, int, int]:
    return batch.state, batch.total_rows, batch.bad_rows, batch.repeat_rows, batch.new_cases


def test_a_clean_table_becomes_cases_as_if_each_had_been_registered(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(at, respondent="赵某") for at in range(3)]))
    assert numbers(batch) == ("checked", 3, 0, 0, 0)
    assert numbers(run(batch, ground, "all")) == ("done", 3, 0, 0, 3)
    case = Case.objects.order_by("pk").first()
    assert case is not None
    by_hand = actions.register_case(an_entry(channel="06"), actor=ground.dispatcher)
    same = ("status", "version", "centre_id", "holder_id", "tier", "channel", "status_before", "scale", "complexity")
    assert [getattr(case, n) for n in same] == [getattr(by_hand, n) for n in same]
    assert case.occurred_on == date(2026, 11, 23)
    assert (case.category_id, case.territory.full_name) == ("0901", "巨日合镇五家子村")
    first, second = case.parties.all()
    assert (first.name, first.phone, first.side) == ("王000", "13847500000", "applicant")
    assert (second.name, second.side, second.ordinal) == ("赵某", "respondent", 2)
    clock, usual = case.clocks.get(), by_hand.clocks.get()
    assert (clock.kind, clock.amount, clock.unit, clock.organisation_id) == (
        usual.kind,
        usual.amount,
        usual.unit,
        usual.organisation_id,
    )
    assert (clock.next_at is None, clock.due_at.date()) == (False, usual.due_at.date())
    assert case.status_changes.get().event == "register"
    assert case.external_references.get().system == "110"
    assert list(verify(Counts())) == []


def test_codes_of_an_import_are_consecutive_and_go_on_where_the_window_stopped(ground: Ground) -> None:
    actions.register_case(an_entry(), actor=ground.clerk)
    run(handed_in(ground, xlsx([a_call(at) for at in range(5)])), ground, "all")
    actions.register_case(an_entry(), actor=ground.clerk)
    codes = [parse_case_code(str(code)).serial for code in Case.objects.order_by("pk").values_list("code", flat=True)]
    assert codes == list(range(1, 8))


def test_faults_are_told_by_row_and_column_in_words(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1), *bad_calls()]))
    assert numbers(batch) == ("checked", 6, 5, 0, 0)
    told = [(r.row, r.column, r.message) for r in imports_queries.remarks_of(batch)]
    assert [(row, column) for row, column, _ in told] == [
        (3, "内容"),
        (4, "发生地"),
        (5, "警情编号"),
        (6, "警情编号"),
        (7, "内容"),
        (7, "发生地"),
    ]
    assert all(message.endswith("。") for _, _, message in told)


def test_what_else_cannot_be_read_is_noted_and_its_words_are_kept(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([unreadable_call()]))
    assert numbers(batch) == ("checked", 1, 0, 0, 0)
    told = {(r.column, "152327" in r.message) for r in imports_queries.remarks_of(batch)}
    assert told == {(column, False) for column in ("接警时间", "联系电话", "纠纷类别", "身份证号")}
    assert numbers(run(batch, ground, "all")) == ("done", 1, 0, 0, 1)
    case = Case.objects.get()
    party = case.parties.get()
    assert case.narrative.endswith("（来文所载 接警时间：昨天；纠纷类别：9999）")
    assert (party.phone, party.paper_number, party.paper_kind) == ("1234", "152327196503152418", "other")


def test_all_or_nothing_registers_nothing_while_a_row_is_faulty(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1), *bad_calls()]))
    with pytest.raises(RuleViolation, match="5 行有误"):
        confirm_import(batch, actor=ground.dispatcher, mode="all")
    work_on_imports(seconds=30)
    assert not Case.objects.exists()
    assert numbers(run(batch, ground, "valid")) == ("done", 6, 5, 0, 1)
    assert Case.objects.get().external_references.get().number == "J2026112300001"
    assert imports_queries.remarks_of(batch).count() == 6


def test_repeats_are_known_by_their_outside_number_within_a_table_and_across(ground: Ground) -> None:
    run(handed_in(ground, xlsx([a_call(1), a_call(2)])), ground, "all")
    known = Case.objects.order_by("pk").first()
    assert known is not None
    batch = handed_in(ground, xlsx([a_call(1), a_call(3), a_call(3)]))
    assert numbers(batch) == ("checked", 3, 0, 2, 0)
    assert numbers(run(batch, ground, "all")) == ("done", 3, 0, 2, 1)
    first, second = imports_queries.remarks_of(batch)
    assert (first.case, str(known.code) in first.message) == (known, True)
    assert second.message == "与本表前面的一行重复"
    assert Case.objects.count() == 3


def test_one_number_in_two_systems_is_two_matters(ground: Ground) -> None:
    run(handed_in(ground, xlsx([a_call(1)])), ground, "all")
    hotline = handed_in(ground, xlsx([a_call(1)], ImportKind.HOTLINE), ImportKind.HOTLINE)
    assert numbers(run(hotline, ground, "all")) == ("done", 1, 0, 0, 1)
    assert sorted(ExternalReference.objects.values_list("system", flat=True)) == ["110", "12345"]
    assert Case.objects.filter(channel="04").count() == 1


def test_petitions_get_the_fifteen_days_of_the_petition_rules(ground: Ground) -> None:
    run(handed_in(ground, xlsx([a_call(1)], ImportKind.PETITION), ImportKind.PETITION), ground, "all")
    clock = Case.objects.get().clocks.get()
    assert (clock.kind, clock.amount, clock.unit) == ("triage", 15, "natural_day")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_chinese_offices(ground: Ground, encoding: str) -> None:
    batch = handed_in(ground, csv_file([a_call(1), a_call(2)], encoding))
    assert numbers(run(batch, ground, "all")) == ("done", 2, 0, 0, 2)


def test_a_table_without_the_columns_says_which(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1)], ImportKind.PETITION), ImportKind.HOTLINE)
    assert (batch.state, "工单编号" in batch.failure, batch.source is None) == ("asking", True, False)


def test_an_empty_table_says_so(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([]))
    assert (batch.state, "没有数据行" in batch.failure) == ("failed", True)


def test_nothing_of_the_file_is_kept_when_it_is_done(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1)]))
    assert imports_actions.preview_of(batch).rows[0]["person"] == "王001"
    assert "王001".encode() not in bytes(batch.preview_sealed or b"")
    run(batch, ground, "all")
    assert (batch.source, batch.preview_sealed, imports_actions.preview_of(batch).rows) == (None, None, [])
    assert not Job.objects.filter(source__isnull=False).exists()


def test_a_cancelled_import_registers_nothing_and_keeps_nothing(ground: Ground) -> None:
    batch = handed_in(ground, xlsx([a_call(1)]))
    imports_actions.cancel_import(batch, actor=ground.dispatcher)
    batch.refresh_from_db()
    assert (batch.state, batch.source) == ("cancelled", None)
    with pytest.raises(InvalidTransition):
        confirm_import(batch, actor=ground.dispatcher, mode="all")


def test_a_second_press_of_the_button_makes_no_second_batch(ground: Ground) -> None:
    uid = uuid4()
    for _ in range(2):
        start_import(
            ImportKind.POLICE_CALL, xlsx([a_call(1)]), actor=ground.dispatcher, centre=ground.county_centre, uid=uid
        )
    assert ImportBatch.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize("who", ["handler", "leader", "stranger", "grid_worker"])
def test_only_the_window_of_the_centre_imports(ground: Ground, who: str) -> None:
    person = ground.people[who]
    with pytest.raises(PermissionDenied):
        start_import(ImportKind.POLICE_CALL, xlsx([a_call(1)]), actor=person, centre=ground.county_centre)
    batch = handed_in(ground, xlsx([a_call(1)]))
    with pytest.raises(PermissionDenied):
        confirm_import(batch, actor=person, mode="all")
    with pytest.raises(NotFound):
        imports_queries.import_visible_to(person, batch.uid)
    assert imports_queries.import_visible_to(ground.clerk, batch.uid) == batch


def test_the_sorters_are_told_once_for_the_whole_table_but_of_high_risk_at_once(ground: Ground) -> None:
    run(handed_in(ground, xlsx([a_call(1), a_call(2), a_call(3, risk="红")])), ground, "all")
    told = OutboxMessage.objects.filter(payload__user=ground.manager.pk)
    titles = sorted(message.payload["title"] for message in told)
    assert len(titles) == 2
    assert any("新登记 3 件" in title for title in titles)
    assert any("红色风险预警" in title for title in titles)


def test_a_day_without_serials_left_stops_the_import_and_it_goes_on_the_next_day(ground: Ground) -> None:
    series = f"case:150526:{timezone.localdate():%Y%m%d}"
    Counter.objects.create(series=series, last=9_999_998)
    batch = handed_in(ground, xlsx([a_call(1), a_call(2)]))
    run(batch, ground, "all")
    assert (batch.state, batch.is_stuck, batch.new_cases) == ("running", True, 0)
    assert "编号用完" in batch.job.message
    Counter.objects.filter(series=series).update(last=5)
    imports_actions.resume_import(batch, actor=ground.dispatcher)
    work_on_imports(seconds=30)
    batch.refresh_from_db()
    assert numbers(batch) == ("done", 2, 0, 0, 2)


def test_the_counter_of_the_day_is_asked_when_all_but_the_cases_is_written(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[int, ...]] = []

    def asked(*args: object) -> list[str]:
        kinds = (Party, ExternalReference, Clock, StatusChange, Case)
        written.append(tuple(kind.objects.count() for kind in kinds))  # type: ignore[attr-defined]
        return next_case_codes(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "next_case_codes", asked)
    batch = run(handed_in(ground, xlsx([a_call(at, respondent="赵某") for at in range(3)])), ground, "all")
    assert numbers(batch) == ("done", 3, 0, 0, 3)
    assert written == [(6, 3, 3, 3, 0)]


def test_a_worker_that_died_between_two_pieces_is_succeeded_without_doubling(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.imports.actions.passes.PIECE", 3)
    batch = handed_in(ground, xlsx([*(a_call(at) for at in range(10)), a_call(4), *bad_calls()]))
    confirm_import(batch, actor=ground.dispatcher, mode="valid")
    while Case.objects.count() < 6:
        work_on_imports(seconds=0.0001)
    held = ImportBatch.objects.get(pk=batch.pk)
    Job.objects.filter(pk=held.job_id).update(
        state="running", lease=uuid4(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    work_on_imports(seconds=30)
    batch.refresh_from_db()
    assert numbers(batch) == ("done", 16, 5, 1, 10)
    assert Case.objects.count() == ExternalReference.objects.values("number").distinct().count() == 10


def test_checking_asks_the_database_the_same_however_many_rows(ground: Ground, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    batch = start_import(
        ImportKind.POLICE_CALL,
        xlsx([a_call(at) for at in range(200)]),
        actor=ground.dispatcher,
        centre=ground.county_centre,
    )
    with django_assert_max_num_queries(40):
        work_on_imports(seconds=30)
    confirm_import(batch, actor=ground.dispatcher, mode="all")
    with django_assert_max_num_queries(60):
        work_on_imports(seconds=30)
    assert Case.objects.count() == 200


def test_what_a_cell_holds_arrives_unchanged(ground: Ground) -> None:
    awkward = 'C:\\temp\\new\t"引号"；𠮷田、😀\n第二行 \\N \\. 100%'
    run(handed_in(ground, xlsx([a_call(1, narrative=awkward, person="О'Brien \\ 欧阳")])), ground, "all")
    case = Case.objects.get()
    assert case.narrative == awkward
    assert case.parties.get().name == "О'Brien \\ 欧阳"
    assert (case.status_before, case.amount, case.is_fast_track) == ("", None, False)
    assert case.created_at and case.updated_at
