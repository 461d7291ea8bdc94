"""The command line: one command reads, makes one call, and writes.

Exit codes: 0 holds, 1 something does not (a table, a plan, a record), 2 wrong usage or a missing
path, 3 nothing fails but something is not shown. Messages go to standard error, results to
standard output.
"""

from fairlot.cli import beacons, door, logs
from fairlot.cli.app import app, main
from fairlot.cli.assign import assign
from fairlot.cli.demo import demo
from fairlot.cli.draws import announce, draw, verify
from fairlot.cli.opening import attach, custodian, open_record
from fairlot.cli.publish import publish
from fairlot.cli.recusals import close, recuse, replace, reveal
from fairlot.cli.rosters import check, plan
from fairlot.cli.score import score
from fairlot.cli.switching import switches

__all__ = ["app", "main"]

for command in (
    demo, check, plan, custodian, announce, draw, verify, publish, attach, door.stamp, reveal,
    recuse, close, replace, assign, score,
):  # fmt: skip
    app.command()(command)
app.command("open")(open_record)
app.add_typer(beacons.beacons, name="beacon")
app.add_typer(switches, name="switch")
app.add_typer(logs.log, name="log")
app.add_typer(logs.witness, name="witness")
app.add_typer(door.door, name="door")
