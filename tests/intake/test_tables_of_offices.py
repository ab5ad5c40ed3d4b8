"""Tables as offices have them: what came of each is what the office meant, and nothing is lost without a word."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from intake.imports import queries as imports_queries
from intake.imports.actions import confirm_import, register_items, work_on_imports
from intake.imports.models import ImportBatch, ImportKind
from intake.models import Case, ExternalReference
from tests.intake.tables import handed_in
from tests.people import Ground

CASES = Path(__file__).parents[1] / "cases"
pytestmark = pytest.mark.django_db


def imported(ground: Ground, name: str) -> ImportBatch:
    """Checked, and registered where there is anything to register."""
    file = SimpleUploadedFile(name, (CASES / name).read_bytes())
    batch = handed_in(ground, file, ImportKind.HOTLINE)
    if batch.state == "checked" and batch.good_rows:
        confirm_import(batch, actor=ground.dispatcher, mode="valid")
        work_on_imports(seconds=30)
        batch.refresh_from_db()
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int]:
    """New, known, faulty."""
    return batch.new_cases, batch.repeat_rows, batch.bad_rows


def case_of(number: str) -> Case:
    return ExternalReference.objects.get(system="12345", number=number).case


def told(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(r.row, r.column, r.message) for r in imports_queries.remarks_of(batch)]


def test_numbers_that_a_spreadsheet_has_spoilt_are_refused_in_text_too(ground: Ground) -> None:
    batch = imported(ground, "B01_sci_number.csv")
    assert counts(batch) == (0, 0, 3)
    assert all("被表格软件当作数字" in message for _, _, message in told(batch))


def test_a_running_number_beside_the_number_of_the_order_is_not_used(ground: Ground) -> None:
    first, second = imported(ground, "B02_running_number.xlsx"), imported(ground, "B02_running_number_day2.xlsx")
    assert (counts(first), counts(second)) == ((2, 0, 0), (2, 0, 0))
    assert first.unknown_columns == "编号"
    assert case_of("GDB02-0003").narrative == "排水沟改道引发争执。"


def test_escaped_line_ends_are_line_ends(ground: Ground) -> None:
    imported(ground, "B03_x000D_.xlsx")
    assert case_of("GDB03-0002").narrative == "第一段：地界争执。\n第二段：要求调解。"
    assert counts(imported(ground, "B03b_x000D_head.xlsx")) == (1, 0, 0)


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [
        ("B04_u2028.csv", "GDB04-0001", "先是争水。\n后来动手并威胁要烧房。"),
        ("B04b_vt.csv", "GDB04-0011", "先是争水。\n后来动手并威胁要烧房。"),
        ("B04c_vt_utf8.csv", "GDB04-0022", "起因是水渠。\n随后扬言跳楼。"),
    ],
)
def test_every_line_end_inside_a_cell_stays_inside(ground: Ground, name: str, number: str, text: str) -> None:
    batch = imported(ground, name)
    assert counts(batch) == (batch.total_rows, 0, 0)
    assert case_of(number).narrative == text


def test_blanks_and_breaks_inside_a_number_make_no_second_number(ground: Ground) -> None:
    assert counts(imported(ground, "B05_number_wrapped.xlsx")) == (1, 0, 0)
    again = imported(ground, "B05_number_wrapped.xlsx")
    assert (again.state, counts(again)) == ("checked", (0, 1, 0))
    assert "已登记过" in told(again)[0][2]
    same = imported(ground, "B05b_same_file.xlsx")
    assert (same.state, counts(same)) == ("done", (2, 1, 0))


def test_the_same_through_the_api_is_a_repeat_and_never_a_fault_of_ours(ground: Ground) -> None:
    for sent in json.loads((CASES / "A_api_items.json").read_text()):
        results = []
        for _ in range(2 if sent["send"] == "twice" else 1):
            results += register_items(
                ImportKind.HOTLINE, sent["items"], actor=ground.dispatcher, centre=ground.county_centre
            )
        assert [(r.is_repeat, r.faults) for r in results] == [(False, {}), (True, {})]
        assert results[0].case == results[1].case


def test_a_head_of_two_rows_and_cells_merged_downwards(ground: Ground) -> None:
    imported(ground, "B06_two_level_header.xlsx")
    party = case_of("GDB06-0001").parties.get()
    assert (party.name, party.phone) == ("其其格", "13947512345")
    assert counts(imported(ground, "B06b_merged_down.xlsx")) == (3, 0, 0)
    assert str(case_of("GDB06-0013").territory_id) == str(case_of("GDB06-0011").territory_id)


def test_blanks_between_the_characters_of_a_name_go(ground: Ground) -> None:
    imported(ground, "B07_padded_names.xlsx")
    assert [p.name for p in case_of("GDB07-0001").parties.order_by("ordinal")] == ["王海", "李强"]


def test_it_is_said_which_sheet_was_read_and_that_rows_are_hidden(ground: Ground) -> None:
    two, hidden = imported(ground, "B14_two_sheets.xlsx"), imported(ground, "B15_hidden_rows.xlsx")
    assert (counts(two), counts(hidden)) == ((1, 0, 0), (2, 0, 0))
    assert "读的是工作表“11月20日”；“11月21日”也有内容" in told(two)[0][2]
    assert told(hidden)[0][2].startswith("1 行隐藏")


@pytest.mark.parametrize("name", ["B08_utf16.csv", "B21_semicolon.csv", "B22_tab.csv"])
def test_other_encodings_and_separators(ground: Ground, name: str) -> None:
    assert counts(imported(ground, name)) == (1, 0, 0)


def test_wrappers_and_invisible_characters_are_no_part_of_a_number(ground: Ground) -> None:
    assert counts(imported(ground, "B09_text_tricks.csv")) == (3, 0, 0)
    party = case_of("GDB090001").parties.get()
    assert (party.phone, party.paper_number) == ("13947520001", "152327198503152418")
    assert counts(imported(ground, "B09b_plain.csv")) == (0, 3, 0)


def test_words_for_nothing_are_nothing(ground: Ground) -> None:
    batch = imported(ground, "B10_placeholders.xlsx")
    assert counts(batch) == (2, 0, 0)
    assert {column for _, column, _ in told(batch)} >= {
        "姓名",
        "联系电话",
        "身份证号",
        "涉及人数",
        "纠纷类别",
        "被反映人",
    }
    first, second = case_of("GDB10-0001"), case_of("GDB10-0002")
    assert (first.parties.get().name_withheld, first.people_count, first.amount) == (True, None, None)
    assert [p.name for p in second.parties.all()] == ["王某"]
    assert first.narrative == "举报扰民。"


def test_places_are_known_with_what_lies_above_them(ground: Ground) -> None:
    batch = imported(ground, "B11_places.xlsx")
    assert counts(batch) == (7, 0, 0)
    found = {case_of(f"GDB11-000{at}").territory.full_name for at in (1, 2, 3, 4, 6, 7)}  # type: ignore[union-attr]
    assert found == {"巨日合镇五家子村"}


def test_words_of_the_sender_for_a_category_are_kept(ground: Ground) -> None:
    batch = imported(ground, "B12_foreign_category.xlsx")
    assert counts(batch) == (1, 0, 0)
    case = case_of("GDB12-0001")
    assert (case.category_id, "城乡建设-物业管理" in case.narrative) == (None, True)


def test_days_in_all_spellings(ground: Ground) -> None:
    batch = imported(ground, "B13_dates.xlsx")
    assert counts(batch) == (16, 0, 0)
    days = {at: case_of(f"GDB13-00{at:02d}").occurred_on for at in range(1, 17)}
    assert days == dict.fromkeys(range(1, 15), date(2026, 3, 5)) | {15: None, 16: None}
    assert {row for row, _, _ in told(batch)} == {16, 17}
    imported(ground, "B13b_serial.xlsx")
    assert {case_of(f"GDB13-010{at}").occurred_on for at in (1, 2, 3)} == {date(2026, 3, 5)}


def test_what_is_no_phone_is_kept_as_it_was_written(ground: Ground) -> None:
    batch = imported(ground, "B17_phones.xlsx")
    assert counts(batch) == (13, 0, 0)
    phones = [case_of(f"GDB17-00{at:02d}").parties.get().phone for at in range(1, 14)]
    assert phones[3:9] == ["13947510001"] * 2 + ["0475-7221234"] * 2 + ["13947510001"] * 2
    assert (phones[0], phones[2], phones[12]) == ("13947510001/13947510002", "7221234", "010-12345678")
    assert {row for row, _, _ in told(batch)} == {2, 3, 4, 11, 12, 13}


def test_rare_characters_are_kept(ground: Ground) -> None:
    imported(ground, "B20_gb18030_rare.csv")
    assert [case_of(f"GDB20-000{at}").parties.get().name for at in (1, 2)] == ["王𬭎", "李䶮"]


def test_papers_of_all_kinds(ground: Ground) -> None:
    batch = imported(ground, "B24_ids.xlsx")
    assert counts(batch) == (10, 0, 0)
    papers = [case_of(f"GDB24-00{at:02d}").parties.get() for at in range(1, 11)]
    kinds = [p.paper_kind for p in papers]
    assert (kinds[2:7], kinds[9]) == (["resident_id"] * 3 + ["other", "resident_id"], "passport")
    assert (papers[6].paper_number, papers[9].paper_number) == ("152327198503152418", "E12345678")


@pytest.mark.parametrize("name", ["B25_calendar_excel_gbk.csv", "B25b_calendar_iso_gbk.csv"])
def test_a_calendar_saved_by_a_spreadsheet(ground: Ground, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_calendar", csv=CASES / name, source="国办发明电〔2026〕7号")
    assert "导入 2 天" in capsys.readouterr().out
