/** Does something with the latest value at once, and then not more often than each `ms`. */
export type Paced<T> = { readonly put: (value: T) => void; readonly stop: () => void };

export const makePaced = <T>(ms: number, act: (value: T) => void): Paced<T> => {
  let timer: NodeJS.Timeout | undefined;
  let waiting: { readonly value: T } | undefined;

  const onTimer = (): void => {
    timer = undefined;
    if (!waiting) return;
    const { value } = waiting;
    waiting = undefined;
    begin(value);
  };

  const begin = (value: T): void => {
    act(value);
    timer = setTimeout(onTimer, ms);
  };

  return {
    put: (value) => {
      if (timer) waiting = { value };
      else begin(value);
    },
    stop: () => clearTimeout(timer),
  };
};
