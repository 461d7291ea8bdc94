// What was changed after the draw, and by which later randomness.

import { facts, fill, h, hidden, section } from "./dom.js";

const KINDS = {
  recusal: { en: "an officer steps back", zh: "检查人员回避" },
  closure: { en: "a site cannot be visited", zh: "机构无法检查" },
};

/** The section of later changes; `show` fills it from the summary. */
export function events() {
  const list = h("ol", { class: "events" });
  const node = hidden(section("events", { en: "Changes after the draw", zh: "抽取后的变更" }, list));

  function show(summary) {
    const found = summary?.events ?? [];
    node.hidden = found.length === 0;
    fill(list, ...found.map(told));
  }

  return { node, show };
}

function told({ event, site, officer, reason, recorded_at, answer }) {
  return h("li", {}, h("strong", {}, KINDS[event] ?? event), facts([
    [{ en: "Site", zh: "机构" }, site],
    [{ en: "Officer", zh: "检查人员" }, officer],
    [{ en: "Reason", zh: "原因" }, reason],
    [{ en: "Recorded (the authority’s word)", zh: "记录时间（主办方自述）" }, recorded_at],
    [{ en: "In the place", zh: "替补" }, instead(answer)],
  ]));
}

function instead(answer) {
  if (!answer) return { en: "waits for its randomness", zh: "等待随机数" };
  const came = answer.officer ?? answer.substitute;
  return came || { en: "nobody can", zh: "无人可替补" };
}
