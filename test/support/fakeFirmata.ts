/**
 * An Arduino in memory, in virtual time: a board that runs StandardFirmata 2.5, or Vigie's own firmware, behind a cable
 * that can be unplugged, disturbed or cut in one direction. Written from the two protocols' descriptions, not from the
 * driver's code, so that both can be wrong only where the descriptions are.
 */
import { EventEmitter } from 'node:events';
import type { PortLike } from '../../src/drivers/firmata/packages.ts';
import type { Level } from '../../src/ports/lines.ts';
import type { Timers } from '../../src/ports/player.ts';

const INPUT = 0;
const OUTPUT = 1;
const ANALOG = 2;
const PULL_UP = 11;
const FIRST_ANALOG = 14;
const PINS = 20;
const WIRE_MS = 0.6;
const BOOT_MS = 2_100;
const NONE = 127;

type Pin = { mode: number; latch: Level; state: number; outside: Level | undefined; ratio: number; reports: boolean };

export type Firmware = 'standard' | 'vigie' | 'other' | 'none';

export type FakeFirmata = {
  /** A new port to the board, as the driver makes one for each connection. */
  readonly makePort: (path: string) => PortLike;
  /** What is at the pin outside: a contact to ground, a supply, or undefined for nothing. */
  readonly setInput: (pin: number, level: Level | undefined) => void;
  readonly setValue: (channel: number, value: number) => void;
  /** The level that stands at a pin. */
  readonly levelOf: (pin: number) => Level;
  readonly modeOf: (pin: number) => number;
  /** The board forgets what it made of a pin, and says nothing. */
  readonly forget: (pin: number, mode: number) => void;
  /** Every level the pin had while it was an output, in order. */
  readonly historyOf: (pin: number) => readonly Level[];
  readonly plug: (isPlugged: boolean) => void;
  readonly reset: () => void;
  readonly hang: (isHung: boolean) => void;
  /** Bytes that the board never sent. */
  readonly disturb: (bytes: readonly number[]) => void;
  /** Changes what the board sends, message by message; undefined: nothing is changed. */
  readonly garble: (change: ((message: readonly number[]) => readonly number[]) | undefined) => void;
  /** Changes what the board hears. */
  readonly garbleHost: (change: ((bytes: readonly number[]) => readonly number[]) | undefined) => void;
  readonly refuse: (reason: 'missing' | 'denied' | 'busy' | undefined) => void;
  /** The port's writes never end. */
  readonly block: (isBlocked: boolean) => void;
  /** A disturbed order switched the reports of a channel off, and the checked ones with it. */
  readonly forgetChannel: (channel: number) => void;
  readonly stopChannel: (channel: number, isStopped: boolean) => void;
  readonly ports: () => { readonly made: number; readonly open: number };
  readonly eeprom: ReadonlyMap<number, number>;
  readonly eepromWrites: () => number;
  readonly watchdogMs: () => number;
};

const crc = (bytes: readonly number[]): number => {
  // Long division over the message and seven more bits, as the SD card's specification draws it.
  let division = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      division = (division << 1) | ((byte >> bit) & 1);
      if (division & 0x80) division ^= 0x89;
    }
  }
  for (let bit = 0; bit < 7; bit += 1) {
    division <<= 1;
    if (division & 0x80) division ^= 0x89;
  }
  return division & 0x7f;
};

/** Bytes of a message of the host that is not system-exclusive. */
const lengthOf = (first: number): number => {
  if ((first & 0xf0) === 0xc0 || (first & 0xf0) === 0xd0) return 2;
  return first === 0xf9 ? 1 : 3;
};

const ascii = (text: string): readonly number[] => Array.from(new TextEncoder().encode(text));

export const makeFakeFirmata = (timers: Timers, firmware: Firmware = 'standard'): FakeFirmata => {
  const pins: Pin[] = [];
  const histories = new Map<number, Level[]>();
  const eeprom = new Map<number, number>();
  let eepromWrites = 0;
  let port: (PortLike & { arrive: (bytes: readonly number[]) => void; drop: () => void }) | undefined;
  let portsMade = 0;
  let portsOpen = 0;
  let isPlugged = true;
  let isHung = false;
  let isBooting = false;
  let refusal: 'missing' | 'denied' | 'busy' | undefined;
  let isBlocked = false;
  let change: ((message: readonly number[]) => readonly number[]) | undefined;
  let hostChange: ((bytes: readonly number[]) => readonly number[]) | undefined;
  let run = 0;
  let samplingMs = 19;
  let checkedMs = 0;
  let sequence = 0;
  let hostTimeoutMs = 0;
  let heardAtMs = 0;
  let isAtRest = false;
  let hasRestarted = true;
  let portsReported = new Set<number>();
  let channelsReported = new Set<number>();
  let stopped = new Set<number>();
  let backlog: number[] = [];
  let message: number[] = [];

  // ---- the pins

  const pinOf = (number: number): Pin => {
    const pin = pins[number];
    if (!pin) throw new Error(`no pin ${number}`);
    return pin;
  };
  const note = (number: number): void => {
    const pin = pinOf(number);
    if (pin.mode !== OUTPUT) return;
    const history = histories.get(number) ?? [];
    if (history.at(-1) !== pin.latch) histories.set(number, [...history, pin.latch]);
  };
  const levelOf = (number: number): Level => {
    const pin = pinOf(number);
    if (!isPlugged) return 0;
    if (pin.mode === OUTPUT) return pin.latch;
    return pin.outside ?? (pin.mode === PULL_UP ? 1 : 0);
  };
  const setMode = (number: number, mode: number): void => {
    const pin = pinOf(number);
    pin.mode = mode;
    pin.state = mode === PULL_UP ? 1 : 0;
    if (mode === PULL_UP) pin.latch = 1;
    if (mode === INPUT || mode === ANALOG) pin.latch = 0;
    pin.reports = mode === INPUT || mode === PULL_UP;
    note(number);
  };
  const writeLatch = (number: number, level: Level): void => {
    const pin = pinOf(number);
    if (pin.mode === OUTPUT) pin.latch = level;
    // The way of old sketches: writing high to an input switches its pull-up on.
    else if (pin.mode === INPUT && level === 1 && pin.state !== 1) Object.assign(pin, { mode: PULL_UP, latch: 1 });
    if (pin.mode === OUTPUT || pin.mode === INPUT) pin.state = level;
    note(number);
  };
  const powerUp = (): void => {
    for (let number = 0; number < PINS; number += 1) {
      const before = pins[number];
      pins[number] = {
        mode: number >= FIRST_ANALOG ? ANALOG : OUTPUT,
        latch: 0,
        state: 0,
        outside: before?.outside,
        ratio: before?.ratio ?? 512,
        reports: false,
      };
      const rest = firmware === 'vigie' ? eeprom.get(number) : undefined;
      if (firmware === 'vigie') pinOf(number).mode = INPUT;
      if (rest === 0 || rest === 1) Object.assign(pinOf(number), { mode: OUTPUT, latch: rest, state: rest });
      note(number);
    }
  };

  // ---- what it sends

  const speak = (bytes: readonly number[]): void => {
    const sent = change ? change(bytes) : bytes;
    const before = run;
    timers.later(WIRE_MS, () => {
      if (before === run && isPlugged) port?.arrive(sent);
    });
  };
  const sysex = (...body: number[]): void => speak([0xf0, ...body, 0xf7]);
  const checkedSysex = (kind: number, ...body: number[]): void => sysex(0x0b, kind, ...body, crc(body));
  const sayFirmware = (): void => sysex(0x79, 2, 5, ...ascii('Fake').flatMap((letter) => [letter, 0]));
  const sayPort = (number: number): void => {
    let bits = 0;
    for (let bit = 0; bit < 8; bit += 1) {
      const pin = pins[number * 8 + bit];
      if (pin?.reports && levelOf(number * 8 + bit) === 1) bits |= 1 << bit;
    }
    speak([0x90 | number, bits & 0x7f, bits >> 7]);
  };
  const sayCapabilities = (): void => {
    const digital = [INPUT, 1, OUTPUT, 1, PULL_UP, 1];
    sysex(
      0x6c,
      ...Array.from({ length: PINS }, (_none, number) => {
        if (number < 2) return [0x7f];
        return number >= FIRST_ANALOG ? [...digital, ANALOG, 10, 0x7f] : [...digital, 0x7f];
      }).flat(),
    );
  };
  const sayMapping = (): void =>
    sysex(0x6a, ...Array.from({ length: PINS }, (_none, number) => (number < FIRST_ANALOG ? NONE : number - FIRST_ANALOG)));
  const channels = (): readonly number[] => [...channelsReported].toSorted((a, b) => a - b);
  const valueOf = (channel: number): number => pinOf(FIRST_ANALOG + channel).ratio;
  const sample = (): void => {
    if (isHung || isBooting) return;
    if (checkedMs > 0) {
      const values = channels().flatMap((channel) => [channel, valueOf(channel) & 0x7f, valueOf(channel) >> 7]);
      checkedSysex(6, sequence, channelsReported.size, ...values);
      sequence = (sequence + 1) % 128;
      return;
    }
    for (const channel of channels()) {
      if (!stopped.has(channel)) speak([0xe0 | channel, valueOf(channel) & 0x7f, valueOf(channel) >> 7]);
    }
  };
  const sampleOn = (of: number): void => {
    timers.later(checkedMs > 0 ? checkedMs : samplingMs, () => {
      if (of !== run) return;
      sample();
      watchHost();
      sampleOn(of);
    });
  };
  const watchHost = (): void => {
    if (hostTimeoutMs === 0 || isHung || isAtRest || timers.now() - heardAtMs < hostTimeoutMs) return;
    isAtRest = true;
    for (const [number, level] of eeprom) if (level !== NONE) Object.assign(pinOf(number), { latch: level, state: level });
    for (const number of eeprom.keys()) note(number);
    sysex(0x0b, 5, 1);
  };

  // ---- what it hears

  const onOwn = ([kind = 0, a = 0, b = 0, check = 0]: readonly number[]): void => {
    if (firmware !== 'vigie') return;
    if (kind === 1) sysex(0x0b, 1, 1, 0);
    if (kind === 2) {
      hostTimeoutMs = a * 100;
      isAtRest = false;
      sysex(0x0b, 2, a);
    }
    if (kind === 3 && crc([a, b]) === check) {
      if (eeprom.get(a) !== b) eepromWrites += 1;
      eeprom.set(a, b);
      checkedSysex(3, a, b);
    }
    if (kind === 4) {
      checkedMs = a;
      sysex(0x0b, 4, a);
    }
    if (kind === 7) {
      checkedSysex(7, a, (hasRestarted ? 1 : 0) | (isAtRest ? 2 : 0));
      hasRestarted = false;
    }
  };
  const onSysex = ([command = 0, ...body]: readonly number[]): void => {
    const [number = 0] = body;
    if (command === 0x0b) onOwn(body);
    if (command === 0x79) sayFirmware();
    if (command === 0x6b) sayCapabilities();
    if (command === 0x69) sayMapping();
    if (command === 0x7a) samplingMs = number | ((body[1] ?? 0) << 7);
    if (command === 0x6d && number < PINS) sysex(0x6e, number, pinOf(number).mode, pinOf(number).state);
  };
  const onMessage = (bytes: readonly number[]): void => {
    const [first = 0, a = 0, b = 0] = bytes;
    const kind = first < 0xf0 ? first & 0xf0 : first;
    heardAtMs = timers.now();
    if (kind === 0xf0) onSysex(bytes.slice(1, -1));
    if (kind === 0xf9) speak([0xf9, 2, 5]);
    if (kind === 0xf4 && a < PINS) setMode(a, b);
    if (kind === 0xd0) {
      if (a === 0) portsReported.delete(first & 0x0f);
      else portsReported.add(first & 0x0f);
      if (a !== 0) sayPort(first & 0x0f);
    }
    if (kind === 0xc0) {
      if (a === 1) channelsReported.add(first & 0x0f);
      else channelsReported.delete(first & 0x0f);
    }
    if (kind === 0x90 && !isAtRest) {
      const bits = a | (b << 7);
      for (let bit = 0; bit < 8; bit += 1) {
        const number = (first & 0x0f) * 8 + bit;
        if (number < PINS) writeLatch(number, (bits >> bit) & 1 ? 1 : 0);
      }
    }
  };
  const onByte = (byte: number): void => {
    if (byte >= 0x80 && !(byte === 0xf7 && message[0] === 0xf0)) message = [];
    if (message.length === 0 && byte < 0x80) return;
    message.push(byte);
    const isEnd = message[0] === 0xf0 ? byte === 0xf7 : message.length === lengthOf(message[0] ?? 0);
    if (!isEnd) return;
    const whole = message;
    message = [];
    onMessage(whole);
  };
  const receive = (bytes: readonly number[]): void => {
    if (firmware === 'none') return;
    if (firmware === 'other') return speak(ascii('hello\r\n'));
    if (isBooting) return;
    if (isHung) backlog = [...backlog, ...bytes].slice(0, 64);
    else for (const byte of bytes) onByte(byte);
  };

  // ---- power

  const forgetAll = (): void => {
    run += 1;
    samplingMs = 19;
    checkedMs = 0;
    hostTimeoutMs = 0;
    isAtRest = false;
    hasRestarted = true;
    portsReported = new Set();
    channelsReported = new Set();
    message = [];
    backlog = [];
    powerUp();
  };
  const boot = (): void => {
    forgetAll();
    const mine = run;
    isBooting = true;
    timers.later(BOOT_MS, () => {
      if (mine !== run) return;
      isBooting = false;
      if (firmware === 'standard' || firmware === 'vigie') {
        speak([0xf9, 2, 5]);
        sayFirmware();
      }
      sampleOn(mine);
    });
  };

  // ---- the cable

  const openError = (): (Error & { code?: string }) | undefined => {
    if (refusal === 'denied') return Object.assign(new Error('Error: Permission denied, cannot open'), { code: 'EACCES' });
    if (refusal === 'busy') return new Error('Error Resource temporarily unavailable Cannot lock port');
    if (refusal === 'missing' || !isPlugged) return new Error('Error: No such file or directory, cannot open');
    return undefined;
  };
  const finish = (error: Error | null, done: (error?: Error | null) => void): void => {
    timers.later(0.2, () => done(error));
  };
  const makePort = (): PortLike => {
    portsMade += 1;
    const emitter = new EventEmitter();
    const state = { isOpen: false };
    const shut = (): void => {
      if (!state.isOpen) return;
      state.isOpen = false;
      portsOpen -= 1;
      timers.later(0.2, () => emitter.emit('close'));
    };
    const self = Object.defineProperty(
      Object.assign(emitter, {
        isOpen: false,
        open: (done: (error: Error | null) => void) => {
          timers.later(1, () => {
            const error = openError();
            if (error) return done(error);
            state.isOpen = true;
            portsOpen += 1;
            port = self;
            emitter.emit('open');
            done(null);
          });
        },
        write: (bytes: Uint8Array, done: (error?: Error | null) => void) => {
          if (!state.isOpen) throw new Error('a write to a port that is not open');
          if (isBlocked) return;
          receive(hostChange ? hostChange([...bytes]) : [...bytes]);
          timers.later(0.3, () => done(null));
        },
        flush: (done: (error?: Error | null) => void) => finish(null, done),
        close: (done: (error?: Error | null) => void) => {
          shut();
          finish(null, done);
        },
        arrive: (bytes: readonly number[]) => {
          if (state.isOpen) emitter.emit('data', Buffer.from(bytes));
        },
        drop: shut,
      }),
      'isOpen',
      { get: () => state.isOpen },
    );
    return self;
  };

  // It has been running for a while.
  forgetAll();
  hasRestarted = false;
  sampleOn(run);

  return {
    makePort,
    setInput: (number, level) => {
      const pin = pinOf(number);
      pin.outside = level;
      if (isPlugged && !isHung && !isBooting && pin.reports && portsReported.has(number >> 3)) sayPort(number >> 3);
    },
    setValue: (channel, value) => {
      pinOf(FIRST_ANALOG + channel).ratio = value;
    },
    levelOf,
    modeOf: (number) => pinOf(number).mode,
    forget: setMode,
    historyOf: (number) => histories.get(number) ?? [],
    plug: (plugged) => {
      if (plugged === isPlugged) return;
      isPlugged = plugged;
      if (plugged) return boot();
      run += 1;
      port?.drop();
      port = undefined;
    },
    reset: boot,
    hang: (hung) => {
      isHung = hung;
      if (hung) return;
      const bytes = backlog;
      backlog = [];
      for (const byte of bytes) onByte(byte);
    },
    disturb: (bytes) => port?.arrive(bytes),
    garble: (next) => {
      change = next;
    },
    garbleHost: (next) => {
      hostChange = next;
    },
    refuse: (reason) => {
      refusal = reason;
      if (reason !== undefined) port?.drop();
    },
    block: (blocked) => {
      isBlocked = blocked;
    },
    forgetChannel: (channel) => {
      channelsReported.delete(channel);
      checkedMs = 0;
    },
    stopChannel: (channel, isStopped) => {
      if (isStopped) stopped = new Set([...stopped, channel]);
      else stopped = new Set([...stopped].filter((each) => each !== channel));
    },
    ports: () => ({ made: portsMade, open: portsOpen }),
    eeprom,
    eepromWrites: () => eepromWrites,
    watchdogMs: () => hostTimeoutMs,
  };
};
