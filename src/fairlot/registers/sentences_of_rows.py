"""What is said of a row, of registers that do not agree, and of teams that cannot be meant."""

from fairlot.registers.sentences_of_cells import Sentence

__all__ = ["OF_ROWS"]

OF_ROWS: dict[str, Sentence] = {
    # A row.
    "id_twice": (
        "error",
        "the same id stands in rows {got}; want it once",
        "同一编号出现在第 {got} 行，只应出现一次",
    ),
    "max_tasks": (
        "error",
        "the officer may do {got} tasks; want {want}",
        "任务上限为 {got}，应为 {want}",
    ),
    "min_tasks": (
        "error",
        "the officer must do at least {got} tasks; want {want} (up to the officer's most)",
        "任务下限为 {got}，应为 {want}（不高于任务上限）",
    ),
    "order": (
        "error",
        "the period {got} ends before it begins; want {want}",
        "期间 {got} 的止日早于起日，应为 {want}",
    ),
    "conflict_self": (
        "error",
        "'{got}' is in conflict with itself; want a site or a code as target",
        "“{got}” 与自己构成回避关系，对象应为场所编号或统一社会信用代码",
    ),
    "recusal_kind": (
        "warning",
        "'{got}' is no known kind of recusal; it binds all the same. Known: {want}",
        "“{got}” 不是已知的回避事由，仍按回避处理；已知事由：{want}",
    ),
    "ratio": (
        "error",
        "'{got}' is not a ratio; want {want}",
        "“{got}” 不是比例，应为 {want}",
    ),
    "ratio_order": (
        "error",
        "the lowest ratio is above the highest: {got}; want {want}",
        "比例下限高于上限：{got}，应为 {want}",
    ),
    "blank": (
        "warning",
        "the cell is empty",
        "单元格为空",
    ),
    "probable_duplicate": (
        "warning",
        "probable duplicate: rows {got} have the same code and place under two ids",
        "疑似重复：第 {got} 行代码与地点相同而编号不同",
    ),
    "license_twice": (
        "error",
        "one person under two ids: rows {got} have the same licence; want one id for each licence",
        "一人两号：第 {got} 行执法证号相同而编号不同，同一执法证号只应有一个编号",
    ),
    "nameless": (
        "error",
        "the row names no site; want a site_id, a code or a name",
        "该行没有指明场所，应有场所编号、统一社会信用代码或名称",
    ),
    "row_repeated": (
        "warning",
        "the rows {got} are the same; read once",
        "第 {got} 行内容相同，只计一次",
    ),
    # Between registers.
    "person_unknown": (
        "error",
        "'{got}' is neither an officer nor an expert; want a known {want}",
        "“{got}” 既不是检查人员也不是专家，应为名录内的 {want}",
    ),
    "target_unknown": (
        "error",
        "'{got}' is neither a site nor the code of one; want a known {want}",
        "“{got}” 既不是场所也不是其统一社会信用代码，应为名录内的 {want}",
    ),
    "site_by_code": (
        "error",
        "'{got}' is a code and not a site; want a site_id, here {want}",
        "“{got}” 是统一社会信用代码而非场所编号，应填场所编号，如 {want}",
    ),
    "officer_unknown": (
        "error",
        "no officer is called '{got}'; want a known {want}",
        "没有编号为 “{got}” 的检查人员，应为名录内的 {want}",
    ),
    "site_unknown": (
        "warning",
        "no site is called '{got}'; the visit counts for none",
        "没有编号为 “{got}” 的场所，该次检查不计入任何场所",
    ),
    "bureau_without_sites": (
        "warning",
        "no site belongs to bureau '{got}' of this officer",
        "该人员所属机关 “{got}” 没有任何场所",
    ),
    "bureau_without_officers": (
        "warning",
        "no officer belongs to bureau '{got}' of this site",
        "该场所的监管机关 “{got}” 没有任何检查人员",
    ),
    "person_twice": (
        "error",
        "'{got}' is the id of an officer and of an expert; want ids of their own",
        "“{got}” 同为检查人员与专家的编号，两者编号应互不相同",
    ),
    # A team.
    "licences_expired": (
        "error",
        "nobody of bureau '{got}' can go, and this licence ends too early; want one valid on {want}",
        "机关 “{got}” 无人可派，该执法证过期过早，应在 {want} 仍有效",
    ),
    "lender_unknown": (
        "error",
        "bureau '{got}' is to lend officers and has none; want a bureau with officers",
        "借调机关 “{got}” 没有检查人员，应为有检查人员的机关",
    ),
    "borrower_unknown": (
        "error",
        "bureau '{got}' is to borrow officers and has no sites; want a bureau of the register",
        "借入机关 “{got}” 没有任何场所，应为名录内的监管机关",
    ),
    "limit_empty": (
        "error",
        "the limit of '{got}' holds for nobody; want a bureau or department with officers",
        "“{got}” 的任务限额没有对应人员，应为有检查人员的机关或部门",
    ),
    "department_empty": (
        "error",
        "no officer of department '{got}' is active, licensed and there; want one, or a joint "
        "list without it",
        "部门 “{got}” 没有在岗、执法证有效且未缺勤的检查人员，应补充人员或从联合名单中去掉该部门",
    ),
    "apart_unknown": (
        "error",
        "'{got}' may not serve with another and is nobody; want a known {want}",
        "“{got}” 被列为不得同组，应为名录内的 {want}",
    ),
    "appointed_site": (
        "error",
        "'{got}' is appointed to a site that was not drawn; want a drawn one",
        "“{got}” 被指派到未抽中的场所，应为抽中的场所",
    ),
    "appointed_unknown": (
        "error",
        "'{got}' is appointed and is nobody; want a known {want}",
        "被指派的 “{got}” 不在名录内，应为名录内的 {want}",
    ),
    "appointed_twice": (
        "error",
        "'{got}' is appointed twice to the same site; want once",
        "“{got}” 被重复指派到同一场所，应只指派一次",
    ),
    "appointed_absent": (
        "error",
        "'{got}' is appointed but is absent on every day of the visits; want one of {want}",
        "“{got}” 被指派但检查期间均缺勤，应从 {want} 中指派",
    ),
    "appointed_again": (
        "error",
        "'{got}' is appointed but was in the last team of the site; want one of {want}",
        "“{got}” 被指派但系该场所上次检查组成员，应从 {want} 中指派",
    ),
    "appointed_at_home": (
        "error",
        "'{got}' is appointed but is of the site's own station; want one of {want}",
        "“{got}” 被指派但属该场所所在的市场监管所，应从 {want} 中指派",
    ),
    "appointed_conflict": (
        "error",
        "'{got}' is appointed but in conflict with the site; want one of {want}",
        "“{got}” 被指派但与该场所存在回避关系，应从 {want} 中指派",
    ),
    "appointed_employed": (
        "error",
        "'{got}' is appointed but is employed by the site; want one of {want}",
        "“{got}” 被指派但任职于该场所，应从 {want} 中指派",
    ),
    "appointed_far": (
        "error",
        "'{got}' is appointed but too far from the site; want one of {want}",
        "“{got}” 被指派但距该场所过远，应从 {want} 中指派",
    ),
    "appointed_inactive": (
        "error",
        "'{got}' is appointed but not active; want one of {want}",
        "“{got}” 被指派但不在岗，应从 {want} 中指派",
    ),
    "appointed_unfit": (
        "error",
        "'{got}' is appointed but fits no seat there (another bureau, department or field); want one of {want}",
        "“{got}” 被指派但不符合该组任何席位（机关、部门或专业不符），应从 {want} 中指派",
    ),
    "appointed_unlicensed": (
        "error",
        "'{got}' is appointed but the licence ends before the last day of the visits; want one of {want}",
        "“{got}” 被指派但执法证在检查期间届满前过期，应从 {want} 中指派",
    ),
    "appointed_seats": (
        "error",
        "'{got}' is appointed, but all seats open to this person are given to others; want at "
        "most {want} appointed to them",
        "“{got}” 被指派，但可担任的席位已指派给他人，这些席位最多指派 {want} 人",
    ),
    "appointed_apart": (
        "error",
        "'{got}' are appointed to one team and may not serve together; want one of them",
        "“{got}” 被指派到同一组但不得同组，应只指派其中一人",
    ),
    "appointed_cap": (
        "error",
        "'{got}' is appointed to more sites than the cap allows; want at most {want}",
        "“{got}” 被指派的次数超过任务上限，最多 {want} 个场所",
    ),
}
