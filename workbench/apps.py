"""Pages that need several apps."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Tell identity where personal data are looked at, and the outbox how webhooks are called.

        Models are there now.
        """
        from workbench.looks import own_looks
        from workbench.webhooks.handing_out import hand_out
        from zhongzhi.accounts.extension_points import look_readers
        from zhongzhi.notices.channels import further_channels

        look_readers[:] = [own_looks]
        further_channels["webhook"] = hand_out
