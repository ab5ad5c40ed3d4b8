"""The stored OpenAPI document is the one the program would write."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def test_the_stored_document_has_not_drifted(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh), validate=True, fail_on_warn=True)
    stored = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
    assert stored.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), (
        "run: manage.py spectacular --file docs/openapi.yaml"
    )
