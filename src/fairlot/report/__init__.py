"""Pages and pictures for the public, made from the files of a record alone."""

from fairlot.report.notice import notice
from fairlot.report.picture import coverage_svg

__all__ = ["coverage_svg", "notice"]
