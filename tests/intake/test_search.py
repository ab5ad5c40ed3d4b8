"""Search: by code, words, names, whole numbers and initials; two characters by the index."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from intake import actions, queries
from intake.entries import PartyEntry
from intake.models import Case, Party
from intake.search import queries as search_queries
from tests.intake import ways
from tests.people import Ground, an_entry

pytestmark = pytest.mark.django_db


def found(user: Any, text: str) -> list[str]:
    return [case.title for case in search_queries.cases_named(queries.cases_for_list(user), text, user).order_by("pk")]


@pytest.fixture
def cases(ground: Ground) -> list[Case]:
    person = PartyEntry(name="单田芳", paper_number="152327196503152419", phone="13847500001")
    return [
        ways.registered(ground, title="土地少三垄", narrative="自家土地少了3垄（约2亩）", parties=(person,)),
        ways.registered(ground, title="羊吃玉米", narrative="邻居的羊进地", parties=(PartyEntry(name="曾小贤"),)),
    ]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("土地", ["土地少三垄"]),
        ("地土", []),
        ("三垄", ["土地少三垄"]),
        ("（约2亩", ["土地少三垄"]),
        ("邻居", ["羊吃玉米"]),
        ("羊", ["羊吃玉米"]),
        ("土地 单田芳", ["土地少三垄"]),
        ("羊　曾小", ["羊吃玉米"]),
        ("土地 曾小贤", []),
        ("田芳", ["土地少三垄"]),
        ("单", ["土地少三垄"]),
        ("13847500001", ["土地少三垄"]),
        ("１３８４７５０００01", ["土地少三垄"]),
        ("1384750000", []),
        ("152327196503152419", ["土地少三垄"]),
        ("15232719650315241", []),
        ("stf", ["土地少三垄"]),
        ("st", ["土地少三垄"]),
        ("ZXX", ["羊吃玉米"]),
        ("dtf", []),
        ("100%", []),
        ("_地", []),
        ("'; DROP", []),
        ("", ["土地少三垄", "羊吃玉米"]),
    ],
)
def test_what_is_found(text: str, titles: list[str], ground: Ground, cases: list[Case]) -> None:
    assert found(ground.clerk, text) == titles


@pytest.mark.parametrize("typed", ["0001", "０００１"])
def test_the_last_four_digits_of_a_phone_find_who_may_see_it_in_full(
    typed: str, ground: Ground, cases: list[Case]
) -> None:
    assert found(ground.clerk, typed) == ["土地少三垄"]
    assert found(ground.leader, typed) == [], "who sees phones masked learns nothing by asking"
    assert found(ground.stranger, typed) == []


def test_the_tail_of_a_landline_leaves_its_extension_out(ground: Ground) -> None:
    party = PartyEntry(name="王海", phone="0475-7229876转801")
    ways.registered(ground, title="占道经营", narrative="摊位", parties=(party,))
    assert found(ground.clerk, "9876") == ["占道经营"]
    assert found(ground.clerk, "6801") == []


def test_a_phone_that_changes_is_found_by_its_new_tail(ground: Ground, cases: list[Case]) -> None:
    entry = an_entry(parties=(PartyEntry(name="单田芳", phone="13847506666"),))
    actions.amend_case(cases[0], entry, actor=ground.clerk, reason="号码录错")
    assert [found(ground.clerk, tail) for tail in ("6666", "0001")] == [["土地少三垄"], []]


def test_the_tail_of_a_code_and_of_an_order_number_finds(ground: Ground, cases: list[Case]) -> None:
    code = str(cases[1].code)
    assert found(ground.clerk, code[-6:].lower()) == ["羊吃玉米"]
    assert found(ground.clerk, code[-3:]) == []
    ways.registered(ground, title="停水三天", external_system="12345", external_number="GD-2026-998877")
    assert found(ground.clerk, "998877") == found(ground.clerk, "8877") == ["停水三天"]
    assert found(ground.stranger, "998877") == []


@pytest.mark.parametrize("typed", ["wjz", "WJZ", "五家子", "五家子村"])
def test_cases_are_found_by_their_place_and_its_initials(typed: str, ground: Ground, cases: list[Case]) -> None:
    assert found(ground.clerk, typed) == ["土地少三垄", "羊吃玉米"]
    assert found(ground.stranger, typed) == []


def test_cases_are_found_by_who_holds_them(ground: Ground, cases: list[Case]) -> None:
    case = actions.accept_case(cases[1], actor=ground.dispatcher)
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    assert found(ground.dispatcher, "sfj") == found(ground.dispatcher, "司法局") == ["羊吃玉米"]


@pytest.mark.parametrize(
    ("kept", "typed"), [("張國榮", "张国荣"), ("张国荣", "張國榮"), ("張國榮", "張國榮"), ("劉德華", "德华")]
)
def test_names_and_words_are_found_in_either_form_of_their_characters(kept: str, typed: str, ground: Ground) -> None:
    ways.registered(ground, title="甲", parties=(PartyEntry(name=kept),))
    ways.registered(ground, title="乙", narrative=f"{kept}在場", parties=(PartyEntry(name="王海"),))
    ways.registered(ground, title="丙")
    assert found(ground.clerk, typed) == ["甲", "乙"]
    assert Party.objects.filter(name=kept).exists(), "kept as it was written"


def test_the_other_form_of_a_name_tells_a_masked_reader_nothing(ground: Ground) -> None:
    ways.registered(ground, title="欠款", narrative="張國榮欠款", parties=(PartyEntry(name="張國榮"),))
    assert found(ground.leader, "欠款") == ["欠款"]
    assert [found(ground.leader, typed) for typed in ("张国荣", "張國榮", "国荣", "告张国荣")] == [[], [], [], []]


def test_a_code_or_its_start_finds_in_any_case(ground: Ground, cases: list[Case]) -> None:
    assert found(ground.clerk, str(cases[1].code).lower()) == ["羊吃玉米"]
    assert len(found(ground.clerk, str(cases[1].code)[:16])) == 2


def test_initials_serve_those_who_may_see_the_names_only(ground: Ground, cases: list[Case]) -> None:
    assert found(ground.leader, "土地") == ["土地少三垄"]
    assert found(ground.leader, "stf") == []
    assert found(ground.town_dispatcher, "stf") == []
    case = actions.accept_case(cases[0], actor=ground.dispatcher)
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    assert found(ground.handler, "stf") == ["土地少三垄"]


def test_names_in_clear_is_the_same_rule_as_for_one_case(ground: Ground, cases: list[Case]) -> None:
    from intake.permissions import may_see_personal

    ways.handling(ground)
    actions.register_case(an_entry(), actor=ground.town_clerk)
    for name in ("clerk", "dispatcher", "leader", "handler", "town_manager", "grid_worker", "stranger"):
        user = ground.people[name]
        rows = queries.cases_visible_to(user)
        one_by_one = {case.pk for case in rows if may_see_personal(user, case)}
        assert set(rows.filter(search_queries.names_in_clear(user)).values_list("pk", flat=True)) == one_by_one, name


def test_out_of_sight_is_not_found(ground: Ground, cases: list[Case]) -> None:
    assert found(ground.stranger, "土地") == []
    assert found(ground.other_handler, "13847500001") == []


def test_a_name_that_changes_is_found_by_its_new_initials(ground: Ground, cases: list[Case]) -> None:
    actions.amend_case(cases[0], an_entry(parties=(PartyEntry(name="查良镛"),)), actor=ground.clerk, reason="姓名录错")
    assert found(ground.clerk, "zly") == ["土地少三垄"]
    assert found(ground.clerk, "stf") == []


def test_missing_initials_are_filled_in_by_command(ground: Ground, cases: list[Case]) -> None:
    Party.objects.update(initials="")
    assert found(ground.clerk, "stf") == []
    for total in (2, 0):
        out = StringIO()
        call_command("fill_initials", stdout=out)
        assert f"首字母更新 {total} 条" in out.getvalue()
    assert found(ground.clerk, "stf") == ["土地少三垄"]


def test_missing_tails_of_phones_are_filled_in_by_the_same_command(ground: Ground, cases: list[Case]) -> None:
    Party.objects.update(phone_tail=None)
    assert found(ground.clerk, "0001") == []
    for total in (1, 0):
        out = StringIO()
        call_command("fill_initials", stdout=out)
        assert f"尾号更新 {total} 条" in out.getvalue()
    assert found(ground.clerk, "0001") == ["土地少三垄"]


# --- the index -------------------------------------------------------------------------------------------

WORDS = "{土地,宅基,欠薪,噪声,漏水,彩礼,遗产,相邻,草场,水渠,打井,占道,拖欠,退租,装修,物业}"


def many(ground: Ground, number: int) -> None:
    """Rows with generated words; one in 2,000 speaks of 彩票."""
    case = ways.registered(ground)
    own = ("id", "uid", "code", "title", "narrative")
    same = ", ".join(f.column for f in Case._meta.concrete_fields if f.column not in own and not f.generated)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO intake_case (uid, code, title, narrative, {same}) SELECT gen_random_uuid(), 'B' || n,"
            "  (%(words)s::text[])[1 + n %% 16] || (%(words)s::text[])[1 + (n / 16) %% 16] || '纠纷' || n,"
            "  CASE WHEN n %% 2000 = 0 THEN '因彩票分配' ELSE '因' || (%(words)s::text[])[1 + n / 7 %% 16] END,"
            f" {same} FROM intake_case, generate_series(1, %(number)s) n WHERE id = %(case)s",
            {"words": WORDS, "number": number, "case": case.pk},
        )
    Party.objects.bulk_create(
        Party(case_id=pk, name=f"演示{pk % 97}号{'白玉' if pk % 5000 == 0 else ''}", initials="ys")
        for pk in Case.objects.exclude(pk=case.pk).values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intake_case, intake_party")


def nodes(plan: dict[str, Any]) -> list[str]:
    """Every node of a plan: its kind and its index or table."""
    own = f"{plan['Node Type']} {plan.get('Index Name') or plan.get('Relation Name') or ''}".strip()
    return [own, *(text for part in plan.get("Plans", []) for text in nodes(part))]


def plan_of(user: Any, text: str) -> list[str]:
    import json

    rows = search_queries.cases_named(queries.cases_for_list(user), text, user).order_by("-id").values("pk")[:50]
    return nodes(json.loads(rows.explain(format="json"))[0]["Plan"])


def test_two_characters_are_found_by_the_index_and_not_by_reading_the_table(ground: Ground) -> None:
    many(ground, 20_000)
    plan = plan_of(ground.dispatcher, "彩票")
    assert "Bitmap Index Scan intake_case_windows" in plan
    assert "Bitmap Index Scan intake_party_windows" in plan
    assert not [node for node in plan if node.startswith("Seq Scan") and node.endswith(("_case", "_party"))]
    assert len(found(ground.dispatcher, "彩票")) == 10


def test_a_common_word_reads_the_newest_first_until_the_page_is_full(ground: Ground) -> None:
    many(ground, 20_000)
    plan = plan_of(ground.dispatcher, "纠纷")
    assert "Index Scan intake_case_pkey" in plan
    assert not [node for node in plan if node.startswith("Seq Scan") and node.endswith(("_case", "_party"))]


LONG = "第7起。报警人称与邻居因宅基地边界\n发生争执，Ab"
WINDOWS = (
    "甲乙丙乙丙",
    "甲",
    "",
    "AbA",
    LONG[:12],
    LONG[:13],
    LONG[:14],
    LONG,
    LONG * 9,
    "一" * 20,
    LONG[:20] + "\x01二",
)


@pytest.mark.parametrize("text", WINDOWS)
def test_the_windows_are_what_the_database_says_they_are(db: None, text: str) -> None:
    lowered = text.lower()
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_windows(%s)", [text])
        assert {*cursor.fetchone()[0]} == {lowered[at : at + 2] for at in range(len(lowered) - 1)}


TYPED = (
    "E12345678,Ｅ１２３４５６７８,E 1234 5678,139 4753 0001,+86 13947530001,139-4753-0001,蒙G12345,蒙Ｇ１２３４５,"
    "GDB06-0001,ＧＤＢ06-0001,王　海,王海"
)


@pytest.mark.parametrize("text", TYPED.split(","))
def test_numbers_and_names_are_found_however_they_are_typed(ground: Ground, text: str) -> None:
    person = PartyEntry(name="王　海", paper_kind="passport", paper_number="E12345678", phone="+86 139 4753 0001")
    entry = {
        "narrative": "对方车牌号蒙Ｇ１２３４５撞坏院墙",
        "external_system": "12345",
        "external_number": "GDB06-0001",
    }
    ways.registered(ground, title="院墙", parties=(person,), **entry)
    ways.registered(ground, title="羊吃玉米", narrative="邻居的羊进地", parties=(PartyEntry(name="曾小贤"),))
    assert found(ground.clerk, text) == ["院墙"]


def test_a_name_that_many_bear_elsewhere_is_found_here(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_queries, "MOST_HITS", 1)
    bearer = PartyEntry(name="李国强", phone="13847509999")
    old = actions.register_case(an_entry(title="旧案", parties=(bearer,)), actor=ground.town_clerk)
    for _ in range(3):
        elsewhere = an_entry(title="别处", territory="150526100001", parties=(bearer,))
        actions.register_case(elsewhere, actor=ground.clerk)
    for typed in ("国强", "李国强", "lgq", "9999", str(old.code)[-4:]):
        assert "旧案" in found(ground.town_clerk, typed), typed
        assert "别处" not in found(ground.town_clerk, typed), typed
