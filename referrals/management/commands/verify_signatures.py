"""`manage.py verify_signatures [--keys]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from referrals.queries.paper_signatures import SignatureState, signature_state, signed_documents
from zhongzhi.core.sm2 import public_keys
from zhongzhi.printing.queries import is_whole, papers_made


class Command(BaseCommand):
    """Checks the SM2 signature of every signed document against the document and its paper, and the kept PDFs."""

    help = (
        "核对已签发公文的 SM2 签名（库外封存记录的签名由 verify_trail --anchors 核对）。有无效的退出码为 1，每件一行。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The public keys instead of a check: for those who verify elsewhere."""
        parser.add_argument("--keys", action="store_true", help="只列出验证所需的公钥（编号、base64）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a line for each document that does not verify, then the counts. Raises CommandError if any."""
        if options["keys"]:
            for key_id, public in public_keys().items():
                self.stdout.write(f"{key_id}\t{public}")
            return
        counts = dict.fromkeys(SignatureState, 0)
        for document in signed_documents():
            state = signature_state(document)
            counts[state] += 1
            if state not in (SignatureState.VALID, SignatureState.NONE):
                self.stdout.write(f"{document.number}\t{state.value}\t{state.label}")
        broken = [paper for paper in papers_made() if not is_whole(paper)]
        for paper in broken:
            self.stdout.write(f"{paper.title}\tpaper_changed\t签署件（PDF）与签署时不同")
        unsigned, valid = counts.pop(SignatureState.NONE), counts.pop(SignatureState.VALID)
        if bad := sum(counts.values()) + len(broken):
            raise CommandError(
                f"{bad} 件公文的签名未通过核对（有效 {valid} 件，未加签名 {unsigned} 件）。", returncode=1
            )
        self.stdout.write(f"签名核对完毕：有效 {valid} 件，未加签名 {unsigned} 件。")
