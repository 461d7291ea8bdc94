"""The seal: one signed list of the digests of all other files of a record.

``digests.txt`` is a signed note (C2SP signed-note, Ed25519). Its text is the format's name and
one line a file, in the order of their names::

    fairlot.draw/v1 digests
    announcement.json 5f1c…64 hex digits
    …

    — authority signature
"""

from collections.abc import Mapping
from hashlib import sha256

from fairlot._base.errors import InvalidInput, within
from fairlot.public import note
from fairlot.public.folder import DIGESTS

__all__ = ["open_seal", "seal"]

SPEC = "fairlot.draw/v1 digests"


def seal(files: Mapping[str, bytes], signer: note.Signer) -> dict[str, bytes]:
    """Return the files with ``digests.txt`` beside them, signed."""
    others = {name: data for name, data in files.items() if name != DIGESTS}
    return {**others, DIGESTS: note.sign(_text(others), signer).encode()}


def open_seal(files: Mapping[str, bytes], vkey: str) -> None:
    """Refuse the files unless ``digests.txt`` lists exactly these bytes under this key's signature."""
    if DIGESTS not in files:
        raise InvalidInput("{file} is missing", zh="缺少 {file}", file=DIGESTS)
    with within(DIGESTS):
        signed = note.verify(_utf8(files[DIGESTS]), vkey)
    want, got = (
        signed.splitlines(),
        _text({name: data for name, data in files.items() if name != DIGESTS}).splitlines(),
    )
    if got != want:
        differing = sorted({line.split(" ")[0] for line in {*got} ^ {*want}})
        raise InvalidInput(
            "{list} differs from the digest that was signed", zh="{list} 与已签名的摘要不一致",
            list=", ".join(differing[:8]), differing=differing,
        )  # fmt: skip


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "byte {at} is not UTF-8", zh="第 {at} 字节不是 UTF-8 编码", at=error.start
        ) from None


def _text(files: Mapping[str, bytes]) -> str:
    rows = (f"{name} {sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    return SPEC + "\n" + "".join(rows)
