"""A web process has everything before the first who asks."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
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


def test_what_workers_share_is_loaded_without_the_settings_or_the_program() -> None:
    """In a process of its own: a worker that is started anew takes new settings, which must not be read before."""
    program = (
        "import runpy, sys\n"
        "from types import SimpleNamespace as Names\n"
        "before = runpy.run_path('gunicorn.conf.py')\n"
        "before['on_starting'](Names(cfg=Names(threads=7)))\n"
        "import os\n"
        "from django.conf import settings\n"
        "settled = {'grids', 'intake', 'rest_framework', 'zhongzhi.settings', 'zhongzhi.accounts'}\n"
        "ours = [name for name in sys.modules if settled & {name, name.split('.')[0]}]\n"
        "print(os.environ['WEB_THREADS'], settings.configured, ours, set(before['SHARED']) <= set(sys.modules))\n"
    )
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, env=env, cwd=settings.BASE_DIR
    )
    assert run.stdout.strip() == "7 False [] True", run.stderr
