"""Pages and pictures for the public: of a draw from its record, of a round from its scores."""

from fairlot.report.notice import notice
from fairlot.report.picture import coverage_svg
from fairlot.report.pt_letter import pt_letter, pt_letters
from fairlot.report.pt_report import pt_report
from fairlot.report.pt_workbook import pt_workbook

__all__ = ["coverage_svg", "notice", "pt_letter", "pt_letters", "pt_report", "pt_workbook"]
