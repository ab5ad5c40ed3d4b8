"""The product's pages, and beside them those of the debug toolbar."""

from debug_toolbar.toolbar import debug_toolbar_urls

from zhongzhi.urls import handler400, handler403, handler404, handler500
from zhongzhi.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*product, *debug_toolbar_urls()]
