"""Search for words of two characters, by the index and by reading the table."""

from collections.abc import Callable

from django.db import connection
from django.db.models import QuerySet

from devkit.benchmarks.ground import ground, pattern
from devkit.benchmarks.lines import Line, Lines, line, median_ms
from intake.models import Case
from intake.queries import cases_for_list
from intake.search.queries import cases_named, quick_cases

WORDS = (
    "土地 宅基 欠薪 噪声 漏水 彩礼 遗产 相邻 草场 水渠 打井 占道 拖欠 退租 装修 物业 "
    "赡养 抚养 借款 担保 工伤 租赁 定金 围栏 牲畜 越界 采光 通行 排水 坟地 林权 合伙 "
    "保险 车祸 医疗 美容 培训 加盟 劳务 农机 种子 化肥 收割 承包 流转 补偿 拆迁 安置"
)
RARE = "彩票"
STATEMENT = """
UPDATE intake_case SET
    title = (%(words)s::text[])[1 + id * 7919 %% %(n)s] || (%(words)s::text[])[1 + id * 104729 %% %(n)s] || '纠纷',
    narrative = CASE WHEN id %% 20000 = 0 THEN '因彩票分配' ELSE '' END || '双方因'
        || (%(words)s::text[])[1 + id * 15485863 %% %(n)s] || '与' || (%(words)s::text[])[1 + id * 32452843 %% %(n)s]
        || '发生争执，多次协商未果，请求' || (%(words)s::text[])[1 + id * 49979687 %% %(n)s] || '方面的部门处理。'
WHERE id <> %(pattern)s
"""


def search() -> Lines:
    """A rare word, a word in a tenth of the cases, one in all: a page of 50 and the box at the head of the page."""
    _give_words()
    user, count = ground().dispatcher, f"{Case.objects.count():,}"
    for what, word in (("in 1 of 20,000", RARE), ("in 1 of 10", "草场"), ("in all", "纠纷")):
        ours = median_ms(lambda word=word: list(_page(word)))  # type: ignore[misc]
        yield line(f"page of 50, word {what}", ours, _scan_ms(word), "ms", "≤ 50 ms; yardstick: plain scan")
    box = median_ms(lambda: quick_cases(cases_for_list(user), RARE, user))
    yield Line(f"box at the head, rare word, {count} cases", box, None, "ms", "≤ 80 ms")
    number = median_ms(lambda: list(_page("152327196503152419")))
    yield Line("page of 50, whole identity number", number, None, "ms", "≤ 50 ms")


def _page(word: str) -> "QuerySet[Case, int]":
    user = ground().dispatcher
    rows = cases_named(cases_for_list(user), word, user)
    return rows.order_by("-id").values_list("pk", flat=True)[:50]


def _scan_ms(word: str) -> float:
    """What the same costs without the index: every title and narrative is read."""
    statement = (
        "SELECT id FROM intake_case WHERE title LIKE %(like)s OR narrative LIKE %(like)s OR id IN"
        " (SELECT case_id FROM intake_party WHERE name LIKE %(like)s) ORDER BY id DESC LIMIT 50"
    )

    def scan() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off")
            cursor.execute(statement, {"like": f"%{word}%"})
            cursor.fetchall()
            cursor.execute("RESET ALL")

    return median_ms(scan, times=5)


def _give_words() -> None:
    """Every case gets words of its own; the index is made anew, as after a load of old data."""
    words = WORDS.split()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('intake_case_windows'::regclass)")
        made = cursor.fetchone()[0]
        cursor.execute("DROP INDEX intake_case_windows")
        cursor.execute(STATEMENT, {"words": words, "n": len(words), "pattern": pattern().pk})
        cursor.execute(made)
        cursor.execute("ALTER INDEX intake_case_windows ALTER COLUMN 1 SET STATISTICS 500")
        cursor.execute("VACUUM ANALYZE intake_case")


MEASURES: dict[str, Callable[[], Lines]] = {"search": search}
