"""Write the pinyin initials of parties anew, after an upgrade of the readings or a load of rows from elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand

from intake.models import Party
from zhongzhi.core.pinyin import name_initials

CHUNK = 2000


class Command(BaseCommand):
    help = "重新生成当事人姓名的拼音首字母（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        changed: list[Party] = []
        total = 0
        for party in Party.objects.exclude(name="").only("name", "initials").iterator(chunk_size=CHUNK):
            letters = name_initials(party.name)
            if letters != party.initials:
                party.initials = letters
                changed.append(party)
            if len(changed) >= CHUNK:
                total += Party.objects.bulk_update(changed, ["initials"])
                changed = []
        total += Party.objects.bulk_update(changed, ["initials"]) if changed else 0
        self.stdout.write(f"拼音首字母更新 {total} 条")
