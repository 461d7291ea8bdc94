"""A witness of logs: it signs a checkpoint, with the time, only if the log has merely grown.

Whoever trusts the witness knows that the log had this content by then, and that everybody who
trusts the same witness is shown the same log. After C2SP tlog-witness: of every log it knows, a
witness remembers the last checkpoint that it signed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from fairlot._base.errors import InvalidInput, VerificationError, within
from fairlot.public import canonical, merkle
from fairlot.public.checkpoint import Checkpoint, cosign, merge, open_checkpoint, read_checkpoint
from fairlot.public.disk import locked, put, read_plain
from fairlot.public.entries import LOG_SPEC, check_keys
from fairlot.public.log_read import read_log
from fairlot.public.note import Signer, Vkey, load_key
from fairlot.public.stored import read_note

__all__ = ["Watched", "Witness"]

HEADING = f"{LOG_SPEC} witness"
MAX_STATE = 1 << 24


@dataclass(frozen=True, slots=True)
class Watched:
    """A log that the witness knows: its key, the last note that it signed ("" if none), and when."""

    vkey: str
    note: str = ""
    time: int = 0

    @property
    def origin(self) -> str:
        """The name of the log."""
        return Vkey.parse(self.vkey).name

    @property
    def last(self) -> Checkpoint:
        """The last checkpoint that was signed; before the first, the empty log."""
        return (
            read_checkpoint(self.note) if self.note else Checkpoint(self.origin, 0, merkle.root([]))
        )


class Witness:
    """A witness and its memory, one file; two processes may use it at once.

    >>> from tempfile import TemporaryDirectory
    >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    >>> from fairlot.public.log import Log
    >>> office, w = (Signer(name, Ed25519PrivateKey.generate()) for name in ("log", "witness"))
    >>> with TemporaryDirectory() as folder:
    ...     log, witness = Log.create(f"{folder}/log", office), Witness.create(f"{folder}/w", w)
    ...     witness.trust(office.vkey)
    ...     text = witness.cosign_log(log.folder, now=1700000000)
    ...     log.add_cosignature(text, w.cosigner_vkey)
    ...     log.checkpoint().count("—")
    2
    """

    def __init__(self, state: str | Path, signer: Signer) -> None:
        self._state, self._signer = Path(state), signer
        name = _read(self._state)[0]
        if name != signer.name:
            raise InvalidInput("the memory is {want}'s; the key is {got}'s",
                               zh="记录属于 {want}，而密钥属于 {got}",
                               want=name, got=signer.name)  # fmt: skip

    @classmethod
    def load(cls, state: str | Path, key: str | Path) -> "Witness":
        """Go on as the witness that this memory names, with its key (PEM)."""
        return cls(state, load_key(key, _read(Path(state))[0]))

    @classmethod
    def create(cls, state: str | Path, signer: Signer) -> "Witness":
        """Begin a memory that knows no log yet; never over one that exists."""
        state = Path(state)
        if state.exists():
            raise InvalidInput("{path} exists; a witness never forgets",
                               zh="{path} 已存在；见证人的记录不得重置", path=str(state))  # fmt: skip
        put(state, _encode(signer.name, []))
        return cls(state, signer)

    @property
    def vkey(self) -> str:
        """The line that others verify its cosignatures with."""
        return self._signer.cosigner_vkey

    def trust(self, vkey: str) -> None:
        """Know one more log, by its vkey; a log keeps the key it was known by."""
        known = Watched(str(Vkey.parse(vkey)))
        with self._locked():
            logs = self._logs()
            if logs.setdefault(known.origin, known).vkey != known.vkey:
                raise InvalidInput("log {name} is known by another key: {want}",
                                   zh="日志 {name} 已登记另一公钥：{want}",
                                   name=known.origin, want=logs[known.origin].vkey)  # fmt: skip
            self._remember(logs)

    def known(self, origin: str) -> Watched:
        """Return what the witness remembers of a log."""
        try:
            return self._logs()[origin]
        except KeyError:
            raise InvalidInput("log {name} is not known to this witness",
                               zh="见证人不认识日志 {name}", name=origin) from None  # fmt: skip

    def cosign(self, text: str, old: int, proof: Sequence[bytes], *, now: int) -> str:
        """Return the signature line for a checkpoint that grew consistently; remember it first.

        old    the size from which ``proof`` (RFC 9162 2.1.4) leads: that of the last one signed
        now    Unix seconds; a clock that went back is refused

        The checks are those of C2SP tlog-witness, add-checkpoint, in their order.
        """
        with self._locked():
            known = self.known(read_checkpoint(text).origin)
            checkpoint = open_checkpoint(text, known.vkey)
            _refuse_other_size(known, old, checkpoint)
            _refuse_other_tree(known, checkpoint, proof)
            if now < known.time:
                raise InvalidInput("the clock went back: {got} after {want}",
                                   zh="时钟倒退：{want} 之后出现 {got}",
                                   got=now, want=known.time)  # fmt: skip
            line = cosign(text, self._signer, now)
            signed = replace(known, note=merge(text, line), time=now)
            self._remember({**self._logs(), known.origin: signed})
        return line

    def cosign_log(self, folder: str | Path, *, now: int) -> str:
        """Read a log's folder, check that it only grew, and return its checkpoint cosigned."""
        known = self.known(read_checkpoint(read_note(Path(folder))).origin)
        log = read_log(folder, known.vkey)
        old = known.last.size
        proof = log.consistency(old) if old <= log.checkpoint.size else []
        return merge(log.note, self.cosign(log.note, old, proof, now=now))

    def _locked(self) -> Any:
        return locked(self._state.with_name(f".{self._state.name}.lock"))

    def _logs(self) -> dict[str, Watched]:
        return _read(self._state)[1]

    def _remember(self, logs: dict[str, Watched]) -> None:
        rows: list[canonical.Json] = [asdict(logs[origin]) for origin in sorted(logs)]
        put(self._state, _encode(self._signer.name, rows))


def _encode(name: str, rows: list[canonical.Json]) -> bytes:
    return canonical.encode({"@spec": HEADING, "name": name, "logs": rows}) + b"\n"


def _read(state: Path) -> tuple[str, dict[str, Watched]]:
    with within(state.name):
        data = read_plain(state, MAX_STATE)
        value: Any = canonical.decode(data.removesuffix(b"\n"), limit=MAX_STATE)
        check_keys(value, {"name", "logs"}, HEADING)
        for row in value["logs"]:
            check_keys(row, {each.name for each in fields(Watched)})
        logs = [Watched(**row) for row in value["logs"]]
    return value["name"], {known.origin: known for known in logs}


def _refuse_other_size(known: Watched, old: int, checkpoint: Checkpoint) -> None:
    if old != known.last.size:
        raise VerificationError("a proof from {got} entries; {want} were signed last",
                                zh="证明自 {got} 个条目起，而上次签署的是 {want} 个",
                                got=old, want=known.last.size)  # fmt: skip
    if old > checkpoint.size:
        raise VerificationError("the log was rolled back: {got} entries, but {want} were signed",
                                zh="日志被回退：现有 {got} 个条目，而曾签署 {want} 个",
                                got=checkpoint.size, want=old, before=known.note)  # fmt: skip


def _refuse_other_tree(known: Watched, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    old = known.last
    try:
        if old.size:
            merkle.verify_consistency(old.size, checkpoint.size, proof, old.root, checkpoint.root)
            return
    except InvalidInput as error:
        raise VerificationError("the log was forked after {size} entries: {why}",
                                zh="日志在 {size} 个条目之后被分叉：{why_zh}", size=old.size,
                                why=error.text("en"), why_zh=error.text("zh"),
                                before=known.note) from None  # fmt: skip
    if proof or (checkpoint.size == 0 and checkpoint.root != old.root):
        raise VerificationError("an empty log has no proof, and the root {want}",
                                zh="空日志不应带证明，且根应为 {want}", want=old.root.hex())  # fmt: skip
