"""Words of danger: the county's list, denials passed over, violence told while the clerk still sits there."""

import pytest
from django.utils import timezone

from early_warning import actions
from early_warning.detection import forget_words
from early_warning.detection.danger_words import Word, said
from early_warning.models import DangerWord, DueMatter, RuleKind, Warning
from intake import actions as cases
from intake.models import Case
from tests.early_warning.ways import raised, swept
from tests.grids.test_hazards import found as reported
from tests.intake import ways
from tests.people import Ground
from zhongzhi.core.errors import PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

WORDS = (Word("家暴", "family_violence", "red"), Word("拿刀", "weapon", "orange"), Word("自杀", "self_harm", "red"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("丈夫长期家暴，不敢回家", ["家暴"]),
        ("双方争吵，没有家暴", []),
        ("不存在家暴行为", []),
        ("未发现其拿刀，只是推搡", ["拿刀"]),
        ("未发现拿刀", []),
        ("没有人受伤，后又拿刀威胁", ["拿刀"]),
        ("他否认拿刀", []),
        ("没有家暴。上月又家暴一次", ["家暴"]),
        ("说要自殺", ["自杀"]),
        ("要不是邻居拦着就拿刀砍了", ["拿刀"]),
        ("不会自杀", []),
        ("没拿到钱就自杀", ["自杀"]),
    ],
)
def test_a_word_that_is_denied_right_before_it_is_not_said(text: str, found: list[str]) -> None:
    assert [word.word for word in said(text, WORDS)] == found


@pytest.mark.django_db
def test_violence_in_a_family_is_told_in_the_act_that_registers_it_at_any_hour(ground: Ground) -> None:
    case = ways.registered(ground, narrative="丈夫家暴，昨晚又打老婆。", category="0101")
    warning = raised(RuleKind.DANGER_WORDS)
    assert (warning.level, warning.evidence.get().case, warning.figures) == (
        "red",
        case,
        {"meanings": ["family_violence"]},
    )
    told = OutboxMessage.objects.filter(payload__kind="early_warning")
    assert {m.not_before for m in told} == {None}
    assert {ground.village_manager.pk, ground.dispatcher.pk, ground.town_dispatcher.pk} <= {
        m.payload["user"] for m in told
    }


@pytest.mark.django_db
def test_what_is_registered_without_such_words_raises_nothing(ground: Ground) -> None:
    ways.registered(ground, narrative="没有家暴，只是分家。")
    assert not Warning.objects.exists()


@pytest.mark.django_db
def test_a_report_from_the_field_warns_at_once(ground: Ground) -> None:
    hazard = reported(ground, narrative="扬言放火烧房。")
    assert raised(RuleKind.DANGER_WORDS).evidence.get().hazard == hazard


@pytest.mark.django_db
def test_a_record_written_later_is_read_by_the_sweep(ground: Ground) -> None:
    case = Case.objects.get(pk=ways.handling(ground).pk)
    cases.write_note(case, actor=ground.handler, on=timezone.localdate(), text="当事人说不想活了")
    swept(case)
    assert raised(RuleKind.DANGER_WORDS).level == "red"


@pytest.mark.django_db
def test_a_new_word_is_looked_for_in_open_cases(ground: Ground) -> None:
    case = ways.registered(ground, narrative="放话要让他好看")
    actions.add_danger_word("让他好看", "killing", "orange", actor=ground.system_admin)
    forget_words()
    assert list(DueMatter.objects.values_list("case", flat=True)) == [case.pk]
    actions.look_at_changes(timezone.now())
    assert raised(RuleKind.DANGER_WORDS)
    forget_words()


@pytest.mark.django_db
def test_words_are_kept_by_the_system_administrator_each_once(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        actions.add_danger_word("让他好看", "killing", "orange", actor=ground.manager)
    for word, field in (("刀", "word"), ("拿刀", "word")):
        with pytest.raises(RuleViolation) as caught:
            actions.add_danger_word(word, "weapon", "orange", actor=ground.system_admin)
        assert field in caught.value.errors
    row = DangerWord.objects.get(word="拿刀")
    actions.remove_danger_word(row.pk, actor=ground.system_admin)
    row.refresh_from_db()
    assert row.ends_on == timezone.localdate()
