"""The citizen's side: a code that cannot be guessed, steps without names, a rating, a report without a visit."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from intake import actions, queries
from intake.lifecycle import State
from intake.models import Case
from intake.public import queries as public_queries
from intake.public.actions import PublicReport, issue_query_code, rate_case, report_publicly
from intake.public.models import CitizenRating, QueryCode
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.core.querycodes import ALPHABET, LENGTH, grouped_query_code, new_query_code, normalised_query_code
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def code_of(case: Case, ground: Ground) -> str:
    return issue_query_code(case, case.parties.get(ordinal=1), actor=ground.clerk).text


def test_a_code_has_130_random_bits_and_is_kept_as_a_keyed_hash_only(ground: Ground) -> None:
    text = code_of(ways.registered(ground), ground)
    assert len(ALPHABET) ** LENGTH >= 2**128
    assert (len(text), set(text) <= set(ALPHABET)) == (LENGTH, True)
    row = QueryCode.objects.get()
    assert len(row.code_hash) == 32
    assert text.encode() not in bytes(row.code_hash)
    assert len({new_query_code() for _ in range(1000)}) == 1000


def test_a_code_is_taken_as_people_type_it(ground: Ground) -> None:
    text = code_of(ways.registered(ground), ground)
    for typed in (grouped_query_code(text).lower(), f"  {text} ", text.replace("0", "O").replace("1", "l")):
        assert public_queries.query_code_of(typed).case_id == Case.objects.get().pk
    assert normalised_query_code("Ａｂ－０") == "AB0"


def test_guessed_altered_voided_and_old_codes_show_nothing_in_the_same_words(ground: Ground) -> None:
    case = ways.closed(ground)
    first = code_of(case, ground)
    second = code_of(case, ground)
    altered = second[:-1] + ("A" if second[-1] != "A" else "B")
    said = set()
    for wrong in (new_query_code(), altered, first, "", "x" * 500, "%00", "报"):
        with pytest.raises(NotFound) as refused:
            public_queries.query_code_of(wrong)
        said.add(refused.value.message)
    assert len(said) == 1
    assert public_queries.query_code_of(second).case_id == case.pk
    with time_machine.travel(timezone.now() + timedelta(days=181)), pytest.raises(NotFound) as refused:
        public_queries.query_code_of(second)
    assert refused.value.message in said


def test_a_thousand_random_codes_find_none(ground: Ground) -> None:
    for _ in range(20):
        code_of(ways.registered(ground), ground)
    found = 0
    for _ in range(1_000):
        try:
            public_queries.query_code_of(new_query_code())
            found += 1
        except NotFound:
            continue
    assert found == 0


def test_every_code_asks_the_database_the_same(ground: Ground, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    case = ways.registered(ground)
    first, second = code_of(case, ground), code_of(case, ground)
    for code in (first, second, new_query_code(), "x"):
        with django_assert_num_queries(1):
            try:
                public_queries.query_code_of(code)
            except NotFound:
                continue


def test_only_applicants_get_a_code_from_the_window_and_not_for_a_draft(ground: Ground) -> None:
    case = ways.registered(ground)
    applicant, respondent = case.parties.order_by("ordinal")
    with pytest.raises(RuleViolation):
        issue_query_code(case, respondent, actor=ground.clerk)
    for who in ("handler", "leader", "stranger"):
        with pytest.raises(PermissionDenied):
            issue_query_code(case, applicant, actor=ground.people[who])
    draft = ways.in_state(ground, State.DRAFT)
    with pytest.raises(InvalidTransition):
        issue_query_code(draft, draft.parties.get(ordinal=1), actor=ground.clerk)
    assert not QueryCode.objects.exists()
    code_of(case, ground)
    assert [e.verb for e in trail_of(case)][-1] == "query_code_issued"


def test_progress_tells_steps_dates_and_whom_to_call_and_no_name(ground: Ground) -> None:
    case = ways.handling(ground)
    progress = public_queries.progress_of(public_queries.query_code_of(code_of(case, ground)))
    assert progress.headline == "正在办理"
    assert [s.label for s in progress.steps] == ["登记", "受理", "交承办单位", "承办单位签收，开始办理"]
    assert progress.holder == ground.justice_bureau
    assert progress.expected_at is not None
    assert not progress.may_rate
    told = repr(progress)
    for name in ("岳某某", "付某", "包萨仁", "韩冰", "王立新", "13847500001", "请实地丈量"):
        assert name not in told


@pytest.mark.parametrize("state", [s for s in State if s != State.DRAFT])
def test_every_state_has_its_words(ground: Ground, state: State) -> None:
    case = ways.in_state(ground, state)
    assert public_queries.progress_of(public_queries.query_code_of(code_of(case, ground))).headline


def test_a_merged_case_keeps_the_code_of_every_applicant(ground: Ground) -> None:
    merged = ways.in_state(ground, State.MERGED)
    target = merged.merged_into
    assert target is not None
    own, other = code_of(merged, ground), code_of(target, ground)
    both = [public_queries.progress_of(public_queries.query_code_of(code)) for code in (own, other)]
    assert [p.code for p in both] == [target.code, target.code]
    assert [p.is_merged for p in both] == [True, False]


def test_a_rating_is_given_once_for_each_closing_and_bad_ones_are_told(ground: Ground) -> None:
    case = ways.closed(ground)
    code = public_queries.query_code_of(code_of(case, ground))
    rating = rate_case(code, score=2, comment=" 拖得太久 ")
    assert (rating.score, rating.comment) == (2, "拖得太久")
    with pytest.raises(InvalidTransition):
        rate_case(code, score=5)
    assert any("群众评价 2 分" in message.payload["title"] for message in OutboxMessage.objects.all())
    assert [r.score for r in public_queries.ratings_of(case)] == [2]
    case = actions.reopen_case(case, actor=ground.dispatcher, reason="群众不满意")
    with pytest.raises(InvalidTransition):
        rate_case(code, score=5)
    actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    actions.close_case(case, actor=ground.dispatcher)
    rate_case(public_queries.query_code_of(code_of(case, ground)), score=5)
    assert CitizenRating.objects.count() == 2
    assert [e.facts["score"] for e in trail_of(case) if e.verb == "citizen_rated"] == [2, 5]


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_rating_is_one_to_five(ground: Ground, score: int) -> None:
    code = public_queries.query_code_of(code_of(ways.closed(ground), ground))
    with pytest.raises(BadInput):
        rate_case(code, score=score)
    assert not CitizenRating.objects.exists()


def opened(ground: Ground) -> None:
    call_command("open_public_reporting", centre="旗综治中心", stdout=io.StringIO())


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    return SimpleUploadedFile("现场.jpg", content.getvalue())


REPORT = PublicReport("路口垃圾堆了半个月没人清。", "150526103", "小学门口", "张某", "13847500009", agreed=1)


def test_a_citizens_report_stands_in_the_triage_list_with_its_photo(ground: Ground) -> None:
    opened(ground)
    opened(ground)
    reported = report_publicly(REPORT, [photo()])
    case = queries.cases_to_triage(ground.dispatcher).get()
    assert (case.pk, case.channel, case.status) == (reported.case.pk, "10", "registered")
    assert case.centre == ground.county_centre
    assert case.attachments.get().file.name == "现场.jpg"
    assert public_queries.query_code_of(reported.code).case_id == case.pk


def test_a_report_without_a_name_is_withheld(ground: Ground) -> None:
    opened(ground)
    case = report_publicly(PublicReport("有人在河边烧荒。", "150526103", agreed=1), []).case
    assert case.parties.get().name_withheld


def test_a_report_says_what_is_missing_and_leaves_nothing(ground: Ground) -> None:
    with pytest.raises(NotFound):
        report_publicly(REPORT, [])
    opened(ground)
    with pytest.raises(RuleViolation) as refused:
        report_publicly(PublicReport("", "", phone="12", agreed=1), [])
    assert set(refused.value.errors) == {"narrative", "territory", "parties.0.phone"}
    with pytest.raises(RuleViolation):
        report_publicly(REPORT, [photo()] * 4)
    assert not Case.objects.exists()
