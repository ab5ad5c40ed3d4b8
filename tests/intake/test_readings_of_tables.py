"""What people say about a sender's table and words is done at once and remembered for what comes after."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from intake.imports import queries as imports_queries
from intake.imports.actions import (
    confirm_import,
    explain_words,
    forget_word,
    preview_of,
    read_again,
    register_items,
    work_on_imports,
)
from intake.imports.models import ImportBatch, ImportKind, SenderWord
from intake.models import Case, ExternalReference
from tests.intake.api import as_system, problem_of
from tests.intake.tables import handed_in
from tests.intake.test_tables_of_offices import CASES
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
FOREIGN_HEAD = ["序", "流水", "何处", "何事", "谁"]


def a_table(head: list[str], *rows: list[str], name: str = "来文.xlsx", sheet: str = "") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    if sheet:
        book.active.title = sheet
    for row in (head, *rows):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def foreign(number: str) -> SimpleUploadedFile:
    return a_table(FOREIGN_HEAD, ["1", number, "巨日合镇五家子村", "因浇地争水发生口角。", "王海"])


def checked(ground: Ground, file: SimpleUploadedFile) -> ImportBatch:
    return handed_in(ground, file, ImportKind.HOTLINE)


def once_more(batch: ImportBatch) -> ImportBatch:
    work_on_imports(seconds=30)
    batch.refresh_from_db()
    return batch


def case_of(number: str) -> Case:
    return ExternalReference.objects.get(system="12345", number=number).case


def test_a_head_that_nobody_knows_is_asked_about_and_known_from_then_on(ground: Ground) -> None:
    batch = checked(ground, foreign("WB0001"))
    assert (batch.state, batch.new_cases) == ("asking", 0)
    assert "工单编号、发生地、内容" in batch.failure
    read = preview_of(batch)
    assert (read.head, read.titles, read.samples[3]) == (1, FOREIGN_HEAD, ["因浇地争水发生口角。"])
    columns = {"number": 1, "place": 2, "narrative": 3, "person": 4}
    again = once_more(read_again(batch, actor=ground.dispatcher, head=1, columns=columns))
    assert (again.state, again.good_rows, again.failure, again.unknown_columns) == ("checked", 1, "", "序")
    once_more(confirm_import(again, actor=ground.dispatcher, mode="all"))
    assert case_of("WB0001").parties.get().name == "王海"
    next_day = checked(ground, foreign("WB0002"))
    assert (next_day.state, next_day.good_rows) == ("checked", 1)
    assert TrailEntry.objects.filter(verb="import_read_again", actor=ground.dispatcher).count() == 1


def test_columns_that_were_found_wrong_can_be_changed(ground: Ground) -> None:
    head = ["工单编号", "发生地", "内容", "备注", "联系电话"]
    batch = checked(
        ground, a_table(head, ["WB0010", "巨日合镇五家子村", "工单标题", "真正的内容在这里。", "13947512345"])
    )
    assert batch.state == "checked"
    columns = {"number": 0, "place": 1, "narrative": 3, "phone": 4}
    batch = once_more(read_again(batch, actor=ground.dispatcher, head=1, columns=columns))
    once_more(confirm_import(batch, actor=ground.dispatcher, mode="all"))
    assert case_of("WB0010").narrative == "真正的内容在这里。"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"number": 1, "place": 2}, "还没有指定：内容"),
        ({"number": 1, "place": 2, "narrative": 2}, "同一列不能对应两项"),
    ],
)
def test_what_is_pointed_at_must_be_whole(ground: Ground, columns: dict[str, int], words: str) -> None:
    batch = checked(ground, foreign("WB0020"))
    with pytest.raises(RuleViolation, match=words):
        read_again(batch, actor=ground.dispatcher, head=1, columns=columns)
    batch.refresh_from_db()
    assert (batch.state, batch.layout) == ("asking", {})


def test_another_sheet_is_chosen(ground: Ground) -> None:
    file = SimpleUploadedFile("B14.xlsx", (CASES / "B14_two_sheets.xlsx").read_bytes())
    batch = checked(ground, file)
    assert (preview_of(batch).sheet, preview_of(batch).sheets) == ("11月20日", ["11月20日", "11月21日"])
    first = preview_of(batch).rows
    batch = once_more(read_again(batch, actor=ground.dispatcher, sheet="11月21日"))
    assert (batch.state, preview_of(batch).sheet) == ("checked", "11月21日")
    assert preview_of(batch).rows != first and batch.good_rows >= 1
    with pytest.raises(RuleViolation, match="没有这个工作表"):
        read_again(batch, actor=ground.dispatcher, sheet="12月1日")


def test_words_of_a_sender_are_explained_once_for_ever(ground: Ground) -> None:
    file = SimpleUploadedFile("B12.xlsx", (CASES / "B12_foreign_category.xlsx").read_bytes())
    batch = checked(ground, file)
    asked = {(word.column, word.words) for word in preview_of(batch).words}
    assert ("category", "城乡建设-物业管理") in asked
    said = [("category", "城乡建设-物业管理", "0202")]
    batch = once_more(explain_words(batch, said, actor=ground.dispatcher))
    assert (batch.state, preview_of(batch).words) == ("checked", [])
    once_more(confirm_import(batch, actor=ground.dispatcher, mode="all"))
    case = case_of("GDB12-0001")
    assert (case.category_id, "来文所载" in case.narrative) == ("0202", False)
    pushed = {
        "number": "GDB12-0900",
        "place": "巨日合镇五家子村",
        "narrative": "物业不修电梯。",
        "category": "城乡建设 - 物业管理",
    }
    register_items(ImportKind.HOTLINE, [pushed], actor=ground.dispatcher, centre=ground.county_centre)
    assert case_of("GDB12-0900").category_id == "0202"


def test_a_place_under_a_name_of_its_own_is_explained_and_its_row_becomes_good(ground: Ground) -> None:
    row = ["1", "WB0030", "老五队东头", "宅基地边界争执。", "王海"]
    head = ["序号", "工单编号", "发生地", "内容", "姓名"]
    batch = checked(ground, a_table(head, row))
    assert (batch.bad_rows, preview_of(batch).words[0][:2]) == (1, ("place", "老五队东头"))
    place = "巨日合镇五家子村"
    batch = once_more(explain_words(batch, [("place", "老五队东头", place)], actor=ground.dispatcher))
    assert (batch.bad_rows, batch.good_rows) == (0, 1)
    assert SenderWord.objects.get().meaning.isdecimal()


def test_what_was_said_of_words_can_be_taken_back(ground: Ground) -> None:
    test_a_place_under_a_name_of_its_own_is_explained_and_its_row_becomes_good(ground)
    word = imports_queries.sender_words_for(ground.dispatcher).get()
    assert not imports_queries.sender_words_for(ground.handler).exists()
    forget_word(word, actor=ground.dispatcher)
    again = checked(ground, a_table(["工单编号", "发生地", "内容"], ["WB0031", "老五队东头", "争水。"]))
    assert again.bad_rows == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "还没有选择"),
        ([("place", "老五队东头", "没有的村")], "没有这个地方"),
        ([("place", "别处", "巨日合镇五家子村")], "已重新检查过"),
    ],
)
def test_words_that_are_not_asked_about_or_mean_nothing_are_refused(
    ground: Ground, said: list[tuple[str, str, str]], words: str
) -> None:
    batch = checked(ground, a_table(["工单编号", "发生地", "内容"], ["WB0040", "老五队东头", "争水。"]))
    with pytest.raises(RuleViolation, match=words):
        explain_words(batch, said, actor=ground.dispatcher)
    batch.refresh_from_db()
    assert batch.state == "checked" and not SenderWord.objects.exists()


def test_only_who_imports_there_says_how_a_table_is_read(ground: Ground) -> None:
    batch = checked(ground, foreign("WB0050"))
    with pytest.raises(PermissionDenied):
        read_again(batch, actor=ground.handler, head=1, columns={"number": 1, "place": 2, "narrative": 3})
    with pytest.raises(PermissionDenied):
        explain_words(batch, [], actor=ground.handler)


def test_what_is_done_is_not_read_again(ground: Ground) -> None:
    head = ["工单编号", "发生地", "内容"]
    batch = checked(ground, a_table(head, ["WB0060", "巨日合镇五家子村", "争水。"]))
    once_more(confirm_import(batch, actor=ground.dispatcher, mode="all"))
    with pytest.raises(InvalidTransition):
        read_again(batch, actor=ground.dispatcher)


def test_books_of_older_programs_are_read(ground: Ground) -> None:
    content = (CASES / "C01_old_book.xls").read_bytes()
    batch = checked(ground, SimpleUploadedFile("工单.et", content))
    assert (batch.state, batch.total_rows, preview_of(batch).sheets) == ("checked", 2, ["工单", "说明"])
    once_more(confirm_import(batch, actor=ground.dispatcher, mode="all"))
    again = checked(ground, SimpleUploadedFile("工单.xls", content))
    assert (again.state, again.repeat_rows) == ("checked", 2)
    case = case_of("GDC01-0001")
    assert (case.occurred_on.isoformat() if case.occurred_on else "", case.parties.get().phone) == (
        "2026-11-20",
        "13947512345",
    )


def test_a_page_of_the_web_under_the_name_of_a_table_is_told(ground: Ground) -> None:
    batch = checked(ground, SimpleUploadedFile("导出.xls", "<html><table><tr><td>工单编号</td></tr></table>".encode()))
    assert (batch.state, "其实是网页" in batch.failure) == ("failed", True)


def test_text_under_the_name_of_a_book_is_read(ground: Ground) -> None:
    text = "工单编号\t发生地\t内容\nWB0070\t巨日合镇五家子村\t争水。\n".encode("gb18030")
    assert checked(ground, SimpleUploadedFile("导出.xls", text)).good_rows == 1


def test_the_page_asks_about_columns_and_words_and_keeps_what_was_chosen(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.dispatcher)
    row = ["1", "WB0080", "老五队东头", "争水。", "王海"]
    batch = checked(ground, a_table(FOREIGN_HEAD, row))
    address = f"/cases/imports/{batch.uid}/"
    asked = client.get(address).content.decode()
    assert "请指出各列是什么" in asked and "何事（如 争水。）" in asked
    refused = client.post(f"{address}read/", {"head": "1", "number": "1", "place": "2"})
    assert (refused.status_code, "还没有指定：内容" in refused.content.decode()) == (422, True)
    assert '<option value="2" selected' in refused.content.decode()
    client.post(f"{address}read/", {"head": "1", "number": "1", "place": "2", "narrative": "3"})
    once_more(batch)
    words = client.get(address).content.decode()
    assert "发生地“老五队东头”" in words
    said = {"word-0": "巨日合镇五家子村", "said-0": "老五队东头"}
    client.post(f"{address}words/", said)
    assert once_more(batch).good_rows == 1
    listed = client.get("/cases/imports/words/").content.decode()
    assert "老五队东头" in listed
    client.post(f"/cases/imports/words/{SenderWord.objects.get().pk}/forget/")
    assert "还没有记住的说法" in client.get("/cases/imports/words/").content.decode()


def test_a_program_reads_what_was_found_and_says_how_to_read(ground: Ground) -> None:
    client = as_system(ground, "cases:read", "cases:write")
    sent = {"kind": "hotline", "file": a_table(FOREIGN_HEAD, ["1", "WB0090", "老五队东头", "争水。", "王海"])}
    address = f"/api/v1/imports/{client.post('/api/v1/imports/', sent, format='multipart').json()['uid']}/"
    work_on_imports(seconds=30)
    seen = client.get(address).json()
    assert (seen["state"], seen["titles"], seen["columns"]) == ("asking", FOREIGN_HEAD, {})
    columns = {"number": 1, "place": 2, "narrative": 3}
    assert problem_of(client.post(f"{address}reading/", {"head": 1, "columns": {"number": 1}}))[2] == ["columns"]
    client.post(f"{address}reading/", {"head": 1, "columns": columns})
    work_on_imports(seconds=30)
    seen = client.get(address).json()
    assert (seen["columns"], seen["unknown_words"]) == (
        columns,
        [{"column": "place", "words": "老五队东头", "rows": 1}],
    )
    word = {"column": "place", "words": "老五队东头", "meaning": "巨日合镇五家子村"}
    assert client.post(f"{address}words/", {"words": [word]}).json()["state"] == "checking"
    work_on_imports(seconds=30)
    assert client.get(address).json()["bad_rows"] == 0
