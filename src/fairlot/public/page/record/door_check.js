/** What a door proof shows: with nothing but the file, and with announcement, outcome and keys. */

import { framed, hex, shown, unhex, utf8 } from "../bytes.js";
import { written } from "../canonical.js";
import { VerificationError } from "../errors.js";
import * as inclusion from "../inclusion.js";
import { parseVkey } from "../note.js";
import { cosigners, readCheckpoint } from "../checkpoint.js";
import { SHA256, suite } from "../suite.js";
import { DOMAIN } from "../stream.js";
import { refuseOtherAnnouncement } from "./bound.js";
import { entriesOf, readDoor } from "./door.js";
import { SPEC, readObject } from "./files.js";
import { momentText, secondOf } from "./moments.js";
import { openCells, verifyRow } from "./opened_row.js";
import { readable } from "./readable.js";
import { Steps, holds, notShown } from "./steps.js";

/** Every step by its key, in order, in English and Chinese. */
export const DOOR_STEPS = {
  file: ["the file is whole", "文件完整"],
  roster: ["the site stands in the roster", "该场所在名录中"],
  result: ["the result is this site's", "抽取结果属于该场所"],
  team: ["those at the door are those drawn", "到场人员即抽中人员"],
  announced: ["the roster is the announced one", "名录与公告一致"],
  outcome: ["the results are the published ones", "结果与公布一致"],
  log: ["announcement and outcome stand in the public log", "公告与结果均在公开日志中"],
  witnesses: ["others saw the log so", "日志经他人见证"],
  final: ["the draw is open to check", "抽取已开启，可全面核验"],
};

const SALT = 16; // bytes
const SIGNS = 32; // of a pseudonym
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const YES_NO = new Map([[true, ["yes", "是"]], [false, ["no", "否"]]]);
const WORDS = {
  rule: ["by the rule", "规则"],
  numerator: ["chance of 2^40:", "概率（以 2^40 为分母）"],
  week: ["week", "周次"],
};
const CAME = { drawn: "抽中", "not drawn": "未抽中", excluded: "依规则排除" };

/**
 * Return every step with its verdict, and what the file says; never refuses a file for what it
 * contains.
 * @param {Uint8Array} data
 * @param {object} known announcement, outcome (the files as the reader has them, or undefined),
 *   logs, witnesses (vkeys), now (Unix seconds)
 */
export function checkDoor(data, known) {
  const steps = new Steps(DOOR_STEPS);
  const door = steps.do("file", () => readDoor(data));
  if (door) {
    const log = door.log && known.logs.find((vkey) => isOf(vkey, door.log.checkpoint));
    steps.judge("roster", () => rostered(door));
    steps.judge("result", () => resulting(door));
    steps.judge("team", () => teamed(door));
    steps.judge("announced", () => announced(door, known.announcement, log));
    steps.judge("outcome", () => outcome(door, known.outcome));
    steps.judge("log", () => logged(door, log));
    steps.judge("witnesses", () => witnessed(door, log, known.witnesses));
    steps.judge("final", () => steps.holds("announced")
      ? final(door, known.announcement, known.now)
      : wanting("announcement.json", " announcement.json "));
  }
  const proof = door ? said(door) : null;
  return { steps: steps.inOrder().map(readable), proof };
}

/** Return what the file says, unverified. */
function said({ bound, site, result, team, changes, provisional }) {
  const cells = { ...openCells(site.public), ...openCells(site.private) };
  return { bound, site: cells, result: openCells(result.public), team, changes, provisional };
}

function rostered({ bound, site }) {
  const { rows, root } = bound.sites;
  verifyRow(site, rows, unhex(root), suite(bound.suite));
  const cells = Object.entries({ ...openCells(site.public), ...openCells(site.private) });
  const [listed, listedZh] = [", ", "，"].map((mark, lang) =>
    cells.map(([column, value]) => `${column} ${YES_NO.get(value)?.[lang] ?? value}`).join(mark),
  );
  const place = `${site.index + 1}/${rows}`;
  return holds(`row ${place}: ${listed}`, `第 ${place} 行：${listedZh}`);
}

/** The results follow the roster row for row: same index, same site, same rule. */
function resulting({ bound, site, result, results }) {
  verifyRow(result, bound.sites.rows, unhex(results), suite(bound.suite));
  const [roster, came] = [openCells(site.public), openCells(result.public)];
  same("index", result.index, site.index);
  for (const column of ["site", "rule"]) {
    if (column in roster && column in came) same(column, came[column], roster[column]);
  }
  const listed = Object.keys(came).filter((column) => column in WORDS);
  const told = (lang) => listed.map((column) => `${WORDS[column][lang]} ${came[column]}`);
  return holds(
    [came.outcome, ...told(0)].join("; "),
    [CAME[came.outcome] ?? came.outcome, ...told(1)].join("；"),
  );
}

/** Open every pseudonym, and find each among those drawn, or those who came in their place. */
function teamed({ bound, result, team, changes }) {
  for (const one of team) openPseudonym(one, suite(bound.suite));
  const came = openCells(result.public);
  if (!team.length || !("team" in came)) {
    return notShown("the file opens no team", "文件未揭示检查组");
  }
  const now = teamNow(came.team, changes);
  const people = new Set(team.map(({ pseudonym }) => pseudonym));
  refuseStrangers([...people].filter((one) => !now.has(one)), now, came.site, changes);
  if (changes.length) {
    const files = changes.map(({ file, digest }) => `${file} (SHA-256 ${digest})`).join(", ");
    return notShown(
      `changed since the draw; the record shows it in ${files}`,
      `抽取后有变更，见记录中的 ${files}`,
    );
  }
  const named = team.map(({ id, pseudonym }) => `${id} = ${pseudonym}`).join(", ");
  const count = `${people.size}/${now.size}`;
  return holds(`${count} opened: ${named}`, `已揭示 ${count}：${named}`);
}

function refuseStrangers(strangers, now, site, changes) {
  const substitute = changes.some((change) => change.in === site);
  if (!strangers.length || substitute) return;
  const [got, want] = [strangers, [...now]].map((names) => names.sort().join(", ") || "-");
  throw new VerificationError(
    `${got} is not of the team, which is ${want}`,
    `${got} 不在检查组内，检查组为 ${want}`,
  );
}

/** Return the team as drawn, and then as each change left it; a vacant seat adds nobody. */
function teamNow(drawn, changes) {
  const team = new Set(drawn.split(";"));
  for (const { out, in: into } of changes) {
    if (team.delete(out)) team.add(into);
  }
  team.delete("");
  return team;
}

/** Refuse unless this id and salt are those behind the pseudonym. */
function openPseudonym({ id, pseudonym, salt }, hash) {
  const parts = [`${DOMAIN} name`, "person"].map(utf8);
  const got = base32(hash.digest(framed(...parts, unhex(salt, SALT), utf8(id)))).slice(0, SIGNS);
  if (got === pseudonym) return;
  throw new VerificationError(
    `${shown(id)} with salt ${salt} is behind ${got}, not behind ${shown(pseudonym)}`,
    `${shown(id)} 与盐值 ${salt} 对应的化名为 ${got}，而非 ${shown(pseudonym)}`,
  );
}

function base32(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join("");
}

function announced(door, announcement, log) {
  if (announcement) {
    refuseOtherAnnouncement(door.bound, announcement);
    return holds();
  }
  if (log) {
    verifyPlace(door, "announcement", log, []);
    return holds("by its entry in the log", "由日志条目证明");
  }
  return wanting(`announcement.json with the SHA-256 ${door.bound.announcement}`,
    `SHA-256 为 ${door.bound.announcement} 的 announcement.json `);
}

function outcome({ bound, outcome: digest, results }, data) {
  if (!data) {
    return wanting(
      `outcome.json with the SHA-256 ${digest}`,
      `SHA-256 为 ${digest} 的 outcome.json `,
    );
  }
  same("SHA-256 of outcome.json", hex(SHA256.digest(data)), digest);
  const told = readObject({ "outcome.json": data }, "outcome.json");
  const want = written({ rows: bound.sites.rows, root: results });
  same("results", want, written(told.results ?? null));
  same("announcement", bound.announcement, told.announcement);
  return holds();
}

function logged(door, log) {
  if (!log) return wanting("a proof from the log and the log's key", "日志证明及日志公钥");
  for (const name of ["announcement", "outcome"]) verifyPlace(door, name, log, []);
  const { announcement, outcome: later } = door.log;
  if (announcement.index >= later.index) {
    throw new VerificationError("the outcome was logged before its announcement", "结果的登记早于公告");
  }
  return holds(`number ${announcement.sequence}`, `第 ${announcement.sequence} 号公告`);
}

function witnessed(door, log, witnesses) {
  if (!log || !witnesses.length) return wanting("the keys of witnesses", "见证人公钥");
  const times = verifyPlace(door, "outcome", log, witnesses);
  if (!times.length) return wanting("a cosignature by a witness known here", "已知见证人的签名");
  const last = momentText(times.at(-1));
  return holds(`last at ${last}`, `最近一次为 ${last}`);
}

/** Return when these witnesses saw an entry in the log; refuse one that does not stand there. */
function verifyPlace(door, name, log, witnesses) {
  const { index, proof } = door.log[name];
  const { checkpoint } = door.log;
  const file = { "@spec": `${SPEC} inclusion`, index, proof, checkpoint };
  const [first, second] = entriesOf(door);
  return inclusion.verify(file, name === "outcome" ? second : first, log, cosigners(witnesses));
}

function isOf(vkey, checkpoint) {
  return parseVkey(vkey).name === readCheckpoint(checkpoint).origin;
}

/** Whether a draw is sealed says its announcement; the file may not say otherwise. */
function final(door, announcement, now) {
  const [day, { provisional }] = [opensOf(door, announcement), door];
  const sealed = day !== "" && now < secondOf("opens", `${day}T00:00:00Z`);
  if (sealed && !provisional) {
    throw new VerificationError(
      `the file says that the draw is open; it is sealed until ${day}`,
      `文件称抽取已开启，而其封存至 ${day}`,
    );
  }
  if (provisional && !day) {
    throw new VerificationError(
      "the file says that the draw is sealed; the announcement seals nothing",
      "文件称抽取已封存，而公告未约定封存",
    );
  }
  if (!provisional) return holds();
  return notShown(
    `sealed until ${day}; then the whole record shows it`,
    `封存至 ${day}，届时由完整记录证明`,
  );
}

/** Return the day of opening, "" without one, as the announcement or its entry says it. */
function opensOf({ log }, announcement) {
  if (!announcement) return log.announcement.opens;
  return readObject({ "announcement.json": announcement }, "announcement.json").plan.proof.opens;
}

function wanting(en, zh) {
  return notShown(`${en} would show it`, `需${zh}证明`);
}

function same(name, got, want) {
  if (got === want) return;
  throw new VerificationError(`${name} is ${got}; want ${want}`, `${name} 为 ${got}，应为 ${want}`);
}
