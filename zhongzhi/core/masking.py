"""Personal data as those see it who do not handle the case: enough to tell two people apart, not to reach them."""

import re
from typing import Final

_COMPOUND_SURNAMES: Final = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|端木|南宫|闻人|独孤|呼延|轩辕"
)


def mask_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*, 欧阳小明 → 欧阳*明, 乌云其木格 → 乌***格; a single character is hidden."""
    if len(name) <= 1:
        return "*" * len(name)
    shown = 2 if len(name) > 2 and _COMPOUND_SURNAMES.match(name) else 1
    if len(name) <= shown + 1:
        return name[:shown] + "*"
    return name[:shown] + "*" * (len(name) - shown - 1) + name[-1]


def mask_id_number(number: str) -> str:
    """152***********1234: the first three and last four; of shorter papers, the first and the last two."""
    return _between(number, 3, 4) if len(number) >= 15 else _between(number, 1, 2)


def mask_credit_code(code: str) -> str:
    """9115**********9K4X: the first four and last four of an organisation's code."""
    return _between(code, 4, 4) if len(code) >= 15 else _between(code, 1, 2)


def mask_phone(phone: str) -> str:
    """138****5678; a landline keeps its area code and last three digits: 0475-****567."""
    if "-" in phone:
        area, local = phone.split("-")[:2]
        return f"{area}-****{local[-3:] if len(local) >= 7 else ''}"
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else _between(phone, 1, 2)


def mask_address(address: str) -> str:
    """The place without the door: at most the first six characters and never more than half."""
    return f"{address[: min(6, len(address) // 2)]}****" if address else ""


def _between(text: str, first: int, last: int) -> str:
    """Stars for what lies between; for the whole where too little would be hidden."""
    hidden = len(text) - first - last
    if hidden < first + last:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[len(text) - last :]
