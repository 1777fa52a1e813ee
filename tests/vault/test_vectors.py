"""What must happen with the bytes of tests/vectors/vault.json, and what the primitives must give by their RFCs."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance import errors
from appliance.errors import NotUnsealed
from appliance.people.records import NUMBERS
from appliance.vault import keys, seal
from appliance.vault.keys import Keys
from appliance.vault.seal import Place, Sealer
from tests.vectors import make_vectors

VECTORS: dict[str, Any] = json.loads(make_vectors.FILE.read_text(encoding="utf-8"))
DATA_KEY, VAULT = bytes.fromhex(VECTORS["data_key"]), bytes.fromhex(VECTORS["vault"])


def named(cases: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", VECTORS[cases], ids=lambda case: case["name"])


@named("rows")
def test_a_row_opens_in_its_own_place_alone(case: dict[str, Any]) -> None:
    place = case["place"]
    where = Place(place["kind"], bytes.fromhex(place["vault"]), bytes.fromhex(place["row"]), place["revision"])
    sealer = Sealer(seal.derive(DATA_KEY, "seal face"))
    if case["opens"]:
        assert VECTORS["content"].encode() in seal.unpad(sealer.unseal(where, bytes.fromhex(case["sealed"])))
    else:
        with pytest.raises(NotUnsealed):
            sealer.unseal(where, bytes.fromhex(case["sealed"]))


@named("openings")
def test_the_data_key_opens_for_its_passphrase_on_its_box_alone(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / keys.SLOTS).write_text(json.dumps(case["slots"]))
    (tmp_path / keys.SECRET).write_bytes(bytes.fromhex(case["secret"]))
    if case["raises"]:
        with pytest.raises(getattr(errors, case["raises"])):
            keys.open_(tmp_path, case["passphrase"])
    else:
        assert keys.open_(tmp_path, case["passphrase"]).row_id(b"\1f1").hex() == VECTORS["row_ids"]["face f1"]


@named("messages")
def test_a_message_opens_for_its_vault_alone(case: dict[str, Any]) -> None:
    private = bytes.fromhex(VECTORS["derived"]["inbox"])
    if case["opens"]:
        assert seal.unseal_from(private, VAULT, bytes.fromhex(case["sealed"])) == b"found"
    else:
        with pytest.raises(NotUnsealed):
            seal.unseal_from(private, VAULT, bytes.fromhex(case["sealed"]))


def test_keys_and_ids_are_derived_as_written(tmp_path: Path) -> None:
    assert {name: seal.derive(DATA_KEY, name).hex() for name in VECTORS["derived"]} == VECTORS["derived"]
    made = Keys(tmp_path, VAULT, DATA_KEY)
    ids = {f"{kind} f1": made.row_id(bytes((number,)) + b"f1").hex() for kind, number in NUMBERS.items()}
    assert ids == VECTORS["row_ids"]


@pytest.mark.parametrize("case", VECTORS["padding"])
def test_padding_hides_the_size_and_comes_off(case: dict[str, Any]) -> None:
    content = bytes.fromhex(case["content"])
    padded = seal.pad(content, case["least"])
    assert len(padded) == case["padded_size"]
    assert seal.unpad(padded) == content


@pytest.mark.parametrize("padded", [b"", b"\0\0", b"\0\0\0\5four", b"\0\0\0\1ab"])
def test_padding_that_lies_is_refused(padded: bytes) -> None:
    with pytest.raises(NotUnsealed):
        seal.unpad(padded)


def test_what_is_sealed_now_is_what_the_specification_says() -> None:
    """The script was written after docs/vault.md alone: it opens what the code seals."""
    row = bytes.fromhex(VECTORS["row_ids"]["face f1"])
    sealed = Sealer(seal.derive(DATA_KEY, "seal face")).seal(Place(1, VAULT, row, 9), make_vectors.padded(b"hello", 1280))
    cipher = AESGCMSIV(make_vectors.below("seal face"))
    opened = cipher.decrypt(sealed[1:13], sealed[13:], make_vectors.associated(1, VAULT, row, 9))
    assert (sealed[0], seal.unpad(opened)) == (1, b"hello")


def test_equal_rows_are_sealed_differently() -> None:
    sealer, place = Sealer(DATA_KEY), Place(1, VAULT, VAULT, 1)
    assert len({sealer.seal(place, b"same") for _ in range(100)}) == 100


def test_the_vectors_are_what_the_script_writes() -> None:
    """All but the messages, for which HPKE makes fresh keys."""
    made = make_vectors.document()
    assert {name: value for name, value in made.items() if name != "messages"} == {
        name: value for name, value in VECTORS.items() if name != "messages"
    }


def test_argon2id_as_in_rfc_9106() -> None:
    kdf = Argon2id(salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8)
    assert kdf.derive(b"\1" * 32).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_aes_256_gcm_siv_as_in_rfc_8452() -> None:
    cipher, nonce = AESGCMSIV(b"\1" + bytes(31)), b"\3" + bytes(11)
    assert cipher.encrypt(nonce, b"\1" + bytes(7), b"").hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"


def test_hkdf_as_in_rfc_5869() -> None:
    info, salt = bytes(range(0xF0, 0xFA)), bytes(range(13))
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert HKDF(hashes.SHA256(), 42, salt, info).derive(b"\x0b" * 22).hex() == expected


def test_x25519_as_in_rfc_7748() -> None:
    scalar = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    shared = X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))
    assert shared.hex() == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
