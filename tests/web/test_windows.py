"""What is counted per window of time: which window it is, and how long it lasts still."""

from types import SimpleNamespace

import pytest

from zhongzhi.web import throttle


@pytest.mark.parametrize(
    ("now", "seconds", "expected"),
    [
        (0.0, 60, (0, 60)),
        (59.999, 60, (0, 1)),
        (60.0, 60, (1, 60)),
        (3_725.4, 600, (6, 475)),
        (3_725.4, 3_600, (1, 3_475)),
    ],
)
def test_a_window_has_a_number_and_an_end(
    now: float, seconds: int, expected: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: now))
    assert throttle.window(seconds) == expected


def test_a_limit_begins_anew_with_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    now = throttle.time.time()
    limit = throttle.Limit("windows-test", times=1, seconds=60)
    limit.spend("198.51.100.9")
    with pytest.raises(throttle.RateLimited) as refused:
        limit.spend("198.51.100.9")
    assert 0 < refused.value.context["wait"] <= 60
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: now + 60))
    limit.spend("198.51.100.9")
