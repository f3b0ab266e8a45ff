/** What a test takes for granted, or says that it is not there. */
export const must = <T>(value: T | undefined, what = 'a value'): T => {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
};
