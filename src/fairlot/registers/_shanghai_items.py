"""检查事项清单 of the shanghai example: twelve items with their basis.

The bases, the 15 % and the full coverage are real; every other ratio is invented.
"""

from fairlot.registers._shanghai_facts import Table

__all__ = ["ITEMS"]

GUIDANCE = "沪市监认检〔2021〕529号"
ACT = "《上海市检验检测条例》"
MEASURES = "《检验检测机构监督管理办法》"

COLUMNS = ("item_id", "name", "object", "sector", "basis", "ratio_min", "ratio_max",
           "departments", "method", "key_item")  # fmt: skip

ROWS = (
    ("JC01", "检验检测机构资质认定监督检查", "依法应当取得资质认定的检验检测机构", "",
     f"{MEASURES}；{GUIDANCE}三（二）1", "0.15", "1", "市场监管", "现场检查;文件检查", "false"),
    ("JC02", "检验检测机构信用分类监督检查", "对外从事检验检测活动的其他检验检测机构", "",
     f"{ACT}第三十一条、第三十三条；《上海市优化营商环境条例》第七十条",
     "0.15", "1", "市场监管", "现场检查;文件检查", "false"),
    ("JC03", "生态环境监测机构全覆盖检查", "生态环境监测机构", "生态环境监测",
     f"{GUIDANCE}三（二）2；{ACT}第三十条", "1", "1", "市场监管;生态环境", "现场检查", "true"),
    ("JC04", "机动车检验机构全覆盖检查", "机动车检验机构", "机动车检验",
     f"{GUIDANCE}三（二）2；{ACT}第三十条", "1", "1", "市场监管;公安;生态环境;道路运输",
     "现场检查", "true"),
    ("JC05", "食品检验机构全覆盖检查", "食品检验机构", "食品检验",
     f"{GUIDANCE}三（二）2", "1", "1", "市场监管", "现场检查", "true"),
    ("JC06", "防疫物资检测机构全覆盖检查", "防疫物资检测机构", "防疫物资检测",
     f"{GUIDANCE}三（二）2", "1", "1", "市场监管;药品监管", "现场检查", "true"),
    ("JC07", "司法鉴定机构联合检查", "司法鉴定机构", "司法鉴定",
     f"{GUIDANCE}二（三）1；{ACT}第三十条", "0.05", "0.5", "市场监管;司法行政", "现场检查", "false"),
    ("JC08", "农产品检验机构联合检查", "农林牧渔检验检测机构", "农林牧渔",
     f"{GUIDANCE}二（三）1；{ACT}第三十条", "0.05", "0.5", "市场监管;农业农村", "现场检查", "false"),
    ("JC09", "建筑与人防工程检测机构联合检查", "建筑工程、建筑材料检测机构", "建筑工程;建筑材料",
     f"{GUIDANCE}二（三）1；{ACT}第三十条", "0.05", "0.5", "市场监管;人防", "现场检查", "false"),
    ("JC10", "资质认定告知承诺后续监管", "以告知承诺方式取得资质认定的机构", "",
     f"{GUIDANCE}三（一）；《检验检测机构资质认定管理办法》", "1", "1", "市场监管",
     "文件检查;现场检查", "false"),
    ("JC11", "能力验证现场技术核查", "能力验证参加机构", "",
     f"{GUIDANCE}三（三）1；{ACT}第十一条", "0.2", "0.5", "市场监管", "现场检查", "false"),
    ("JC12", "日常风险监测", "辖区内检验检测机构", "",
     f"{GUIDANCE}三（二）3", "1", "1", "市场监管", "现场检查;文件检查", "false"),
)  # fmt: skip

ITEMS: Table = {name: [row[i] for row in ROWS] for i, name in enumerate(COLUMNS)}
