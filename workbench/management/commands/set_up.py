"""Set up a real installation: tables, county, centre and the three administrators; nothing of the demo."""

import sys
from pathlib import Path
from typing import Any, TextIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grids.actions import FirstStart, set_up_county
from grids.entries import CountyEntry, OfficerEntry
from grids.models import Role
from grids.queries import county_code, known_towns, name_by_code, require_no_county, towns_of_file
from zhongzhi.core.errors import DomainError

OFFICERS = (
    ("system_admin", Role.SYSTEM_ADMIN, "xitong"),
    ("security_admin", Role.SECURITY_ADMIN, "anquan"),
    ("auditor", Role.AUDITOR, "shenji"),
    ("manager", Role.MANAGER, "zhuren"),
)
PERSON = "姓名，或 姓名:用户名"


class Command(BaseCommand):
    help = "首次启用：载入代码表，设立旗县、乡镇、旗县综治中心和三员账号；一次性密码只显示这一次"
    stealth_options = ("stdin",)

    def add_arguments(self, parser: CommandParser) -> None:
        """What is not given is asked for on a terminal."""
        parser.add_argument("--county", default="", help="旗县代码，GB/T 2260 的 6 位数字，如 150526")
        parser.add_argument("--name", default="", help="旗县名称（代码表中有的可不填）")
        parser.add_argument("--prefecture", default="", help="所属市（盟、州）名称（代码表中有的可不填）")
        parser.add_argument("--province", default="", help="所属省（自治区、直辖市）名称（一般不填）")
        parser.add_argument("--centre", default="", help="综治中心全称，默认为“旗县名称+社会治安综合治理中心”")
        parser.add_argument("--towns", type=Path, help="乡镇表 CSV（列 code12,name）；不填则用代码表中已有的")
        for option, role, username in OFFICERS:
            words = "可不设；" if role == Role.MANAGER else ""
            text = f"{role.label}（{words}{PERSON}；用户名默认 {username}）"
            parser.add_argument(f"--{option.replace('_', '-')}", default="", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, make everything in one transaction, and print the passwords when it is kept."""
        self.stdin: TextIO = options.get("stdin") or sys.stdin
        try:
            require_no_county()
            county, officers = self._county(options), self._officers(options)
            with transaction.atomic():
                made = set_up_county(county, officers)
                call_command("load_tables", stdout=self.stdout, verbosity=options["verbosity"])
        except DomainError as refusal:
            raise CommandError(_sentences(refusal)) from refusal
        self._show(made)

    def _county(self, options: dict[str, Any]) -> CountyEntry:
        code = county_code(options["county"] or self._ask("旗县代码（6 位）", "--county"))
        names = {
            option: options[option] or name_by_code(known) or self._ask(words, f"--{option}")
            for option, known, words in (
                ("name", code, f"{code} 的旗县名称"),
                ("prefecture", code[:4], f"{code[:4]} 所属市（盟、州）名称"),
                ("province", code[:2], f"{code[:2]} 所属省（自治区、直辖市）名称"),
            )
        }
        towns = towns_of_file(options["towns"], code) if options["towns"] else known_towns(code)
        return CountyEntry(code=code, centre=options["centre"], towns=towns, **names)

    def _officers(self, options: dict[str, Any]) -> list[OfficerEntry]:
        """The three administrators, and the manager where one is named."""
        found = []
        for option, role, username in OFFICERS:
            text = options[option] or self._ask_person(role, f"--{option.replace('_', '-')}")
            name, _, own = text.replace("：", ":").partition(":")
            if name.strip() or own.strip() or role != Role.MANAGER:
                found.append(OfficerEntry(role, name.strip(), own.strip() or username))
        return found

    def _ask_person(self, role: Role, option: str) -> str:
        if role != Role.MANAGER:
            return self._ask(f"{role.label}（{PERSON}）", option)
        return self._read(f"{role.label}（{PERSON}；暂不设请直接回车）") if self.stdin.isatty() else ""

    def _ask(self, words: str, option: str) -> str:
        """What was typed; without a terminal there is nobody to ask."""
        if not self.stdin.isatty():
            raise CommandError(f"缺少 {option}：{words}。没有改动任何数据。")
        answer = self._read(words)
        if not answer:
            raise CommandError(f"没有填写{words}，已停止；没有改动任何数据。")
        return answer

    def _read(self, words: str) -> str:
        self.stdout.write(f"{words}：", ending="")
        self.stdout.flush()
        return self.stdin.readline().strip()

    def _show(self, made: FirstStart) -> None:
        self.stdout.write(f"已设立{made.county.name}（{made.county.code}），乡镇 {made.towns} 个；{made.centre.name}")
        self.stdout.write("账号（一次性密码只显示这一次，请分别交给本人；首次登录须修改）：")
        for account in made.accounts:
            user = account.user
            self.stdout.write(f"  {user.username:<16}{account.password:<18}{user.name}  {account.role.label}")


def _sentences(refusal: DomainError) -> str:
    """All that is wrong, in one line."""
    found = [sentence for sentences in refusal.errors.values() for sentence in sentences] or [refusal.message]
    return f"没有设立：{' '.join(found)}"
