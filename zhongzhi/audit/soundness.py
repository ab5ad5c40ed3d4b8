"""Whether one row of the trail is as it was written, by its own code. One whose key is not configured any more is taken
as sound here: a voucher answers for it (`zhongzhi.audit.vouchers`)."""

from zhongzhi.audit.chain import entry_mac, seal_mac, voucher_mac
from zhongzhi.audit.models import TrailEntry, TrailSeal, TrailVoucher
from zhongzhi.core.ciphers import KeyUnknown


def is_sound_entry(entry: TrailEntry) -> bool:
    """Whether an entry is as it was written. Facts that JSON cannot write were never written by us."""
    try:
        mac = entry_mac(
            entry.prev,
            chain=entry.chain,
            seq=entry.seq,
            actor_id=entry.actor_id,
            verb=entry.verb,
            facts=entry.facts,
            at=entry.at,
            like=entry.mac,
        )
    except KeyUnknown:
        return True  # a voucher answers for it
    except ValueError:
        return False
    return mac == bytes(entry.mac)


def is_sound_seal(seal: TrailSeal) -> bool:
    """Whether a seal is as it was made; one whose key is not configured is for a voucher to answer for."""
    try:
        made = seal_mac(seal.prev, seq=seal.seq, heads=seal.heads, digest=seal.digest, at=seal.at, like=seal.mac)
    except KeyUnknown:
        return True
    return made == bytes(seal.mac)


def is_sound_voucher(voucher: TrailVoucher) -> bool:
    """Whether a voucher is as it was made."""
    try:
        return voucher_mac(voucher, like=voucher.mac) == bytes(voucher.mac)
    except KeyUnknown:
        return True


def is_sound(row: TrailEntry | TrailSeal | TrailVoucher) -> bool:
    """Whether a row of any of these kinds is as it was made."""
    if isinstance(row, TrailEntry):
        return is_sound_entry(row)
    return is_sound_seal(row) if isinstance(row, TrailSeal) else is_sound_voucher(row)
