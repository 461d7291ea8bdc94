"""What is said of a file, a header and a cell: code, severity, English sentence, Chinese sentence."""

from typing import Literal

__all__ = ["OF_CELLS", "Sentence", "Severity"]

Severity = Literal["error", "warning", "repair"]

Sentence = tuple[Severity, str, str]

OF_CELLS: dict[str, Sentence] = {
    # The file.
    "encoding": (
        "repair",
        "the file is written in {got}; want {want}",
        "文件编码为 {got}，应为 {want}",
    ),
    "encoding_unknown": (
        "error",
        "the file is neither UTF-8 nor GB18030; want {want}",
        "文件既非 UTF-8 也非 GB18030 编码，应为 {want}",
    ),
    "file_empty": (
        "error",
        "the file is empty; want a header and rows",
        "文件没有内容，应有表头和数据行",
    ),
    "rows_none": (
        "warning",
        "the table has a header and no rows",
        "只有表头，没有数据行",
    ),
    "file_kind": (
        "error",
        "the file is not the table its name says: {got}; want {want}",
        "文件内容与扩展名不符：{got}，应为 {want}",
    ),
    "file_large": (
        "error",
        "the file has {got} bytes; want at most {want}",
        "文件有 {got} 字节，最多 {want} 字节",
    ),
    "rows_many": (
        "error",
        "the table has more rows than can be read; want at most {want}",
        "表的行数过多，最多 {want} 行",
    ),
    "nul": (
        "error",
        "the row holds a NUL byte; want text: save the table again as CSV in UTF-8",
        "该行含有空字节（NUL），应为文本：请重新另存为 UTF-8 编码的 CSV",
    ),
    "csv_syntax": (
        "error",
        "the row cannot be read: {got}; want fields in matching double quotes",
        "该行无法解析：{got}，引号应成对",
    ),
    "ragged": (
        "error",
        "the row has {got} cells; want {want} as in the header",
        "该行有 {got} 个单元格，应与表头一样为 {want} 个",
    ),
    "blank_rows": (
        "repair",
        "rows without any content, left out: {got}",
        "空行，已略去：共 {got} 行",
    ),
    "sheets": (
        "warning",
        "only the first sheet was read, not '{got}'",
        "只读取了第一个工作表，未读取 “{got}”",
    ),
    # The header.
    "header_missing": (
        "error",
        "no such column among {got}; want one called {want}",
        "缺少该列，现有表头为 {got}，应有 {want}",
    ),
    "header_duplicate": (
        "error",
        "the headers {got} mean the same column; want one of them",
        "表头 {got} 指同一列，只应保留一个",
    ),
    "header_unknown": (
        "warning",
        "no column known here is called '{got}'; left out",
        "没有名为 “{got}” 的列可供识别，已略去",
    ),
    "column_default": (
        "repair",
        "no such column; every row takes {want}",
        "没有该列，各行均取 {want}",
    ),
    "column_absent": (
        "warning",
        "no such column; every row is left empty",
        "没有该列，各行均为空",
    ),
    # A cell that was read after a repair.
    "padding": (
        "repair",
        "'{got}' has blanks around it; read as {want}",
        "“{got}” 首尾有空白，读作 {want}",
    ),
    "full_width": (
        "repair",
        "'{got}' has full-width characters; read as {want}",
        "“{got}” 含全角字符，读作 {want}",
    ),
    "blank_mark": (
        "repair",
        "'{got}' stands for an empty cell; read as {want}",
        "“{got}” 表示空值，读作 {want}",
    ),
    "default_used": (
        "repair",
        "the cell is empty; read as {want}",
        "单元格为空，取 {want}",
    ),
    "uscc_form": (
        "repair",
        "'{got}' is in lower case or spaced; read as {want}",
        "“{got}” 含小写字母或空格，读作 {want}",
    ),
    "uscc_lookalike": (
        "repair",
        "'{got}' has O for 0 or I for 1; read as {want}, whose check digit is right",
        "“{got}” 把 0 写成 O 或把 1 写成 I，读作 {want}（校验码正确）",
    ),
    "class_form": (
        "repair",
        "'{got}' is another way to write the class; read as {want}",
        "“{got}” 是信用等级的另一种写法，读作 {want}",
    ),
    "date_form": (
        "repair",
        "'{got}' is not written year-month-day; read as {want}",
        "“{got}” 不是“年-月-日”格式，读作 {want}",
    ),
    "date_serial": (
        "repair",
        "'{got}' is a day number of a spreadsheet; read as {want}",
        "“{got}” 是电子表格的日期序号，读作 {want}",
    ),
    "number_form": (
        "repair",
        "'{got}' is not a plain whole number; read as {want}",
        "“{got}” 不是规范的整数写法，读作 {want}",
    ),
    "sector_synonym": (
        "repair",
        "'{got}' is another name of the sector; read as {want}",
        "“{got}” 是领域的别称，读作 {want}",
    ),
    "list_form": (
        "repair",
        "'{got}' is not a list with semicolons; read as {want}",
        "“{got}” 不是以半角分号分隔的列表，读作 {want}",
    ),
    "status_synonym": (
        "repair",
        "'{got}' is another name of the status; read as {want}",
        "“{got}” 是登记状态的别称，读作 {want}",
    ),
    # A cell that cannot be read.
    "missing": (
        "error",
        "the cell is empty; want a value",
        "单元格为空，应填写",
    ),
    "id_alphabet": (
        "error",
        "'{got}' is not an id; want at most 64 of A-Z a-z 0-9 . _ - : /",
        "“{got}” 不是合法编号，应为不超过64位的 A-Z a-z 0-9 . _ - : /",
    ),
    "code_alphabet": (
        "error",
        "'{got}' is no code; want at most 64 characters that can be printed",
        "“{got}” 不是合法代码，应为不超过64个可打印字符",
    ),
    "id_numeric": (
        "error",
        "'{got}' is a number made by a spreadsheet; want the id as text: "
        "format the column as text and export again",
        "“{got}” 是电子表格改写成的数字，应为文本编号：请将该列设为文本格式后重新导出",
    ),
    "id_zero_lost": (
        "error",
        "'{got}' has lost its leading zeros; want {want}: format the column as text and export again",
        "“{got}” 丢失了前导零，应为 {want}：请将该列设为文本格式后重新导出",
    ),
    "id_number_cells": (
        "warning",
        "cells that hold numbers or dates, not text: {got}; ids may have been changed",
        "有 {got} 个单元格是数字或日期而非文本，编号可能已被改写",
    ),
    "uscc_numeric": (
        "error",
        "'{got}' is a number made by a spreadsheet; want the 18 characters: "
        "format the column as text and export again",
        "“{got}” 是电子表格改写成的数字，应为18位代码：请将该列设为文本格式后重新导出",
    ),
    "uscc_length": (
        "error",
        "'{got}' does not have 18 characters; want {want}",
        "“{got}” 不是18位，应为 {want} 位",
    ),
    "uscc_alphabet": (
        "error",
        "'{got}' has characters outside the code's alphabet; want {want}",
        "“{got}” 含代码字符集以外的字符，应取自 {want}",
    ),
    "uscc_check": (
        "warning",
        "'{got}' fails the check digit; want {want} at the end (a few legal codes fail it)",
        "“{got}” 校验码不符，末位应为 {want}（少数合法代码也不符）",
    ),
    "uscc_rounded": (
        "warning",
        "'{got}' fails the check digit and ends in 000; a spreadsheet may have rounded it",
        "“{got}” 校验码不符且以000结尾，可能被电子表格舍入",
    ),
    "class": (
        "error",
        "'{got}' is not a credit class; want {want}, or nothing where unrated",
        "“{got}” 不是信用等级，应为 {want}，未评级留空",
    ),
    "status": (
        "error",
        "'{got}' is not a status; want {want}",
        "“{got}” 不是登记状态，应为 {want}",
    ),
    "sector_many": (
        "error",
        "'{got}' names several sectors; want one, and the other in sector2",
        "“{got}” 含多个领域，应只填一个，另一个填入第二领域",
    ),
    "date": (
        "error",
        "'{got}' is not a date; want {want}",
        "“{got}” 不是日期，应为 {want}",
    ),
    "date_impossible": (
        "error",
        "'{got}' is not a day of the calendar; want {want}",
        "“{got}” 不是日历上存在的日期，应为 {want}",
    ),
    "too_great": (
        "error",
        "'{got}' is too great; want {want}",
        "“{got}” 过大，应为 {want}",
    ),
    "integer": (
        "error",
        "'{got}' is not a whole number; want {want}",
        "“{got}” 不是整数，应为 {want}",
    ),
    "decimal": (
        "error",
        "'{got}' is not a plain decimal number; want {want}",
        "“{got}” 不是普通小数，应为 {want}",
    ),
    "negative": (
        "error",
        "'{got}' is negative; want {want}",
        "“{got}” 为负数，应为 {want}",
    ),
    "flag": (
        "error",
        "'{got}' is neither yes nor no; want {want}",
        "“{got}” 既非“是”也非“否”，应为 {want}",
    ),
}
