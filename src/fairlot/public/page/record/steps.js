/** The numbered steps of a verification, and the verdict that each comes to. */

/** Every step by its key, in order, in English and Chinese. */
export const STEPS = {
  files: ["all files are there", "文件齐全"],
  announcement: ["the announcement is of this version and whole", "公告版本与格式正确"],
  signature: ["every file is as the announced key signed it", "全部文件与公告所载密钥的签名一致"],
  registers: ["the registers are those committed to", "名录与公告承诺一致"],
  human: ["human input stands in the announcement", "人工输入载于公告"],
  randomness: ["the randomness is the one announced", "随机数与公告指定的来源一致"],
  beacon: ["the randomness comes from its beacon", "随机数确由信标发布"],
  custodians: ["the custodians' salts are those committed to", "保管人盐值与承诺一致"],
  probabilities: ["the probabilities follow from the plan", "概率可由方案复算"],
  selection: ["the drawn list follows from the randomness", "抽中名单可由随机数复算"],
  chances: ["the officers' chances follow and are those committed to", "人员概率可复算且与承诺一致"],
  teams: ["the teams follow and break no rule", "检查组可复算且不违反任何规则"],
  schedule: ["the weeks follow from the randomness", "检查周次可由随机数复算"],
  coverage: ["the coverage follows from the list", "覆盖率可由名单复算"],
  results: ["the result of every site is bound", "每一场所的结果均已绑定"],
  outcome: ["the outcome file follows", "结果文件可复算"],
  replacements: [
    "every later change is recorded and follows from its randomness",
    "事后每项变更均有记录，且可由其随机数复算",
  ],
  disclosure: ["what was to be shown by now is shown", "应公开的内容已公开"],
  notice: ["the notice is the one that was signed", "公示页与签名一致"],
  time: ["announced before the randomness existed", "公告早于随机数产生"],
  unique: ["the only draw of this task", "本任务仅此一次抽取"],
};

/** A verdict: what was to be shown is; its note may be empty. */
export function holds(en, zh) {
  return { verdict: "holds", note: en === undefined ? {} : { en, zh } };
}

/** A verdict: it is not so. */
export function fails(en, zh) {
  return { verdict: "fails", note: { en, zh } };
}

/** A verdict: nothing here shows it; the note says what would. */
export function notShown(en, zh) {
  return { verdict: "not shown", note: { en, zh } };
}

/** Collects verdicts; what goes wrong inside a record becomes the verdict of its step. */
export class Steps {
  #found = new Map();
  #unreached = notShown("an earlier step does not hold", "前面的步骤未成立");

  /**
   * @param {Object<string, string[]>} table
   * @param {function(string, number, number): void} begin is told each step, how many are done, of
   *   how many
   */
  constructor(table = STEPS, begin = () => {}) {
    this.table = table;
    this.begin = begin;
  }

  /** Note the verdict that `work` comes to. */
  judge(step, work) {
    this.begin(step, this.#found.size, Object.keys(this.table).length);
    this.#found.set(step, verdictOf(work));
  }

  /** Note that the step holds if `work` returns, and give what it returned. */
  do(step, work) {
    let done;
    this.judge(step, () => {
      done = work();
      return holds();
    });
    return done;
  }

  /** Say why the steps that will not be reached are not shown. */
  leave({ en, zh }) {
    this.#unreached = notShown(en, zh);
  }

  /** Say whether a step was judged and holds. */
  holds(step) {
    return this.#found.get(step)?.verdict === "holds";
  }

  /** Return every step; one that was never reached is not shown. */
  inOrder() {
    return Object.entries(this.table).map(([step, [en, zh]], i) => ({
      ...{ number: i + 1, step, title: { en, zh } },
      ...(this.#found.get(step) ?? this.#unreached),
    }));
  }
}

function verdictOf(work) {
  try {
    return work();
  } catch (error) {
    const text = `${error.name}: ${error.message}`; // what no honest record brings about
    return error.zh === undefined ? fails(text, text) : fails(error.message, error.zh);
  }
}
