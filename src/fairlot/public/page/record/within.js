/** Say where: a refusal made by `work` is made again with the place before its message. */
export function within(place, work, zh = place) {
  try {
    return work();
  } catch (error) {
    if (error.zh === undefined) throw error;
    const Again = error.constructor;
    throw new Again(`${place}: ${error.message}`, `${zh}：${error.zh}`, error.facts);
  }
}
