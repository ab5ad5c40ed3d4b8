"""Forget answers to POSTs older than 48 hours."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhongzhi.accounts.actions import sweep_idempotency


class Command(BaseCommand):
    """The same as the periodic task, for a system without a beat."""

    help = "清除 48 小时以前的幂等记录。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and say how many."""
        self.stdout.write(f"已清除 {sweep_idempotency(timezone.now())} 条。")
