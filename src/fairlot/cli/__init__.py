"""The command line: one command reads, makes one call, and writes.

Exit codes: 0 holds, 1 something does not (a table, a plan, a record), 2 wrong usage or a missing
path, 3 nothing fails but something is not shown. Messages go to standard error, results to
standard output.
"""

from fairlot.cli.app import app, main
from fairlot.cli.assign import assign
from fairlot.cli.demo import demo
from fairlot.cli.draws import announce, draw, verify
from fairlot.cli.recusals import recuse, replace, reveal
from fairlot.cli.rosters import check, plan

__all__ = ["app", "main"]

for command in (demo, check, plan, announce, draw, verify, reveal, recuse, replace, assign):
    app.command()(command)
