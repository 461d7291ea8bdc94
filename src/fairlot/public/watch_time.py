"""What a log and its witnesses show of time: one history, and every announcement before its round."""

from collections.abc import Iterator

from fairlot.public.flags import MARGIN, Draw, Flag, View, fails, not_shown
from fairlot.public.moments import moment_text
from fairlot.public.tiles import prefix_roots

__all__ = ["TIME_RULES"]


def _history(view: View) -> Iterator[Flag]:
    """Refute another history: a fork, or a log that is shorter than it was."""
    now = view.log.checkpoint
    ours = [each.checkpoint for each in view.sightings if each.checkpoint.origin == now.origin]
    sizes = {each.size for each in ours}
    roots = prefix_roots(view.log.leaves, [size for size in sizes if size <= now.size])
    if max(sizes, default=0) > now.size:
        yield fails("rollback", [], f"the log has {now.size} entries; {max(sizes)} were signed before",
                    f"日志现有 {now.size} 个条目，而曾签署 {max(sizes)} 个")  # fmt: skip
    for size in sorted(sizes):
        signed = {each.root for each in ours if each.size == size}
        if len(signed | {roots.get(size, min(signed))}) > 1:
            yield fails("fork", [], f"two histories of {size} entries were signed",
                        f"前 {size} 个条目曾签署两种不同内容")  # fmt: skip


def _backdated(view: View) -> Iterator[Flag]:
    """An outcome needs its randomness: what the log has after it came after that round."""
    rounds: dict[Draw, int] = {}
    clock, shown_by = 0, -1
    for index, entry in enumerate(view.entries):
        if entry.kind == "outcome" and rounds.get(entry.draw, 0) > clock:
            clock, shown_by = rounds[entry.draw], index
        if entry.kind == "announcement":
            rounds[entry.draw] = entry.round_time
            if entry.round_time <= clock:
                name, when = " / ".join(entry.draw), moment_text(entry.round_time)
                yield fails("backdated", [index, shown_by],
                            f"{name} was entered after its round of {when}: entry {shown_by} came before it",
                            f"{name} 登记时其 {when} 的随机数已产生：条目 {shown_by} 在其之前")  # fmt: skip


def _witnessed(view: View) -> Iterator[Flag]:
    """Every announcement was seen by a witness the margin before its round."""
    for index, entry in view.announced:
        limit = entry.round_time - view.margins.get(entry.digest, MARGIN)
        if view.now < limit or _seen_by(view, index, limit):
            continue
        name, when = " / ".join(entry.draw), moment_text(limit)
        absent = view.clock.last_absent(index)
        if absent is not None and absent >= limit:
            yield fails("backdated", [index],
                        f"{name} was not in the log at {moment_text(absent)}; its last moment was {when}",
                        f"{name} 在 {moment_text(absent)} 尚未登记，而最迟应在 {when}")  # fmt: skip
        else:
            yield not_shown("time", [index], f"no witness saw {name} by {when}",
                            f"没有见证人在 {when} 前见到 {name}")  # fmt: skip


def _switched(view: View) -> Iterator[Flag]:
    """A switch of beacon is witnessed, and stands before the outcome."""
    for index, entry in view.of("switch"):
        name = " / ".join(entry.draw)
        if view.preceded(index, "outcome"):
            yield fails("switch", [index], f"{name}: the beacon was switched after the outcome",
                        f"{name}：结果之后才更换随机源")  # fmt: skip
        if not _seen_by(view, index, view.now):
            yield not_shown("switch", [index], f"{name}: no witness saw the switch of beacon",
                            f"{name}：没有见证人见到随机源的更换")  # fmt: skip


def _seen_by(view: View, index: int, limit: int) -> bool:
    """Tell whether a witness saw the entry in the log at or before ``limit``."""
    seen = view.clock.first_seen(index)
    return seen is not None and seen <= limit


TIME_RULES = (_history, _backdated, _witnessed, _switched)
