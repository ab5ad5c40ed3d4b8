"""Sealed values open only whole, in place and with their key; hashes separate purposes; keys can be changed."""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from zhongzhi.core import ciphers
from zhongzhi.core.ciphers import CipherBroken, CiphersNotConfigured, FieldKeys

OLD, NEW, HASH = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
HASHES = {"": HASH}
KEYS = FieldKeys("k1", {"k1": OLD}, HASHES)
ROTATED = FieldKeys("k2", {"k2": NEW, "k1": OLD}, HASHES)
PLAIN, AAD = "15222319900101123X", "party.paper:7"


def b64(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture(autouse=True, scope="module")
def keys_put_back() -> Iterator[None]:
    """Leave the process with the keys it had."""
    before = ciphers._configured
    yield
    ciphers._configured = before


@pytest.fixture(autouse=True)
def keys(keys_put_back: None) -> FieldKeys:
    ciphers.configure(KEYS)
    return KEYS


# --- known answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_answers_the_examples_of_its_standard(message: bytes, digest: str) -> None:
    assert ciphers.sm3(message) == digest


def test_sm4_of_the_library_answers_the_example_of_its_standard() -> None:
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305 (the standard's example is one bare block)
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_of_the_library_answers_the_example_of_rfc_8998() -> None:
    key, nonce = "0123456789abcdeffedcba9876543210", "00001234567800000000abcd"
    aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
    plain = "".join(c * 16 for c in "abcdefea")
    encryptor = Cipher(algorithms.SM4(bytes.fromhex(key)), modes.GCM(bytes.fromhex(nonce))).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex(aad))
    sealed = encryptor.update(bytes.fromhex(plain)) + encryptor.finalize()
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_hmac_sm3_is_the_construction_of_rfc_2104() -> None:
    key = KEYS.trail_keys[""].ljust(64, b"\0")
    inner = bytes.fromhex(ciphers.sm3(bytes(k ^ 0x36 for k in key) + b"entry"))
    outer = ciphers.sm3(bytes(k ^ 0x5C for k in key) + inner)
    assert ciphers.chain_mac(b"entry").hex() == outer


# --- what was stored must open for ever -----------------------------------------------------------


@pytest.mark.parametrize(
    "stored",
    [
        "01026b318301fdf3cb4ea50e8b20653288a037b31037ada541621f7de8b25a36f7ccb7807eb92f14d73641c2cfca577dea7c",
        "02026b31d3d9675c4a91d61549ff8cd3a8847ea953ff61bc73302d259231ebc9c62a5ea8162029c0bf67bbb0bff9caf7892c",
    ],
)
def test_a_value_stored_by_the_first_version_still_opens(stored: str) -> None:
    assert ciphers.unseal(bytes.fromhex(stored), aad=AAD) == PLAIN


def test_hashes_and_trail_codes_stored_by_the_first_version_still_compare() -> None:
    assert (
        ciphers.keyed_hash(PLAIN, purpose="party.paper").hex()
        == "7a99ed2e9cadb47ebd555f61d2562fc8ecaa03bc56498a80d8617fad60878e2b"
    )
    assert ciphers.chain_mac(b"entry").hex() == "93b29a9416f25f995c539127fbdfb4d2347390ef02c32ffc6c82e623be16243c"


# --- sealing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cipher", ["sm4-gcm", "aes-gcm"])
@given(plain=st.text(), aad=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(cipher: str, plain: str, aad: str) -> None:
    ciphers.configure(replace(KEYS, cipher=cipher))
    assert ciphers.unseal(ciphers.seal(plain, aad=aad), aad=aad) == plain


@pytest.mark.parametrize(("cipher", "version"), [("sm4-gcm", 1), ("aes-gcm", 2)])
def test_a_sealed_value_names_cipher_and_key_and_not_the_plain_text(cipher: str, version: int) -> None:
    ciphers.configure(replace(KEYS, cipher=cipher))
    sealed = ciphers.seal(PLAIN, aad=AAD)
    assert sealed[:4] == bytes([version, 2]) + b"k1"
    assert len(sealed) == 4 + 12 + len(PLAIN) + 16
    assert PLAIN.encode() not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({ciphers.seal(PLAIN, aad=AAD) for _ in range(50)}) == 50


@pytest.mark.parametrize("cipher", ["sm4-gcm", "aes-gcm"])
def test_any_changed_bit_breaks_it(cipher: str) -> None:
    ciphers.configure(replace(ROTATED, cipher=cipher))
    sealed = ciphers.seal(PLAIN, aad=AAD)
    for at in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(CipherBroken):
            ciphers.unseal(bytes(changed), aad=AAD)


def test_any_cut_or_longer_value_breaks_it() -> None:
    sealed = ciphers.seal(PLAIN, aad=AAD)
    for length in range(len(sealed)):
        with pytest.raises(CipherBroken):
            ciphers.unseal(sealed[:length], aad=AAD)
    with pytest.raises(CipherBroken):
        ciphers.unseal(sealed + b"\0", aad=AAD)


@pytest.mark.parametrize("version", [0, 3, 255])
def test_a_value_of_an_unknown_version_is_none_of_ours_and_not_one_whose_key_is_missing(version: int) -> None:
    foreign = bytes([version]) + ciphers.seal(PLAIN, aad=AAD)[1:]
    with pytest.raises(CipherBroken, match="not a sealed value"):
        ciphers.unseal(foreign, aad=AAD)
    with pytest.raises(CipherBroken, match="not a sealed value"):
        ciphers.reseal(foreign, aad=AAD)


def test_a_value_copied_to_another_row_does_not_open() -> None:
    with pytest.raises(CipherBroken):
        ciphers.unseal(ciphers.seal(PLAIN, aad="party.paper:7"), aad="party.paper:8")


def test_a_value_under_another_name_of_the_same_key_does_not_open() -> None:
    ciphers.configure(FieldKeys("k1", {"k1": OLD, "k2": OLD}, HASHES))
    sealed = ciphers.seal(PLAIN, aad=AAD).replace(b"k1", b"k2", 1)
    with pytest.raises(CipherBroken):
        ciphers.unseal(sealed, aad=AAD)


def test_an_unknown_key_is_named_and_the_value_is_not() -> None:
    sealed = ciphers.seal(PLAIN, aad=AAD)
    ciphers.configure(FieldKeys("k9", {"k9": NEW}, HASHES))
    with pytest.raises(CipherBroken) as caught:
        ciphers.unseal(sealed, aad=AAD)
    assert "'k1'" in str(caught.value)
    assert sealed[4:].hex() not in str(caught.value)


def test_a_failure_tells_neither_the_value_nor_the_row() -> None:
    with pytest.raises(CipherBroken) as caught:
        ciphers.unseal(ciphers.seal(PLAIN, aad=AAD), aad="other")
    assert PLAIN not in str(caught.value)
    assert AAD not in str(caught.value)


def test_a_database_answers_with_memoryviews_and_they_open() -> None:
    assert ciphers.unseal(memoryview(ciphers.seal(PLAIN, aad=AAD)), aad=AAD) == PLAIN


def test_many_threads_seal_and_open_at_once() -> None:
    def both_ways(k: int) -> str:
        return ciphers.unseal(ciphers.seal(str(k), aad=str(k)), aad=str(k))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(both_ways, range(500))) == [str(k) for k in range(500)]


# --- rotation -------------------------------------------------------------------------------------


def test_after_a_change_of_key_old_values_open_and_are_sealed_anew_once() -> None:
    old = ciphers.seal(PLAIN, aad=AAD)
    ciphers.configure(ROTATED)
    assert ciphers.unseal(old, aad=AAD) == PLAIN
    new = ciphers.reseal(old, aad=AAD)
    assert new is not None
    assert new[2:4] == b"k2"
    assert ciphers.unseal(new, aad=AAD) == PLAIN
    assert ciphers.reseal(new, aad=AAD) is None


def test_after_a_change_of_cipher_values_are_sealed_anew() -> None:
    old = ciphers.seal(PLAIN, aad=AAD)
    ciphers.configure(replace(KEYS, cipher="aes-gcm"))
    new = ciphers.reseal(old, aad=AAD)
    assert new is not None
    assert new[0] == 2
    assert ciphers.unseal(new, aad=AAD) == PLAIN


def test_a_broken_value_is_not_sealed_anew() -> None:
    old = ciphers.seal(PLAIN, aad=AAD)
    ciphers.configure(ROTATED)
    with pytest.raises(CipherBroken):
        ciphers.reseal(old[:-1] + bytes([old[-1] ^ 1]), aad=AAD)


# --- hashes ---------------------------------------------------------------------------------------


def test_keyed_hashes_are_equal_for_one_value_and_purpose_only() -> None:
    one = ciphers.keyed_hash("13812345678", purpose="party.phone")
    assert len(one) == 32
    assert one == ciphers.keyed_hash("13812345678", purpose="party.phone")
    assert one != ciphers.keyed_hash("13812345679", purpose="party.phone")
    assert one != ciphers.keyed_hash("13812345678", purpose="party.paper")


def test_a_purpose_cannot_borrow_letters_from_the_value() -> None:
    assert ciphers.keyed_hash("bc", purpose="a") != ciphers.keyed_hash("c", purpose="ab")
    for purpose in ("", "a\0b"):
        with pytest.raises(ValueError, match="purpose"):
            ciphers.keyed_hash("c", purpose=purpose)


def test_hashes_and_trail_stay_when_field_keys_change_and_change_with_the_hash_key() -> None:
    before = ciphers.keyed_hash("v", purpose="p"), ciphers.chain_mac(b"v")
    ciphers.configure(ROTATED)
    assert (ciphers.keyed_hash("v", purpose="p"), ciphers.chain_mac(b"v")) == before
    ciphers.configure(replace(KEYS, hash_keys={"": NEW}))
    assert ciphers.keyed_hash("v", purpose="p") != before[0]
    assert ciphers.chain_mac(b"v") != before[1]


def test_no_two_uses_share_a_key() -> None:
    keys = [*ROTATED.subkeys.values(), *ROTATED.equality_keys.values(), *ROTATED.trail_keys.values(), OLD, NEW, HASH]
    assert len({key[:16] for key in keys}) == len(keys)


def test_fingerprints_tell_keys_apart_and_nothing_of_them() -> None:
    before = ciphers.fingerprints()
    assert set(before) == {"k1", "HASH_KEY"}
    ciphers.configure(ROTATED)
    after = ciphers.fingerprints()
    assert (after["k1"], after["HASH_KEY"]) == (before["k1"], before["HASH_KEY"])
    assert len(set(after.values())) == 3
    assert {len(text) for text in after.values()} == {16}  # as archives have them
    keys = [
        *ROTATED.masters.values(),
        *ROTATED.subkeys.values(),
        *ROTATED.equality_keys.values(),
        *ROTATED.trail_keys.values(),
        HASH,
    ]
    assert not [key for key in keys for text in after.values() if text in key.hex()]


def test_a_hash_tells_which_key_it_was_made_with_whether_that_has_a_name_or_not() -> None:
    first = ciphers.keyed_hash("v", purpose="p")
    ciphers.configure(replace(KEYS, hash_keys={"h2": NEW, "": HASH}))
    second = ciphers.keyed_hash("v", purpose="p")
    assert (ciphers._code_key(first), ciphers._code_key(second)) == ("", "h2")
    assert ciphers._code_key(second[:-1]) != "h2"


# --- settings -------------------------------------------------------------------------------------


def test_settings_name_the_active_key_first() -> None:
    ciphers.configure_from(f"k2:{b64(NEW)}, k1:{b64(OLD)}", "sm4-gcm", b64(HASH))
    assert ciphers._configured == ROTATED
    assert ciphers.seal(PLAIN, aad=AAD)[2:4] == b"k2"


@pytest.mark.parametrize(
    ("field_keys", "cipher", "hash_key", "message"),
    [
        ("", "sm4-gcm", b64(HASH), "FIELD_KEYS: at least one key"),
        (b64(OLD), "sm4-gcm", b64(HASH), "FIELD_KEYS: each key is written as id:base64"),
        (f"k1:{b64(OLD)},k1:{b64(NEW)}", "sm4-gcm", b64(HASH), "FIELD_KEYS: key k1 is listed twice"),
        (f"k1:{b64(OLD[:16])}", "sm4-gcm", b64(HASH), "FIELD_KEYS: key k1: 32 bytes are needed, 16"),
        ("k1:~~~", "sm4-gcm", b64(HASH), "FIELD_KEYS: key k1: not base64"),
        (f"k 1:{b64(OLD)}", "sm4-gcm", b64(HASH), "key id 'k 1'"),
        (f"k1:{b64(OLD)}", "des", b64(HASH), "unknown cipher 'des'; known: sm4-gcm, aes-gcm"),
        (f"k1:{b64(OLD)}", "sm4-gcm", "", "HASH_KEY: at least one key"),
        (f"k1:{b64(OLD)}", "sm4-gcm", "é", "HASH_KEY: not base64"),
    ],
)
def test_wrong_settings_are_named_and_change_nothing(field_keys: str, cipher: str, hash_key: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ciphers.configure_from(field_keys, cipher, hash_key)
    assert ciphers._configured is KEYS


def test_an_active_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="'k3'"):
        FieldKeys("k3", {"k1": OLD}, HASHES)


def test_field_keys_without_a_hash_key_are_refused() -> None:
    with pytest.raises(ValueError, match="hash key"):
        FieldKeys("k1", {"k1": OLD}, {})


def test_keys_do_not_show_when_printed() -> None:
    assert repr(ROTATED) == "FieldKeys(active='k2', cipher='sm4-gcm')"


def test_without_keys_everything_but_the_digest_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ciphers, "_configured", None)
    with pytest.raises(CiphersNotConfigured, match="configure_from"):
        ciphers.seal("x", aad="y")
    with pytest.raises(CiphersNotConfigured):
        ciphers.keyed_hash("x", purpose="y")
    with pytest.raises(CiphersNotConfigured):
        ciphers.chain_mac(b"x")
    assert ciphers.sm3(b"abc").startswith("66c7f0f4")
