"""Days and moments as papers and notices write them: with their year, and as they were here."""

from datetime import UTC, date, datetime

from zhongzhi.core.paper_dates import paper_day, paper_moment


def test_a_day_and_a_moment_have_their_year_and_are_told_as_they_were_here() -> None:
    late = datetime(2025, 12, 31, 17, 5, tzinfo=UTC)
    assert (paper_day(late), paper_moment(late)) == ("2026年1月1日", "2026年1月1日1时05分")
    assert (paper_day(date(2026, 11, 9)), paper_day(None)) == ("2026年11月9日", "")
