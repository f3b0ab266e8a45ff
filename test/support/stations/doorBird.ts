/** An emulated DoorBird: its monitor stream and its information page, and the ways in which they are known to fail. */
import { misbehaves, PASSWORD, USERNAME } from './station.ts';
import type { Asker, Station, StationOptions } from './station.ts';

type Stream = ReturnType<Asker['stream']>;

export type DoorBird = Station & {
  /** What a stream tells when it begins: the state of the bell, or nothing. */
  begins: 'H' | 'L' | 'silent';
  /** The bell is pressed, and let go a second later. */
  readonly ring: () => void;
  readonly say: (line: string) => void;
  /** As it comes over the wire, framing and all. */
  readonly sayRaw: (text: string) => void;
  /** Ends every stream, as a restart does. */
  readonly restart: () => void;
  readonly streams: () => number;
};

const STREAMS_MAX = 8;
const CONTENT_TYPE = 'multipart/x-mixed-replace; boundary=--ioboundary';
const INFO = {
  BHA: {
    RETURNCODE: '1',
    VERSION: [{ FIRMWARE: '000125', BUILD_NUMBER: '15870439', RELAYS: ['1', '2'], 'DEVICE-TYPE': 'DoorBird D2101V' }],
  },
};

const partOf = (line: string): string => `--ioboundary\r\nContent-Type: text/plain\r\n\r\n${line}\r\n\r\n`;

export const emulatedDoorBird = ({ timers }: StationOptions): DoorBird => {
  let streams: { readonly stream: Stream; readonly asker: Asker }[] = [];
  const asked: string[] = [];

  const living = (): typeof streams => {
    streams = streams.filter(({ asker }) => !asker.isGone());
    return streams;
  };

  const monitor = (asker: Asker): void => {
    if (living().length >= STREAMS_MAX) return asker.answer(509, 'text/plain', '');
    const stream = asker.stream(CONTENT_TYPE);
    streams.push({ stream, asker });
    if (station.begins !== 'silent') stream.write(partOf(`doorbell:${station.begins}`));
  };

  const sayRaw = (text: string): void => {
    for (const { stream } of living()) stream.write(text);
  };
  const say = (line: string): void => sayRaw(partOf(line));

  const station: DoorBird = {
    username: USERNAME,
    password: PASSWORD,
    mode: 'well',
    begins: 'L',
    asked,
    ask: (path, asker) => {
      asked.push(path);
      if (misbehaves(station.mode, asker)) return;
      if (path === '/bha-api/info.cgi') return asker.answer(200, 'application/json', JSON.stringify(INFO));
      if (path.startsWith('/bha-api/monitor.cgi?ring=')) return monitor(asker);
      return asker.answer(404, 'text/plain', '');
    },
    ring: () => {
      say('doorbell:H');
      timers.later(1_000, () => say('doorbell:L'));
    },
    say,
    sayRaw,
    restart: () => {
      for (const { stream } of living()) stream.end();
      streams = [];
    },
    streams: () => living().length,
  };
  return station;
};
