"""What a reader sees and does, in a real browser, from disk."""

import re
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairlot import public
from fairlot.public import merkle
from fairlot.public.absence import ABSENCE_STEPS, Absence, check_absence
from fairlot.public.bound import Bound
from fairlot.public.checkpoint import Checkpoint, sign_checkpoint
from fairlot.public.door_check import DOOR_STEPS, check_door, make_door
from fairlot.public.drand import Drand
from fairlot.public.lists import csv_rows
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.log import Log
from fairlot.public.publish import page as html_of
from fairlot.public.stamping import request
from fairlot.public.steps import STEPS

sys.path.append(str(Path(__file__).parents[1] / "public"))  # the small worlds live there
from door_world import Public, World
from small_record import BEFORE, PLAN, ROUND, SIGNER, VIEWS, make, noticed, shown, sites

WORDS = {
    "en": {"holds": "✓ holds", "fails": "✗ fails", "not shown": "? not shown"},
    "zh": {"holds": "✓ 成立", "fails": "✗ 不成立", "not shown": "? 未证明"},
}
PHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}
NAMES = """() => [...document.querySelectorAll("input,select,textarea,button,summary,progress")]
  .filter((node) => !(node.labels?.length || node.textContent.trim()
    || node.getAttribute("aria-labelledby"))).map((node) => node.outerHTML)"""
CONTRASTS = """() => {
  const light = (color) => color.match(/[0-9.]+/g).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05);
  const ground = (node) => {
    const color = getComputedStyle(node).backgroundColor;
    return color === "rgba(0, 0, 0, 0)" ? ground(node.parentElement) : color;
  };
  const shown = [...document.querySelectorAll("p,dt,dd,th,td,label,button:enabled,.badge,.note,h1,h2")]
    .filter((node) => node.checkVisibility() && node.textContent);
  return Math.min(...shown.map((node) => {
    const pair = [light(getComputedStyle(node).color), light(ground(node))];
    return Math.max(...pair) / Math.min(...pair);
  }));
}"""


@pytest.fixture(scope="module")
def record() -> dict[str, bytes]:
    """Enough sites that the teams fill more than one page of the list."""
    return make(sites=sites(75))


@pytest.fixture
def reader(browser, tmp_path):
    """Open the page of a record and wait for its verdict."""
    path = tmp_path / "记录.html"

    @contextmanager
    def read(files, query="?lang=en", size=DESK, lang=""):
        path.write_bytes(html_of(files, now=datetime.now(UTC), lang=lang))
        page = browser.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(error))
        page.on(
            "console", lambda told: told.type in ("error", "warning") and wrong.append(told.text)
        )
        page.set_viewport_size(size)
        page.goto(path.as_uri() + query)
        page.wait_for_selector("#steps li")
        yield page
        page.close()
        assert wrong == []

    return read


def find(page, site):
    page.fill("#site", site)
    page.press("#site", "Enter")
    page.locator(".answer .result", has_text=site).wait_for()
    return page.inner_text(".answer")


def steps_of(page, section="#check"):
    rows = page.locator(f"{section} .steps li").all()
    return [
        tuple(row.locator(part).inner_text() for part in (".number", ".title", ".badge"))
        for row in rows
    ]


# The verdicts


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_step_is_shown_as_python_has_it(reader, record, lang):
    found = public.checks(record, now=datetime.now(UTC))
    want = [(str(c.number), STEPS[c.step][lang == "zh"], WORDS[lang][c.verdict]) for c in found]
    with reader(record, f"?lang={lang}") as page:
        assert steps_of(page) == want
        assert page.inner_text("#verdict").startswith(WORDS[lang]["not shown"])
        assert not page.is_visible("progress")


def test_a_tampered_record_names_the_step_that_fails(reader, record):
    lines = record["drawn.csv"].split(b"\r\n")
    cheat = public.seal({**record, "drawn.csv": b"\r\n".join([*lines[:2], *lines[3:]])}, SIGNER)
    with reader(cheat) as page:
        failed = [(n, title) for n, title, verdict in steps_of(page) if verdict == "✗ fails"]
        title = STEPS["selection"][0]
        number = str(list(STEPS).index("selection") + 1)
        assert failed[0] == (number, title)
        assert f"first: {number}, {title}" in page.inner_text("#verdict")
        assert "drawn.csv line 3" in page.inner_text("#steps li[data-verdict=fails] .note >> nth=0")


def test_a_record_of_strange_files_is_refused_in_words(reader, record):
    with reader(record) as page:
        files = [
            {"name": n, "mimeType": "text/plain", "buffer": b"x"} for n in ("virus.exe", "b.json")
        ]
        page.set_input_files("#files", files)
        page.locator("#verdict", has_text="virus.exe").wait_for()
        assert page.inner_text("#verdict").startswith("✗ fails")
        assert page.locator("#steps li").count() == 0
        assert not page.is_visible("#search")


def test_another_record_takes_the_place_of_the_first(reader, record):
    other = make(PLAN.replace("2024-001", "2024-002"))
    with reader(record) as page:
        assert "2024-001" in page.inner_text("h1")
        files = [{"name": n, "mimeType": "text/plain", "buffer": d} for n, d in other.items()]
        page.set_input_files("#files", files)
        page.locator("h1", has_text="2024-002").wait_for()
        page.wait_for_selector("#steps li")
        assert len(steps_of(page)) == len(STEPS)


def test_a_folder_dropped_anywhere_is_checked(browser, reader, record, tmp_path):
    other = public.write_folder(tmp_path / "other", make(PLAN.replace("2024-001", "2024-002")))
    with reader(record) as page:
        data = {"items": [], "files": [str(other)], "dragOperationsMask": 1}
        session = browser.new_cdp_session(page)
        for kind in ("dragEnter", "dragOver", "drop"):
            moment = {"type": kind, "x": 400, "y": 300, "data": data}
            session.send("Input.dispatchDragEvent", moment)
        page.locator("h1", has_text="2024-002").wait_for()
        page.wait_for_selector("#steps li")
        assert page.locator("html.over").count() == 0
        assert "✗ fails" not in page.inner_text("#steps")


def test_a_key_that_the_reader_knows_is_held_against_the_record(reader, record):
    with reader(record) as page:
        page.fill("#pin-key", SIGNER.vkey.replace("example", "another"))
        page.click("#keys button")
        page.wait_for_selector("#steps li[data-verdict=fails]")
        assert STEPS["signature"][0] in page.inner_text("#steps li[data-verdict=fails] >> nth=0")


# One site


def test_a_drawn_site_learns_who_comes_and_when(reader, record):
    drawn = csv_rows(record["schedule.csv"])[3]
    team = [r for r in csv_rows(record["teams.csv"]) if r["site_id"] == drawn["site_id"]]
    with reader(record) as page:
        told = find(page, drawn["site_id"])
        assert told.splitlines()[0].endswith("of 75: drawn")
        assert f"week {drawn['week']}, {drawn['first']} – {drawn['last']}" in told
        assert page.locator(".team li").count() == len(team)
        assert all(seat["officer_id"] in told for seat in team)
        page.click(".answer summary")
        assert page.locator(".answer code").filter(has_text="/ 1099511627776").count() == 1


def test_a_site_that_was_not_drawn_learns_why(reader, record):
    drawn = {row["site_id"] for row in csv_rows(record["drawn.csv"])}
    chances = {r["site_id"]: r for r in csv_rows(record["probabilities.csv"])}
    spared = next(s for s, row in chances.items() if s not in drawn and row["rule"] == "weighted")
    barred = next(s for s, row in chances.items() if row["rule"] == "excluded")
    with reader(record) as page:
        told = find(page, spared)
        assert told.splitlines()[0].endswith("not drawn")
        assert f"by lot, with a chance of {chances[spared]['pi']}" in told
        assert "Visited" not in told
        told = find(page, barred)
        assert told.splitlines()[0].endswith("excluded")
        assert "not in operation: 注销" in told
        assert "by lot" not in told


def test_an_id_that_is_not_there_is_said_to_be_absent_and_ids_are_nfkc(reader, record):
    with reader(record) as page:
        assert find(page, "S9999") == "S9999 is not in the roster"
        page.fill("#site", " Ｓ０００１ ")
        page.click("#search button")
        page.locator(".result", has_text="S0001 is in the roster").wait_for()


def test_a_pseudonymous_record_tells_where_pseudonyms_are_known(reader):
    full = make(PLAN + VIEWS["pseudonymous"])
    names = [row["site_id"] for row in csv_rows(full["probabilities.csv"])]
    with reader(shown(full)) as page:
        assert "✗ fails" not in page.inner_text("#steps")
        assert "yours is in your door proof" in find(page, "S9999")
        assert f"{names[0]} is in the roster, row 1 of {len(names)}" in find(page, names[0])


def test_a_sealed_record_says_so_and_has_no_lists(reader):
    plan = PLAN + VIEWS["sealed"].replace("2024", "2124")
    with reader(shown(make(plan), opened=False)) as page:
        assert "✗ fails" not in page.inner_text("#steps")
        assert page.inner_text("#what").count("公证处") == 1
        assert not page.is_visible("#lists")
        page.fill("#site", "S0001")
        page.press("#site", "Enter")
        page.locator(".result", has_text=STEPS["registers"][0]).wait_for()
        assert "? not shown" in page.inner_text(".result")


def test_the_list_leads_to_the_site(reader, record):
    first = csv_rows(record["drawn.csv"])[0]["site_id"]
    with reader(record) as page:
        page.click(f"td button:text-is('{first}')")
        page.locator(".result", has_text=first).wait_for()
        assert page.evaluate("document.activeElement.id") == "site"


# The lists


def test_lists_are_paged_and_filtered(reader, record):
    teams = csv_rows(record["teams.csv"])
    assert 50 < len(teams) <= 100
    with reader(record) as page:
        page.select_option("#list", "teams")
        rows, place = page.locator("tbody tr"), page.locator(".pages [role=status]")
        assert (rows.count(), place.inner_text()) == (50, f"1–50 of {len(teams)}")
        on = page.get_by_role("button", name="On", exact=True)
        on.click()
        assert (rows.count(), place.inner_text()) == (
            len(teams) - 50, f"51–{len(teams)} of {len(teams)}",
        )  # fmt: skip
        assert on.is_disabled()
        page.fill("#filter", teams[5]["officer_id"].lower())
        mine = [row["site_id"] for row in teams if row["officer_id"] == teams[5]["officer_id"]]
        assert page.locator("tbody button").all_inner_texts() == mine
        page.fill("#filter", "nobody")
        assert (rows.count(), place.inner_text()) == (0, "0–0 of 0")


def test_a_record_is_text_and_never_markup(reader):
    evil = "<img src=x onerror=alert(1)>"
    with reader(make(PLAN.replace("示例局", evil))) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        assert page.inner_text(".who") == evil
        find(page, "<b>S1</b>")
        assert page.locator("img, .result b").count() == 0


def test_a_change_after_the_draw_is_told_where_it_matters(reader, record):
    site, officer = (csv_rows(record["teams.csv"])[0][name] for name in ("site_id", "officer_id"))
    later = public.recuse(
        record, Drand(ROUND + 10**6), site=site, officer=officer, reason="申请回避",
        recorded_at=BEFORE + timedelta(days=1), signer=SIGNER,
    )  # fmt: skip
    with reader(record) as page:
        assert not page.is_visible("#events")
    with reader(noticed(later)) as page:
        told = page.inner_text("#events")
        assert all(each in told for each in (site, officer, "申请回避", "waits for its randomness"))
        assert "Changed after the draw, by event 1" in find(page, site)


# Proofs that people carry


def test_a_door_proof_is_judged_as_python_judges_it(reader, record, tmp_path):
    world = World()
    logged = Public.of(world, tmp_path)
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    row = world.site(world.drawn, {"site"}, {"site_id"})
    proof = make_door(
        world.announcement, world.outcome, row, world.result(world.drawn), now=moment,
        team=world.openings("P1", "P2"), log=logged.logged,
    )  # fmt: skip
    found = check_door(
        proof, now=moment, announcement=record["announcement.json"], outcome=record["outcome.json"],
        log=logged.log.vkey, witnesses=[logged.witness.cosigner_vkey],
    )  # fmt: skip
    want = [(str(c.number), DOOR_STEPS[c.step][0], WORDS["en"][c.verdict]) for c in found]
    assert {verdict for _, _, verdict in want} == {"✓ holds", "✗ fails", "? not shown"}
    with reader(record) as page:
        page.fill("#pin-logs", logged.log.vkey)
        page.fill("#pin-witnesses", logged.witness.cosigner_vkey)
        page.fill("#door-text", proof.decode())
        page.click("#door button")
        page.wait_for_selector("#door li")
        assert steps_of(page, "#door") == want
        page.set_input_files("#door-file", {"name": "door.json", "mimeType": "", "buffer": b"{}"})
        page.locator("#door li >> nth=0", has_text="✗ fails").wait_for()
        # One file alone is a proof, not a record.
        page.set_input_files("#files", {"name": "a.json", "mimeType": "", "buffer": proof})
        page.locator("#door li >> nth=0", has_text="✓ holds").wait_for()
        assert steps_of(page, "#door") == want


def test_a_proof_that_a_site_is_not_there(reader, record):
    world = World()
    row = world.site(0, {"site"})
    proof = Absence(Bound.of(world.announcement), "A", (row,)).encode()
    want = check_absence(proof, announcement=record["announcement.json"])
    with reader(record) as page:
        page.set_input_files("#files", {"name": "a.json", "mimeType": "", "buffer": proof})
        page.wait_for_selector("#door li")
        assert steps_of(page, "#door") == [
            (str(c.number), ABSENCE_STEPS[c.step][0], WORDS["en"][c.verdict]) for c in want
        ]


def test_an_auditor_wants_every_row_and_names_a_clock(reader, record):
    stamped = datetime.fromtimestamp(public.head_of(record).beacon.time, UTC) - timedelta(hours=1)
    local = LocalAuthority.make("here", stamped - timedelta(1))
    stamp = local.answer(request(record["announcement.json"]), stamped)
    veiled = shown(make(PLAN + VIEWS["pseudonymous"]))
    with reader(veiled) as page:
        page.check("#pin-audit")
        page.click("#keys button")
        page.wait_for_selector("#steps li[data-verdict=fails]")
        assert "an audit needs the full record" in page.inner_text("#steps")
    with reader(public.seal({**record, "announcement.tsr": stamp}, SIGNER)) as page:
        page.check("#pin-audit")
        page.fill("#pin-stamps", local.pinned.decode())
        page.click("#keys button")
        page.locator("#steps", has_text="announcement seen by 'here'").wait_for()
        assert "✗ fails" not in page.inner_text("#steps")


def test_two_checkpoints_are_one_history_or_two(reader, record, tmp_path):
    signer = Public.of(World(), tmp_path).log
    log = Log(tmp_path / "log")
    before, tree = log.checkpoint(), merkle.levels([merkle.leaf_hash(b"x")])
    forged = sign_checkpoint(Checkpoint(signer.name, 1, tree[-1][0].tobytes()), signer)
    forked = sign_checkpoint(Checkpoint(signer.name, 5, bytes(32)), signer)
    with reader(record) as page:
        page.fill("#pin-logs", signer.vkey)
        for other, verdict in [(before, "✓ holds"), (forged, "? not shown"), (forked, "✗ fails")]:
            page.fill("#checkpoint-one", before)
            page.fill("#checkpoint-two", other)
            page.click("#compare button")
            page.locator("#compare .verdict", has_text=verdict).wait_for()
        page.fill("#checkpoint-one", "nonsense")
        page.click("#compare button")
        page.locator("#compare .verdict", has_text="not a signed note").wait_for()


# Languages


def test_the_language_is_the_one_asked_for(reader, record):
    for query, lang, tag in [
        ("?lang=zh", "", "zh-Hans"), ("#zh", "", "zh-Hans"), ("", "zh", "zh-Hans"), ("", "", "en"),
        ("?lang=en#zh", "zh", "en"), ("?lang=fr", "zh", "zh-Hans"),
    ]:  # fmt: skip
        with reader(record, query, lang=lang) as page:
            assert page.evaluate("document.documentElement.lang") == tag, (query, lang)


def test_a_switch_of_language_leaves_nothing_behind(reader, record):
    with reader(record) as page, reader(record, "?lang=zh") as other:
        for one in (page, other):
            find(one, csv_rows(record["drawn.csv"])[0]["site_id"])
        before = page.inner_text("body")
        page.click("button[data-language=zh]")
        assert page.get_attribute("button[data-language=zh]", "aria-pressed") == "true"
        assert page.inner_text("body") == other.inner_text("body")
        page.click("button[data-language=en]")
        assert page.inner_text("body") == before


# Every reader


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phone_never_scrolls_sideways(reader, record, lang):
    with reader(record, f"?lang={lang}", PHONE) as page:
        find(page, csv_rows(record["drawn.csv"])[0]["site_id"])
        for summary in page.locator("summary").all():
            summary.click()
        for name in ("drawn", "teams", "schedule", "coverage", "visits"):
            page.select_option("#list", name)
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_keyboard_alone_is_enough(reader, record):
    site = csv_rows(record["drawn.csv"])[0]["site_id"]
    with reader(record) as page:
        page.keyboard.press("Tab")
        assert page.inner_text(":focus") == "To the verdict"
        page.keyboard.press("Enter")
        for _ in range(9):
            page.keyboard.press("Tab")
            ring = page.eval_on_selector(":focus", "node => getComputedStyle(node).outlineStyle")
            assert ring == "solid"
            if page.evaluate("document.activeElement.id") == "site":
                break
        page.keyboard.type(site)
        page.keyboard.press("Enter")
        page.wait_for_selector(".result")
        assert site in page.inner_text(".result")


def test_controls_have_names_and_news_is_spoken(reader, record):
    with reader(record) as page:
        find(page, "S0001")
        assert page.evaluate(NAMES) == []
        assert page.locator("#verdict[role=status], .answer[role=status]").count() == 2
        assert page.locator("main section:not([aria-labelledby]):not([aria-label])").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(reader, record, scheme):
    with reader({**record, "teams.csv": b""}) as page:
        page.emulate_media(color_scheme=scheme)
        find(page, "S0001")
        assert page.evaluate(CONTRASTS) >= 4.5  # WCAG 2.2, 1.4.3


def test_on_paper_stand_the_verdicts_and_the_whole_list(reader, record):
    with reader(record) as page:
        page.select_option("#list", "teams")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("tbody tr").count() == len(csv_rows(record["teams.csv"]))
        assert (
            page.locator("input:visible, button:visible:not(.link), textarea:visible").count() == 0
        )
        assert page.is_visible("#steps li >> nth=20")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("tbody tr").count() == 50


def test_nothing_leaves_the_page(browser, record, tmp_path):
    path = tmp_path / "record.html"
    path.write_bytes(html_of(record, now=datetime.now(UTC)))
    page = browser.new_page()
    asked, told = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: told.append(said.text))
    page.goto(path.as_uri())
    page.wait_for_selector("#steps li")
    find(page, "S0001")
    assert asked[0] == path.as_uri()
    assert {re.match("[a-z]+:", url)[0] for url in asked[1:]} <= {"blob:", "data:"}
    # Not even a script that got in could: the policy of the page forbids it.
    attempt = "fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"
    assert page.evaluate(attempt) == "refused"
    assert any("Content Security Policy" in text for text in told)
    page.close()


def test_a_check_that_takes_too_long_is_stopped(browser, record, tmp_path):
    """The work is thrown away at once; another check begins anew."""
    path = tmp_path / "slow.html"
    path.write_bytes(html_of(record, now=datetime.now(UTC)))
    page = browser.new_page()
    page.add_init_script("""
        const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = () => {};
        globalThis.onward = () => { Worker.prototype.postMessage = post; };
    """)
    page.goto(path.as_uri() + "?lang=en")
    page.click("#check button")
    assert page.inner_text("#verdict") == "? not shown stopped: nothing was decided"
    assert not page.is_visible("#check progress")
    page.evaluate("onward()")
    assert page.evaluate("fairlot.ask('beacon', {}, {}).then((answer) => 'refused' in answer)")
    page.close()
