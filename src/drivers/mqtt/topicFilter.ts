/** Topic filters (MQTT 5, 4.7): `+` stands for one level, a last `#` for any number of them. */

/** Neither wildcard matches a first level that begins with `$`. */
export const topicMatches = (filter: string, topic: string): boolean => {
  const want = filter.split('/');
  const have = topic.split('/');
  if (topic.startsWith('$') && (want[0] === '#' || want[0] === '+')) return false;
  for (const [at, level] of want.entries()) {
    if (level === '#') return true;
    if (at >= have.length || (level !== '+' && level !== have[at])) return false;
  }
  return want.length === have.length;
};

const isLevel = (level: string, isLast: boolean): boolean => !/[+#]/.test(level) || level === '+' || (level === '#' && isLast);

export const isFilter = (filter: string): boolean =>
  filter !== '' && filter.split('/').every((level, at, levels) => isLevel(level, at === levels.length - 1));
