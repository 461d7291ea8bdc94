// Two ways to refuse, each in English and Chinese, as in the Python library.

class Refusal extends Error {
  /**
   * @param {string} en what, where, got and wanted
   * @param {string} zh the same in Chinese
   */
  constructor(en, zh) {
    super(en);
    this.name = new.target.name;
    this.zh = zh;
  }
}

/** What was given cannot be used; nothing was done with it. */
export class InvalidInput extends Refusal {}

/** A published record does not hold. */
export class VerificationError extends Refusal {}
