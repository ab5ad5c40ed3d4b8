"""The ground: places, organisations, who serves where."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格与机构"
