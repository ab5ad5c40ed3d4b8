"""`manage.py rotate_keys [--batch 500]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workbench.operations.actions import left_under_older_keys, rotate_keys
from workbench.operations.actions.rotating import BATCH, known_by_older_hash, note_rotation
from zhongzhi.audit.actions import TrailBroken
from zhongzhi.core.ciphers import CipherBroken


class Command(BaseCommand):
    """Seals and hashes again under the first keys what is under others; may be stopped and started again."""

    help = (
        "更换密钥：把旧密钥加密的内容、旧密钥的相等摘要和留痕改由 FIELD_KEYS、HASH_KEY 的第一把密钥负责。"
        "可随时中断，再次执行即继续。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How many rows are locked at a time."""
        parser.add_argument("--batch", type=int, default=BATCH, help="每批行数，默认 %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell how far each column is, and in the end whether older keys may be dropped."""
        try:
            for step in rotate_keys(options["batch"]):
                self.stdout.write(f"{step.column}\t已完成 {step.done}\t剩余 {step.left}")
                self.stdout.flush()
        except TrailBroken as error:
            raise CommandError(error.message) from error
        except CipherBroken as error:
            raise CommandError(f"有内容无法打开，已停止（此前各批已完成）：{error}") from error
        if left := left_under_older_keys():
            raise CommandError(f"还有 {left} 处由旧密钥负责：请确认各进程都已换用新的密钥，再执行一次。")
        note_rotation()
        self.stdout.write("全部内容已由第一把密钥负责，旧密钥可以从 FIELD_KEYS、HASH_KEY 中去掉。")
        for title, number in known_by_older_hash().items():
            self.stdout.write(f"注意：还有 {number} 个{title}只能用旧的 HASH_KEY 核对，去掉后即失效，须重新出具。")
