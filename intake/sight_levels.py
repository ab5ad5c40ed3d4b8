"""How much of a case a person sees, and on what ground: the words in which `intake.sight` answers."""

from dataclasses import dataclass

from django.db.models.enums import IntegerChoices, TextChoices


class Level(IntegerChoices):
    """How much of a case is shown."""

    NONE = 0, "不可见"
    OUTLINE = 1, "进度"
    MASKED = 2, "脱敏"
    FULL = 3, "完整"


class Ground(TextChoices):
    """Why a person sees a case."""

    NOBODY = "", "无"
    NAMED = "named", "指定知悉"
    AUTHOR = "author", "草稿录入人"
    REGISTRAR = "registrar", "登记人"
    CENTRE = "centre", "负责中心"
    LEAD = "lead", "主办单位"
    CO_HANDLER = "co_handler", "协办单位"
    MEDIATOR = "mediator", "调解组织"
    SUPPORT = "support", "属地配合"
    ORGANISATION = "organisation", "本单位承办"
    CENTRE_ABOVE = "centre_above", "辖区"
    CONCERNED = "concerned", "涉及地"
    FINDER = "finder", "本网格上报"
    GUIDED = "guided", "导引接收单位"
    RETURNED = "returned", "曾承办（已退回）"


@dataclass(frozen=True)
class Sight:
    """What one person sees of one case, and why."""

    level: Level
    ground: Ground

    @property
    def is_full(self) -> bool:
        """Persons, narrative, records and files in the clear; sealed numbers are opened one by one."""
        return self.level == Level.FULL


NOTHING = Sight(Level.NONE, Ground.NOBODY)
