// What the columns of the lists and the fields of a site are called.

const COLUMNS = {
  site: ["site", "机构"],
  site_id: ["site", "机构"],
  opened_id: ["opened as", "揭示编号"],
  uscc: ["credit code", "统一社会信用代码"],
  name: ["name", "名称"],
  bureau_id: ["bureau", "监管机关"],
  station_id: ["station", "监管所"],
  sector: ["sector", "领域"],
  sector2: ["second sector", "第二领域"],
  class: ["class of the draw", "抽取等级"],
  credit_class: ["class", "信用等级"],
  rule: ["rule", "规则"],
  key: ["in a key sector", "属重点领域"],
  is_key: ["marked as key", "标记为重点"],
  listed: ["on the list of the seriously dishonest", "严重违法失信名单"],
  last_inspected: ["last inspected", "上次检查"],
  visits_ytd: ["visits this year", "本年检查次数"],
  status: ["status", "登记状态"],
  counted: ["counted by a joint draw", "计入联合抽查"],
  last_team: ["last team", "上次检查人员"],
  weight: ["weight", "权重"],
  detail: ["why", "说明"],
  pi: ["chance", "概率"],
  seat: ["seat", "席位"],
  officer_id: ["officer", "检查人员"],
  borrowed: ["borrowed", "借调"],
  week: ["week", "周次"],
  first: ["from", "起"],
  last: ["to", "止"],
  place: ["place in the week", "周内次序"],
  moved: ["moved on", "顺延"],
  clash: ["clash", "冲突"],
  places: ["seats", "席位数"],
  eligible: ["may go", "可派人数"],
  effective: ["effective number", "有效人数"],
  below_floor: ["below the floor", "低于下限"],
  roster: ["roster", "名录数"],
  base: ["base", "基数"],
  take_all: ["in full", "全覆盖"],
  floor: ["floor", "下限"],
  ceiling: ["ceiling", "上限"],
  quota: ["quota", "应抽"],
  drawn: ["drawn", "抽中"],
  share: ["share", "比例"],
};

const LISTS = {
  drawn: ["drawn sites", "抽中名单"],
  teams: ["teams", "检查组"],
  schedule: ["schedule", "检查日程"],
  coverage: ["coverage", "覆盖率"],
  visits: ["who may go where", "可派人员"],
};

const SEATS = {
  specialist: ["specialist", "熟悉该领域人员"],
  officer: ["officer", "执法人员"],
  lead: ["lead", "组长"],
  expert: ["expert", "专家"],
};

const OUTCOMES = {
  drawn: ["drawn", "抽中"],
  "not drawn": ["not drawn", "未抽中"],
  excluded: ["excluded", "依规则排除"],
  "to come": ["not drawn yet", "尚未抽取"],
};

const VIEWS = {
  open: ["open: everything that decides is shown", "公开：全部决定性数据可查"],
  pseudonymous: [
    "pseudonymous: sites stand under pseudonyms, the drawn ones are opened",
    "化名：机构以化名列出，抽中者揭示",
  ],
};

const ANSWERS = { true: ["yes", "是"], false: ["no", "否"] };

const of = (table) => (key) => {
  const [en, zh] = Object.hasOwn(table, key) ? table[key] : [key, key];
  return { en, zh };
};

export const columnName = of(COLUMNS);
export const listName = of(LISTS);
export const seatName = of(SEATS);
export const outcomeName = of(OUTCOMES);
export const viewName = of(VIEWS);

/** A cell as people say it: yes and no, the rest as it stands. */
export const cellText = (cell) => of(ANSWERS)(String(cell));
