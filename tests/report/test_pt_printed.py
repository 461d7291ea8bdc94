"""Report and letter on paper: a measurand a page, and none of them blank."""

import shutil
import subprocess
from pathlib import Path

import pytest
from pt_worlds import ROUND

from fairlot.proficiency import Scheme, score_round
from fairlot.report import pt_letter, pt_report

EXAMPLE = Path(__file__).parents[2] / "examples" / "pt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here"),
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="there is no pdftotext here"),
]


def printed(page, folder):
    """Return the text of each page that Chromium prints."""
    (folder / "page.html").write_text(page, "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
               f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'page.pdf'}",
               (folder / "page.html").as_uri()]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    told = ["pdftotext", "-layout", str(folder / "page.pdf"), "-"]
    text = subprocess.run(told, check=True, capture_output=True, timeout=60).stdout.decode()
    return text.split("\f")[:-1]


@pytest.fixture(scope="module")
def example():
    return score_round(EXAMPLE / "results.csv", Scheme.read(EXAMPLE / "scheme.toml"))


def first_line(page):
    return next(line.strip() for line in page.splitlines() if line.strip())


def test_every_measurand_of_the_report_begins_a_page_and_fits_it(example, tmp_path):
    pages = printed(pt_report(example, lang="zh"), tmp_path)
    names = list(dict.fromkeys(level.measurand for level in example.levels))
    heads = [first_line(page) for page in pages]
    front = len(pages) - len(names)
    assert heads[front:] == names
    assert 1 <= front <= 4  # cover, summary, verdicts, and who must correct
    for page, name in zip(pages[front:], names, strict=True):
        levels = [level for level in example.levels if level.measurand == name]
        assert all(one.result.lab in page for level in levels for one in level.results)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_is_blank(example, lang, tmp_path):
    for page in (pt_report(ROUND, lang=lang), pt_letter(example, "PT22", lang=lang)):
        pages = printed(page, tmp_path)
        assert len(pages) >= 2
        assert min(len(text.split()) for text in pages) > 10


def test_a_letter_has_orders_verdicts_and_scores_before_the_pictures(example, tmp_path):
    pages = printed(pt_letter(example, "PT22"), tmp_path)
    own = [one for one in example.results if one.result.lab == "PT22"]
    front = "".join(pages).split("The place among all participants")[0]
    assert all(one.result.text in front for one in own)
    assert front.strip() in "".join(pages[:2])
