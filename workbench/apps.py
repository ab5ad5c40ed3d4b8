"""Pages that need several apps."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Tell identity where personal data are looked at: models are there only now."""
        from workbench.looks import own_looks
        from zhongzhi.accounts.extension_points import look_readers

        look_readers[:] = [own_looks]
