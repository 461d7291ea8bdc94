"""What each register holds: its columns, their Chinese headers and how a cell is read.

A register is one of seven tables of the 名录库. A column is known by its field name or by any of
its Chinese headers; everything else in a file is left alone and said so.
"""

from dataclasses import dataclass

__all__ = ["KINDS", "REGISTERS", "Column", "key"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its Chinese headers (the first is used in reports), how it is read.

    ``read`` is one of: id, code, uscc, text, list, sector, sectors, credit, status, date, integer,
    decimal, flag. A ``required`` column must be there and filled in every row.
    """

    name: str
    zh: tuple[str, ...]
    read: str = "text"
    required: bool = False
    default: str = ""


def _c(name: str, zh: str, read: str = "text", need: str = "", default: str = "") -> Column:
    return Column(name, tuple(zh.split("|")), read, need == "required", default)


REGISTERS: dict[str, tuple[Column, ...]] = {
    "sites": (
        _c("site_id", "场所编号|机构编号", "id", "required"),
        _c("uscc", "统一社会信用代码|统一社会信用代码/注册号|社会信用代码", "uscc"),
        _c("name", "机构名称|名称|单位名称|企业名称"),
        _c("legal_form", "机构性质|法人类型"),
        _c("site_address", "检验检测场所地址|地址"),
        _c("division_code", "行政区划代码|行政区划"),
        _c("bureau_id", "监管机关|监管机关代码", "id", "required"),
        _c("station_id", "市场监管所|监管所", "id"),
        _c("registered_division", "登记地区划代码|注册地区划"),
        _c("cma_no", "资质认定证书编号|证书编号"),
        _c("cma_issue", "发证日期|证书发证日期", "date"),
        _c("cma_expiry", "证书有效期至|有效期至", "date"),
        _c("sector", "领域|检验检测领域|专业领域", "sector", "required"),
        _c("sector2", "第二领域|其他领域", "sector"),
        _c("is_key", "重点领域|是否重点领域", "flag"),
        _c("credit_scheme", "评价方案|信用评价方案"),
        _c("credit_class", "信用等级|信用类别", "credit"),
        _c("credit_as_of", "评价日期|信用评价日期", "date"),
        _c("risk_score", "风险得分|风险分值", "decimal"),
        _c("complaints_12m", "近12月投诉数|投诉数", "integer", default="0"),
        _c("penalties_36m", "近36月处罚数|处罚数", "integer", default="0"),
        _c("listed", "严重违法失信|列入严重违法失信名单", "flag"),
        _c("pt_last", "最近能力验证结果|能力验证结果"),
        _c("commitment_date", "告知承诺日期", "date"),
        _c("commitment_kind", "告知承诺检查方式|后续监管方式"),
        _c("staff", "人员数|从业人数", "integer"),
        _c("reports_per_year", "年报告数|年出具报告数", "integer"),
        _c("last_inspected", "上次检查日期|最近检查日期", "date"),
        _c("visits_ytd", "本年已检查次数|本年检查次数", "integer", default="0"),
        _c("status", "登记状态|经营状态", "status", default="存续"),
        _c("synthetic", "虚构数据|是否虚构", "flag"),
    ),
    "officers": (
        _c("officer_id", "工号|单位工号|人员编号", "id", "required"),
        _c("bureau_id", "工作单位|所属机关|监管机关", "id", "required"),
        _c("station_id", "市场监管所|所属所队", "id"),
        _c("level", "层级"),
        _c("department", "部门", default="市场监管"),
        _c("license_no", "执法证号|执法证编号"),
        _c("license_expiry", "执法证有效期|执法证有效期至", "date", "required"),
        _c("skills", "专业领域|专业特长", "sectors"),
        _c("seniority", "职级|资历", "integer", default="0"),
        _c("max_tasks", "任务上限|最大任务数", "integer", "required"),
        _c("min_tasks", "任务下限|最小任务数", "integer", default="0"),
        _c("active", "人员状态|在岗", "flag", default="true"),
    ),
    "experts": (
        _c("expert_id", "专家编号|专家工号", "id", "required"),
        _c("employer_uscc", "所在单位统一社会信用代码|工作单位统一社会信用代码", "uscc"),
        _c("skills", "专业领域|专业特长", "sectors"),
        _c("region", "地区|所在地区"),
    ),
    "conflicts": (
        _c("person_id", "人员编号|工号|单位工号", "id", "required"),
        _c("target", "对象|场所编号|统一社会信用代码|统一社会信用代码/场所编号", "id", "required"),
        _c("kind", "关系类型|回避事由", "text", "required"),
        _c("valid_from", "起|开始日期|生效日期", "date"),
        _c("valid_to", "止|结束日期|失效日期", "date"),
        _c("source", "来源"),
    ),
    "absences": (
        _c("officer_id", "工号|单位工号|人员编号", "id", "required"),
        _c("absent_from", "缺勤起|开始日期", "date", "required"),
        _c("absent_to", "缺勤止|结束日期", "date", "required"),
        _c("reason", "事由|原因"),
    ),
    "items": (
        _c("item_id", "事项编号|抽查事项编号", "id", "required"),
        _c("name", "事项名称|抽查事项", "text", "required"),
        _c("object", "检查对象|抽查对象"),
        _c("sector", "领域|适用领域", "sectors"),
        _c("basis", "检查依据|法律依据", "text", "required"),
        _c("ratio_min", "抽查比例下限|最低抽查比例", "decimal"),
        _c("ratio_max", "抽查比例上限|最高抽查比例", "decimal"),
        _c("departments", "参与部门|检查主体", "list"),
        _c("method", "检查方式"),
        _c("key_item", "重点事项|是否重点事项", "flag"),
    ),
    "history": (
        _c("site_id", "场所编号|机构编号", "id", "required"),
        _c("visited", "检查日期|检查完成日期", "date", "required"),
        _c("origin", "检查来源|抽查类型"),
        _c("outcome", "检查结果"),
        _c("officers", "检查人员", "list"),
    ),
}
"""Every register by its kind; the first column of sites, officers, experts, items is their key."""

KINDS = tuple(REGISTERS)

_KEYED = {"sites", "officers", "experts", "items"}


def key(kind: str) -> str | None:
    """Return the name of the column that must not repeat, or None where rows have no key.

    >>> key("sites"), key("history")
    ('site_id', None)
    """
    return REGISTERS[kind][0].name if kind in _KEYED else None
