"""Write anew what parties are found by: pinyin initials and tails of phones, after an upgrade or a load of rows from
elsewhere."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet

from intake.models import Party
from zhongzhi.core.pinyin import name_initials

CHUNK = 2000


class Command(BaseCommand):
    help = "重新生成当事人姓名的拼音首字母和电话尾号索引（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        names = Party.everyone.exclude(name="").only("name", "initials")
        letters = self._filled(names, "initials", lambda party: name_initials(party.name))
        phones = Party.everyone.filter(phone_sealed__isnull=False, phone_tail=None).only("uid", "phone_sealed")
        tails = self._filled(phones, "phone_tail", lambda party: party.fresh_hash("tail"))
        self.stdout.write(f"拼音首字母更新 {letters} 条，电话尾号更新 {tails} 条")

    def _filled(self, rows: QuerySet[Party], column: str, made: Callable[[Party], Any]) -> int:
        """Write a column of the rows where it should be another; how many."""
        changed: list[Party] = []
        total = 0
        for party in rows.iterator(chunk_size=CHUNK):
            if (value := made(party)) != getattr(party, column):
                setattr(party, column, value)
                changed.append(party)
            if len(changed) >= CHUNK:
                total += Party.everyone.bulk_update(changed, [column])
                changed = []
        return total + (Party.everyone.bulk_update(changed, [column]) if changed else 0)
