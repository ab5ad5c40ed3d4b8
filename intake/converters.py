"""The code of a case in an address: `path(f"<{CASE}>/", …)` gives the view its `code`."""

from django.urls import register_converter

from zhongzhi.core.errors import DomainError
from zhongzhi.core.numbering import parse_case_code

CASE = "case:code"


class CaseCodeConverter:
    """ZJ, 19 digits (21 from the 100,000th case of a day on) and the check character.

    A code with a wrong check character is no address.
    """

    regex = "ZJ(?:[0-9]{19}|[0-9]{21})[0-9A-Z]"

    def to_python(self, value: str) -> str:
        """The code as it stands; ValueError, and so 404, when it cannot be one."""
        try:
            parse_case_code(value)
        except DomainError as error:
            raise ValueError(error.message) from error
        return value

    def to_url(self, value: str) -> str:
        """The code itself."""
        return value


register_converter(CaseCodeConverter, "case")
