"""The ground: places, organisations, who serves where."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格与机构"

    def ready(self) -> None:
        """Tell identity what posts mean for signing in."""
        from grids.permissions import post_facts
        from zhongzhi.accounts.extension_points import post_readers

        post_readers[:] = [post_facts]
