"""What is said of the results of a proficiency test: code, severity, English, Chinese sentence."""

from fairlot.registers.sentences_of_cells import Sentence

__all__ = ["OF_RESULTS"]

OF_RESULTS: dict[str, Sentence] = {
    "result": (
        "error",
        "'{got}' is no result; want {want}",
        "“{got}” 不是检测结果，应如 {want}",
    ),
    "result_form": (
        "repair",
        "'{got}' is read as {want}",
        "“{got}” 读作 {want}",
    ),
    "result_decimal_comma": (
        "repair",
        "'{got}' has a comma for a decimal point; read as {want}",
        "“{got}” 以逗号作小数点，读作 {want}",
    ),
    "result_comma": (
        "error",
        "'{got}' may be thousands or decimals; want {want}",
        "“{got}” 中的逗号可能是千分位，也可能是小数点，应写作 {want}",
    ),
    "result_interval": (
        "error",
        "'{got}' carries its uncertainty; want {want} here, and the rest in a column U with its k",
        "“{got}” 带有不确定度，此处应为 {want}，不确定度应填入 U 列并给出 k",
    ),
    "result_above": (
        "error",
        "'{got}' is an upper limit that cannot be scored; want {want}",
        "“{got}” 为大于某值的结果，无法评分，应如 {want}",
    ),
    "result_limit": (
        "error",
        "'{got}' has a limit that is not above 0; want {want}",
        "“{got}” 的检出限应大于 0，如 {want}",
    ),
    "result_rounded": (
        "warning",
        "'{got}' has fewer decimals than the scheme asks for ({want}); scored as reported",
        "“{got}” 的小数位数少于方案规定（{want} 位），按上报值评分",
    ),
    "value_missing": (
        "error",
        "no column holds the results; unread are {got}; want one called {want}",
        "没有检测结果列，未识别的列为 {got}，应有 {want}",
    ),
    "header_read": (
        "repair",
        "the column '{got}' is read as {want}",
        "“{got}” 列读作 {want}",
    ),
    "header_level": (
        "error",
        "'{got}' begins like a measurand of the scheme; want {want}",
        "表头 “{got}” 以方案中的检测参数开头，应写作 {want}",
    ),
    "uncertainty_of_many": (
        "error",
        "the column '{got}' cannot be the uncertainty of several results; "
        "want one for each, such as '{want}'",
        "“{got}” 列不能是多个结果共同的不确定度，应逐项给出，如 “{want}”",
    ),
    "unit_mixed": (
        "error",
        "the scheme has no unit for it, and results are in {got}; want the unit in the scheme",
        "方案未规定计量单位，而上报结果有 {got}，应在方案中规定单位",
    ),
    "unit_blank": (
        "error",
        "the result has no unit, and others have; want {want}",
        "该结果未填计量单位，而其他结果已填，应为 {want}",
    ),
    "units_unstated": (
        "warning",
        "results without a unit: {got}; taken in that of the scheme, {want}",
        "{got} 个结果未给出计量单位，按方案规定的 {want} 处理",
    ),
    "unit_unknown": (
        "error",
        "the unit '{got}' differs by no known power of ten; want {want}",
        "计量单位 “{got}” 无法按十的幂换算，应为 {want}",
    ),
    "unit_twice": (
        "error",
        "the result carries the unit '{got}'; want '{want}' as in the unit column",
        "结果中写明的单位为 “{got}”，应与单位列一致，为 “{want}”",
    ),
    "unit_converted": (
        "repair",
        "the unit {got} was turned into {want}",
        "计量单位由 {got} 换算为 {want}",
    ),
    "uncertainty": (
        "error",
        "the uncertainty is {got}; want a number above 0",
        "不确定度为 {got}，应为大于 0 的数",
    ),
    "uncertainty_relative": (
        "error",
        "'{got}' is a share of the result; want an amount, in {want}",
        "“{got}” 为相对不确定度，应为绝对值，单位为 {want}",
    ),
    "expanded_without_k": (
        "error",
        "the expanded uncertainty {got} has no coverage factor k; want k, such as {want}",
        "扩展不确定度 {got} 未给出包含因子 k，应给出，如 {want}",
    ),
    "uncertainty_twice": (
        "error",
        "u, U and k do not agree: {got}; want U = k u",
        "u、U 与 k 不一致：{got}，应满足 U = k u",
    ),
    "coverage_factor": (
        "error",
        "the coverage factor is {got}; want {want}",
        "包含因子为 {got}，应为 {want}",
    ),
    "attempt": (
        "error",
        "'{got}' is no stage of the round; want {want}",
        "“{got}” 不是测试阶段，应为 {want}",
    ),
    "replicate_absent": (
        "warning",
        "the replicate is empty; the result is made of the others",
        "该重复测定为空，结果由其余重复测定得出",
    ),
    "level_alike": (
        "error",
        "'{got}' differs from {want} by nothing but case and spaces; want {want}",
        "“{got}” 与 {want} 仅大小写或空格不同，应统一为 {want}",
    ),
    "sheet_alike": (
        "error",
        "the sheet '{got}' has results too and only the first sheet is read; want all in one sheet",
        "工作表 “{got}” 中也有检测结果，而只读取第一个工作表，应合并到一个工作表",
    ),
    "level_unreported": (
        "warning",
        "nothing is reported for {got}; the laboratory stands there as absent",
        "未上报 {got}，按缺席处理",
    ),
    "participant_unknown": (
        "error",
        "'{got}' is no participant; want {want}",
        "“{got}” 不在参加者名单中，应为 {want}",
    ),
    "result_repeated": (
        "error",
        "the laboratory reports the same measurand, level, stage and replicate "
        "in rows {got}; want it once",
        "同一实验室的同一参数、样品、阶段和重复号出现在第 {got} 行，只应出现一次",
    ),
    "other_rounds": (
        "warning",
        "{got} results are left out, being of another round; want {want} in the round column",
        "有 {got} 个结果属于其他轮次，未计入，轮次列应为 {want}",
    ),
    "measurand_unknown": (
        "error",
        "the scheme has no measurand '{got}'; want one of {want}",
        "方案中没有检测参数 “{got}”，应为 {want} 之一",
    ),
    "no_results": (
        "error",
        "there are no results; want a row for each",
        "没有检测结果，每个结果应有一行",
    ),
    "measurand_without_results": (
        "warning",
        "nobody reported '{got}' of the scheme",
        "方案中的 “{got}” 无人上报",
    ),
    "laboratory_named_twice": (
        "warning",
        "the laboratory is named in different ways: {got}",
        "同一实验室有不同的名称：{got}",
    ),
}
