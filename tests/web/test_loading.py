"""A web process has everything before the first who asks."""

import pytest
from django.template import engines

from zhongzhi.web import loading


def test_all_templates_are_read_and_what_stands_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[bool] = []
    monkeypatch.setattr(loading, "pass_over_what_stands", lambda: passed.append(True))
    loading.load_the_program()
    known = {
        str(origin) for loader in engines["django"].engine.template_loaders for origin in loader.get_template_cache
    }
    assert any("intake/list.html" in name for name in known)
    assert not any("compiled/" in name for name in known)
    lines = [name for _, name in engines["compiled"].env.cache]  # type: ignore[attr-defined]
    assert {"intake/rows.html", "forms/select.html", "parts/field.html"} <= set(lines)
    assert passed == [True]
