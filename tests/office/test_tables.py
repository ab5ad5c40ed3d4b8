"""Tables of random layout, saved by LibreOffice as a book of today and as one of old, are read back as written."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from tests.web.test_sheets_properties import LAYOUT, ROW, by_openpyxl, grid, read_back

pytestmark = pytest.mark.papers
TABLES = some.lists(some.tuples(LAYOUT, some.lists(ROW, min_size=1, max_size=5)), min_size=12, max_size=12)


def by_libre_office(folder: Path, kind: str, books: dict[str, BytesIO]) -> dict[str, BytesIO]:
    """The same books as LibreOffice saves them."""
    given_, made = folder / "given", folder / kind
    given_.mkdir(exist_ok=True)
    for name, content in books.items():
        (given_ / f"{name}.xlsx").write_bytes(content.getvalue())
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
    command += ["--outdir", str(made), *(str(given_ / f"{name}.xlsx") for name in books)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {name: BytesIO((made / f"{name}.{kind}").read_bytes()) for name in books}


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(TABLES)
def test_what_libre_office_wrote_is_read_back(
    tmp_path: Path, kind: str, tables: list[tuple[dict[str, Any], list[dict[str, str]]]]
) -> None:
    grids = {f"table-{at}": (*grid(*table), table[1]) for at, table in enumerate(tables)}
    saved = by_libre_office(tmp_path, kind, {name: by_openpyxl(lines) for name, (lines, _, _) in grids.items()})
    for name, (_, numbers, rows) in grids.items():
        read_back(saved[name], f"{name}.{kind}", rows, numbers)
