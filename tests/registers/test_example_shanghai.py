"""The shanghai example: every count of its specification, and that its default plan has hands."""

from collections import Counter
from random import Random

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from fairlot._base.errors import InvalidInput
from fairlot.registers import shanghai, uscc
from fairlot.registers.columns import REGISTERS
from fairlot.registers.examples import folder

AS_OF, FIRST_VISIT, LAST_VISIT = "2024-07-01", "2024-08-01", "2024-11-30"

BUREAUX = {
    "310115": 210, "310112": 165, "310114": 120, "310117": 110, "310113": 105, "310104": 90,
    "310120": 75, "310106": 70, "310110": 55, "310107": 50, "310118": 50, "310116": 35,
    "310105": 20, "310109": 15, "310101": 10, "310151": 10, "LGXPQ": 8, "JCFJ": 2,
}  # fmt: skip
SECTORS = {
    "生态环境监测": 190, "建筑工程": 150, "食品检验": 130, "建筑材料": 130, "机动车检验": 110,
    "材料测试": 90, "其他": 90, "电子电器": 80, "卫生疾控": 55, "医疗器械": 45, "计量校准": 40,
    "水质": 35, "防疫物资检测": 20, "农林牧渔": 20, "司法鉴定": 15,
}  # fmt: skip
KEY = ["防疫物资检测", "机动车检验", "生态环境监测", "食品检验"]
REGISTER_FILES = {
    "sites": "institutions", "officers": "officers", "experts": "experts",
    "conflicts": "conflicts", "absences": "absences", "items": "items", "history": "history",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    return shanghai.generate()


@pytest.fixture(scope="module")
def sites(tables):
    return tables["institutions"]


def numbers(column):
    return column.astype("int64")


# What is shipped is what the generator makes.


def test_the_shipped_files_are_what_the_seed_gives(tmp_path, tables):
    shanghai.write(tmp_path, tables)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in folder("shanghai").glob("*.csv")}
    assert sorted(made) == sorted(shipped)
    assert [name for name in made if made[name] != shipped[name]] == []


def test_the_files_are_plain_and_small():
    files = list(folder("shanghai").glob("*.csv"))
    assert sum(path.stat().st_size for path in files) < 1_200_000
    assert not any(b"\r" in path.read_bytes() for path in files)
    assert not any(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in files)


def test_another_seed_gives_another_city_with_the_same_counts(sites):
    other = shanghai.generate(seed=1)["institutions"]
    assert (other["sector"] != sites["sector"]).any()
    for column in ("bureau_id", "sector", "credit_class", "status", "is_key", "listed"):
        assert Counter(other[column]) == Counter(sites[column])


@pytest.mark.parametrize("kind", REGISTER_FILES)
def test_columns_are_those_of_the_register(tables, kind):
    known = [column.name for column in REGISTERS[kind]]
    got = list(tables[REGISTER_FILES[kind]].columns)
    assert got == [name for name in known if name in got]


def test_what_cannot_be_made_is_refused():
    with pytest.raises(InvalidInput, match="scale is 50; want 1 to 49"):
        shanghai.generate(scale=50)
    with pytest.raises(InvalidInput, match="officers_per is 0; want at least 1"):
        shanghai.generate(officers_per=0)


# Sites.


def test_bureaux(sites):
    assert Counter(sites["bureau_id"]) == BUREAUX
    assert sites["site_id"].is_unique
    ordinary = sites[sites["bureau_id"].str.isdigit()]
    assert (ordinary["division_code"] == ordinary["bureau_id"]).all()
    assert set(sites.loc[sites["bureau_id"] == "LGXPQ", "division_code"]) == {"310115", "310120"}
    assert set(sites.loc[sites["bureau_id"] == "JCFJ", "division_code"]) == {"310115", "310105"}
    assert (sites.groupby("bureau_id")["station_id"].nunique() >= 2).all()


def test_sectors(sites):
    assert Counter(sites["sector"]) == SECTORS
    assert ((sites["is_key"] == "true") == sites["sector"].isin(KEY)).all()
    assert (sites["is_key"] == "true").sum() == 450
    assert (sites["sector2"] != "").sum() == 216  # 18 %
    assert (sites["sector2"] != sites["sector"]).all()
    assert (sites.groupby("bureau_id")["is_key"].max() == "true").all()


def test_credit(sites):
    vehicles = sites["sector"] == "机动车检验"
    rated = sites["credit_class"] != ""
    assert Counter(sites.loc[vehicles, "credit_class"]) == {"A": 15, "B": 81, "C": 14}
    others = Counter(sites.loc[rated & ~vehicles, "credit_class"])
    assert others == {"A": 105, "B": 333, "C": 69, "D": 21}  # 20, 63, 13 and 4 %
    assert rated[sites["is_key"] == "true"].all()
    assert rated[sites["is_key"] == "false"].sum() == 188  # a quarter of 750, rounded up
    for column in ("credit_scheme", "credit_as_of"):
        assert ((sites[column] != "") == rated).all()


def test_owners(sites):
    owned = Counter(Counter(sites["uscc"]).values())
    assert owned == {1: 1035, 2: 18, 3: 19, 4: 18}  # 55 of 1,090 owners have 2 to 4 sites
    assert all(uscc.passes(code) for code in sites["uscc"])
    assert sites["uscc"].str[8:12].eq("MA9Y").all()
    assert (sites["registered_division"] != sites["division_code"]).sum() == 72  # 6 %
    same = sites.groupby("uscc")[["legal_form", "registered_division"]].nunique()
    assert (same == 1).all(axis=None)
    assert sites["name"].str.fullmatch("示例检测第[0-9]{4}号（..）").all()
    assert (sites["synthetic"] == "true").all()


def test_an_owner_may_have_sites_in_two_bureaux(sites):
    assert (sites.groupby("uscc")["bureau_id"].nunique() > 1).sum() >= 10


def test_certificates(sites):
    blank = sites["cma_no"] == ""
    assert blank.sum() == 96  # 8 %
    assert (~blank & (sites["cma_expiry"] < AS_OF)).sum() == 36  # 3 %
    assert (sites.loc[blank, ["cma_issue", "cma_expiry"]] == "").all(axis=None)
    held = sites[~blank]
    assert held["cma_no"].is_unique
    assert held["cma_no"].str.fullmatch("[0-9]{2}09[0-9]{2}11[0-9]{4}").all()
    years = pd.to_datetime(held["cma_issue"]) + pd.DateOffset(years=6, days=-1)
    leap = held["cma_issue"].str.endswith("02-29")
    assert (years.dt.strftime("%Y-%m-%d") == held["cma_expiry"])[~leap].all()


def test_conduct(sites):
    score = sites["risk_score"].astype(float)
    assert score.between(0, 100).all()
    assert score.groupby(sites["credit_class"]).mean()[["A", "B", "C", "D"]].is_monotonic_increasing
    assert (sites["listed"] == "true").sum() == 5
    listed = sites[sites["listed"] == "true"]
    assert set(listed["credit_class"]) == {"D"}
    assert (numbers(listed["penalties_36m"]) >= 1).all()
    assert set(sites["pt_last"]) == {"满意", "可疑", "不满意", "未参加"}
    assert Counter(sites["status"]) == {"存续": 1164, "注销": 12, "迁出": 12, "停业": 12}
    assert (sites["commitment_date"] != "").sum() == 96


@pytest.mark.parametrize(("credit", "rate"), [("A", 0.3), ("B", 0.6), ("C", 1.5), ("D", 4.0)])
def test_complaints_are_poisson(sites, credit, rate):
    counts = numbers(sites.loc[sites["credit_class"] == credit, "complaints_12m"])
    # The seed is fixed; for a random one the total strays so far once in a thousand times.
    assert abs(counts.sum() - rate * len(counts)) <= 3.3 * np.sqrt(rate * len(counts))


def test_staff_is_log_normal_with_median_35(sites):
    staff = numbers(sites["staff"])
    # Order statistics 600 +- 3.3 * sqrt(300) of 1,200 hold the median but once in a thousand.
    assert np.sort(staff)[543] <= 35 <= np.sort(staff)[657]
    assert staff.mean() > 1.3 * staff.median()


# People.


def test_officers_per_bureau(tables):
    officers = tables["officers"]
    count = Counter(officers["bureau_id"])
    special = {"LGXPQ": 4, "JCFJ": 2}
    for bureau, n in BUREAUX.items():
        assert count[bureau] == special.get(bureau, max(2, round(n / 6)))
    assert len(officers) == 260
    assert officers["officer_id"].is_unique
    assert (officers["license_expiry"] < AS_OF).sum() == 10  # 4 %
    assert numbers(officers["max_tasks"]).between(2, 12).all()
    assert set(officers["level"]) == {"市", "区", "所"}
    assert (officers["department"] != "市场监管").sum() == 36


def test_the_airport_has_two_officers_and_not_one_task_to_spare(tables):
    airport = tables["officers"].query("bureau_id == 'JCFJ'")
    assert list(airport["max_tasks"]) == ["2", "2"]


def test_every_site_can_count_on_three_specialists_of_its_bureau(tables, sites):
    staff = available(tables)
    for site in sites.itertuples():
        own = staff[staff["bureau_id"] == site.bureau_id]
        skilled = own["skills"].map(lambda skills, s=site.sector: s in skills.split(";"))
        elsewhere = (own["station_id"] == "") | (own["station_id"] != site.station_id)
        want = min(3, len(own))
        assert (skilled & elsewhere).sum() >= want, site.site_id


def test_experts(tables, sites):
    experts = tables["experts"]
    assert len(experts) == 90
    assert experts["employer_uscc"].isin(sites["uscc"]).sum() == 54  # 60 %
    assert all(uscc.passes(code) for code in experts["employer_uscc"])
    assert set(experts["region"]) == set("沪苏浙皖")


def test_conflicts(tables, sites):
    conflicts = tables["conflicts"]
    people = tables["officers"].set_index("officer_id")["bureau_id"]
    pairs = sum(n * (people == bureau).sum() for bureau, n in BUREAUX.items())
    own = conflicts[conflicts["person_id"].isin(people.index)]
    assert 380 <= len(conflicts) <= 420
    assert 0.015 <= len(own) / pairs <= 0.02
    assert set(conflicts["kind"]) == {
        "本人利害关系", "近亲属", "曾任职(3年内)", "咨询关系", "评审过", "竞争机构", "同所管辖", "申请回避",
    }  # fmt: skip
    assert set(conflicts["source"]) == {"申报", "申请", "核查"}
    by_code = conflicts["target"].isin(sites["uscc"])
    assert (by_code | conflicts["target"].isin(sites["site_id"])).all()
    assert by_code.sum() > 50
    ended = (conflicts["valid_to"] != "") & (conflicts["valid_to"] < AS_OF)
    assert ended.sum() >= 20
    forever = conflicts["valid_to"] == ""
    assert (forever | (conflicts["valid_to"] >= conflicts["valid_from"])).all()


def test_absences(tables):
    absences = tables["absences"]
    assert len(absences) == 36
    assert absences["officer_id"].isin(tables["officers"]["officer_id"]).all()
    assert (absences["absent_from"] <= absences["absent_to"]).all()
    assert (absences["absent_to"] < AS_OF).sum() == 16


# The past.


def test_history_agrees_with_the_roster(tables, sites):
    history = tables["history"]
    assert history["visited"].between("2021-07-01", "2024-06-30").all()
    assert set(history["origin"]) == {"随机抽取", "全覆盖", "投诉", "专项", "联合"}
    last = history.groupby("site_id")["visited"].max()
    assert (sites["site_id"].map(last).fillna("") == sites["last_inspected"]).all()
    this_year = history[history["visited"] >= "2024-01-01"]["site_id"].value_counts()
    assert (sites["site_id"].map(this_year).fillna(0) == numbers(sites["visits_ytd"])).all()
    assert not history.duplicated(["site_id", "visited", "origin"]).any()


def test_every_visit_was_made_by_two_officers_of_the_bureau(tables, sites):
    bureau = sites.set_index("site_id")["bureau_id"]
    home = tables["officers"].set_index("officer_id")["bureau_id"]
    for site, team in zip(tables["history"]["site_id"], tables["history"]["officers"], strict=True):
        first, second = team.split(";")
        assert first != second
        assert home[first] == home[second] == bureau[site]


def test_truth_is_kept_apart_from_the_roster(tables, sites):
    truth = tables["truth"]
    assert (truth["site_id"] == sites["site_id"]).all()
    assert "violation" not in sites.columns
    broken = truth["violation"] == "true"
    for credit, rate in {"A": 0.12, "B": 0.25, "C": 0.45, "D": 0.70, "": 0.25}.items():
        group = broken[sites["credit_class"] == credit]
        # The seed is fixed; for a random one a class strays so far once in a thousand times.
        assert abs(group.sum() - rate * len(group)) <= 3.3 * np.sqrt(rate * (1 - rate) * len(group))


def test_proficiency_rounds(tables):
    rounds = tables["pt_results"]
    labs = rounds[rounds["lab_code"] != "REF"].groupby("round_id")
    assert labs["lab_code"].nunique().to_dict() == {"2024-01": 38, "2024-02": 6}
    assert labs["level"].nunique().to_dict() == {"2024-01": 2, "2024-02": 1}
    assert len(rounds) == 38 * 2 + 6 + 1
    assert rounds["value"].astype(float).gt(0).all()


def test_items(tables):
    items = tables["items"]
    assert len(items) == 12
    assert (items["ratio_min"].astype(float) <= items["ratio_max"].astype(float)).all()
    assert items.loc[items["item_id"] == "JC01", "ratio_min"].item() == "0.15"
    covered = items[items["key_item"] == "true"]
    assert sorted(covered["sector"]) == sorted(KEY)
    assert (covered["ratio_min"] == "1").all()


# Whether the default plan can be staffed: a slow truth, by maximum flow.


def available(tables):
    officers, absences = tables["officers"], tables["absences"]
    away = absences.query("absent_to >= @FIRST_VISIT and absent_from <= @LAST_VISIT")
    return officers[
        (officers["active"] == "true")
        & (officers["license_expiry"] >= LAST_VISIT)
        & ~officers["officer_id"].isin(away["officer_id"])
    ]


def barred_pairs(tables):
    conflicts = tables["conflicts"]
    open_ended = conflicts["valid_to"] == ""
    live = conflicts[open_ended | (conflicts["valid_to"] >= FIRST_VISIT)]
    return set(zip(live["person_id"], live["target"], strict=True))


def unstaffed(sites, officers, barred):
    """Return how many seats stay empty: each site wants one specialist and one more officer."""
    nodes: dict[object, int] = {"source": 0, "sink": 1}
    edges: dict[tuple[int, int], int] = {}

    def edge(a, b, capacity):
        a, b = (nodes.setdefault(name, len(nodes)) for name in (a, b))
        edges[a, b] = capacity

    for officer in officers.itertuples():
        edge("source", officer.officer_id, int(officer.max_tasks))
    for site in sites.itertuples():
        edge(("skilled", site.site_id), "sink", 1)
        edge(("any", site.site_id), "sink", 1)
        for officer in officers.itertuples():
            pair = (officer.officer_id, site.site_id)
            if officer.station_id and officer.station_id == site.station_id:
                continue
            if barred & {pair, (officer.officer_id, site.uscc)}:
                continue
            # A node of its own lets an officer take one seat of the site, never both.
            edge(officer.officer_id, pair, 1)
            edge(pair, ("any", site.site_id), 1)
            if site.sector in officer.skills.split(";"):
                edge(pair, ("skilled", site.site_id), 1)
    rows, columns = zip(*edges, strict=True)
    shape = (len(nodes), len(nodes))
    graph = csr_array((np.array(list(edges.values()), np.int32), (rows, columns)), shape=shape)
    return 2 * len(sites) - maximum_flow(graph.tocsr(), 0, 1).flow_value


def selections(sites, count):
    """Return ``count`` possible draws: every key site, and 15 % of the others at random."""
    live = sites[sites["status"] == "存续"]
    key, rest = live[live["is_key"] == "true"], live[live["is_key"] == "false"]
    chance = Random(7)
    share = -(-len(rest) * 15 // 100)
    for _ in range(count):
        yield pd.concat([key, rest.iloc[sorted(chance.sample(range(len(rest)), share))]])


@pytest.mark.parametrize("bureau", [b for b in BUREAUX if b != "310151"])
def test_every_other_bureau_can_staff_the_plan_with_its_own_officers(tables, sites, bureau):
    own = available(tables).query("bureau_id == @bureau")
    for drawn in selections(sites[sites["bureau_id"] == bureau], 5):
        assert unstaffed(drawn, own, barred_pairs(tables)) == 0


def test_one_bureau_cannot_and_its_neighbour_cures_it(tables, sites):
    staff, barred = available(tables), barred_pairs(tables)
    own = staff.query("bureau_id == '310151'")
    helped = staff.query("bureau_id in ('310151', '310115')")
    for drawn in selections(sites[sites["bureau_id"] == "310151"], 5):
        assert unstaffed(drawn, own, barred) == 1
        assert unstaffed(drawn, helped, barred) == 0


def test_the_neighbour_has_hands_to_spare(tables, sites):
    staff, barred = available(tables), barred_pairs(tables)
    both = ["310151", "310115"]
    helped = staff[staff["bureau_id"].isin(both)]
    drawn = next(selections(sites[sites["bureau_id"].isin(both)], 1))
    assert unstaffed(drawn, helped, barred) == 0


# Size.


def test_more_cities_keep_ids_apart_and_the_first_city_unchanged(sites):
    two = shanghai.generate(scale=2)
    assert two["institutions"].iloc[:1200].equals(sites)
    second = two["institutions"].iloc[1200:]
    assert Counter(second["bureau_id"]) == {f"{b}-02": n for b, n in BUREAUX.items()}
    keys = {"institutions": "site_id", "officers": "officer_id", "experts": "expert_id"}
    for name, column in keys.items():
        assert two[name][column].is_unique
    assert not set(second["uscc"]) & set(sites["uscc"])
    assert len(two["officers"]) == 260 + 204


def test_fewer_officers_carry_more_tasks():
    officers = shanghai.generate(officers_per=12)["officers"]
    district = officers[officers["level"] != "市"]
    assert len(district) == 110
    assert numbers(district["max_tasks"]).max() > 12
