/**
 * An Arduino in this process: runs a program in virtual time, as fast as it can, one microsecond after the other.
 *
 * - **pin**: by its Arduino number; A0 of an Uno is 14.
 * - **drive**: what the board makes of a pin: an output at a level, or an input with or without pull-up.
 * - **ratio**: a voltage on an analog channel as a part of the supply.
 * - **hung**: the chip stands still, its watchdog too. **run away**: the program is in an endless loop, the watchdog runs.
 *
 * A reset makes a new chip around the old memory, as avr8js's own leaves registers as they were. Asleep, the chip is moved
 * to its next event at once, so that an idle program costs next to nothing.
 */
import * as avr from 'avr8js';
import { CHIPS } from './chips.ts';
import type { Chip, ChipName } from './chips.ts';
import { programIn } from './intelHex.ts';

export type Drive = 'low' | 'high' | 'input' | 'pull-up';
export type ResetCause = 'power-on' | 'external' | 'watchdog';
export type PinListener = (pin: number, drive: Drive, atMicros: number) => void;

export type Ratio = number | (() => number);

export type AvrBoardOptions = {
  /** The content of an Intel HEX file. */
  readonly hex: string;
  readonly chip: ChipName;
  /** A byte from the board, when its last bit is sent. */
  readonly onByte: (byte: number) => void;
  readonly onDrive?: PinListener;
  readonly onReset?: (cause: ResetCause) => void;
};

export type AvrBoard = {
  /** What the EEPROM holds; it may be written to. */
  readonly eeprom: Uint8Array;
  readonly pinCount: number;
  readonly micros: () => number;
  /** Instructions executed so far. */
  readonly instructions: () => number;
  readonly run: (micros: number) => void;
  /** Bytes for the board, one after the other at 57600 baud; those that come while it is not listening are lost. */
  readonly send: (bytes: Iterable<number>) => void;
  /** A byte whose stop bit was not there. */
  readonly sendDamaged: (byte: number) => void;
  /** What is wired to a pin; undefined: nothing, and only a pull-up makes it high. */
  readonly setPin: (pin: number, level: 0 | 1 | undefined) => void;
  /** 0 to 1; a function is asked for each conversion. */
  readonly setVolts: (channel: number, ratio: Ratio) => void;
  readonly levelOf: (pin: number) => Drive;
  readonly reset: (cause: ResetCause) => void;
  readonly hang: () => void;
  readonly resume: () => void;
  readonly runAway: () => void;
};

const CLOCK_HZ = 16_000_000;
const CYCLES_PER_MICRO = CLOCK_HZ / 1_000_000;
const ADC_STEPS = 1_024;
const BYTE_CYCLES = Math.round((CLOCK_HZ * 10) / 57_600);
const SLEEP = 0x9588;
/** `rjmp` to itself, which ends every program of avr-libc. */
const ENDLESS_LOOP = 0xcfff;
const FRAME_ERROR = 0x10;
const RECEIVED = 0x80;
const RESET_FLAGS: Readonly<Record<ResetCause, number>> = { 'power-on': 1, external: 2, watchdog: 8 };
const DRIVES: readonly Drive[] = ['low', 'high', 'input', 'pull-up'];

type Machine = {
  readonly cpu: avr.CPU;
  readonly ports: readonly avr.AVRIOPort[];
  readonly usart: avr.AVRUSART;
  readonly adc: avr.AVRADC;
  /** Cycle of the next thing a peripheral does. */
  readonly nextEvent: () => number;
  hasBitten: boolean;
  /** Where it sleeps; undefined: awake. */
  sleepsAt: number | undefined;
};

// ---- a chip from reset to reset

/** avr8js keeps its list of coming events to itself. */
const nextEventOf = (cpu: avr.CPU): number => {
  const { nextClockEvent } = cpu as unknown as { readonly nextClockEvent: { readonly cycles: number } | null };
  return nextClockEvent?.cycles ?? Number.POSITIVE_INFINITY;
};

/** avr8js forgets a byte that has just come when UCSRB is written; the chip does not. */
const keepReceivedByte = (cpu: avr.CPU, { usart }: Chip): void => {
  const write = cpu.writeHooks[usart.UCSRB];
  const flags = { flagRegister: usart.UCSRA, flagMask: RECEIVED, enableRegister: usart.UCSRB, enableMask: RECEIVED };
  cpu.writeHooks[usart.UCSRB] = (value, old, address, mask) => {
    const isWaiting = ((cpu.data[usart.UCSRA] ?? 0) & RECEIVED) !== 0;
    const handled = write?.(value, old, address, mask);
    if (isWaiting) cpu.setInterruptFlag({ address: usart.rxCompleteInterrupt, constant: true, ...flags });
    return handled;
  };
};

/** What outlasts a reset: time always, memory unless power was lost, and the EEPROM. */
type Remains = { readonly cycles: number; readonly memory: Uint8Array | undefined; readonly eeprom: avr.EEPROMBackend };

const newMachine = (chip: Chip, program: Uint16Array, remains: Remains): Machine => {
  const cpu = new avr.CPU(program, chip.sramBytes);
  cpu.cycles = remains.cycles;
  if (remains.memory !== undefined) cpu.data.set(remains.memory.subarray(chip.sramStart), chip.sramStart);
  const machine: Machine = {
    cpu,
    ports: chip.ports.map((config) => new avr.AVRIOPort(cpu, config)),
    usart: new avr.AVRUSART(cpu, chip.usart, CLOCK_HZ),
    adc: new avr.AVRADC(cpu, chip.adc),
    nextEvent: () => nextEventOf(cpu),
    hasBitten: false,
    sleepsAt: undefined,
  };
  keepReceivedByte(cpu, chip);
  const timer = new avr.AVRTimer(cpu, chip.timer);
  const eeprom = new avr.AVREEPROM(cpu, remains.eeprom, chip.eeprom);
  const watchdog = new avr.AVRWatchdog(cpu, chip.watchdog, new avr.AVRClock(cpu, CLOCK_HZ));
  if (watchdog.enabled || eeprom === undefined || timer === undefined) throw new Error('a chip wakes with its watchdog off');
  cpu.reset = () => {
    machine.hasBitten = true;
  };
  return machine;
};

/** One instruction, or asleep the way to the next event, but not beyond `limit`. */
const step = (machine: Machine, limit: number): void => {
  const { cpu } = machine;
  if (machine.sleepsAt === undefined) {
    const isSleep = cpu.progMem[cpu.pc] === SLEEP;
    avr.avrInstruction(cpu);
    machine.sleepsAt = isSleep ? cpu.pc : undefined;
  } else {
    cpu.cycles = Math.max(cpu.cycles, Math.min(machine.nextEvent(), limit));
  }
  cpu.tick();
  if (cpu.pc !== machine.sleepsAt) machine.sleepsAt = undefined;
};

// ---- the board around it

type Incoming = { readonly byte: number; readonly damaged: boolean };

export const avrBoard = ({ hex, chip: name, onByte, onDrive, onReset }: AvrBoardOptions): AvrBoard => {
  const chip = CHIPS[name];
  const flash = programIn(hex, chip.flashBytes);
  const program = new Uint16Array(flash.buffer);
  const backend = new avr.EEPROMMemoryBackend(chip.eepromBytes);
  const wired: (0 | 1 | undefined)[] = chip.pins.map(() => undefined);
  const ratios: Ratio[] = Array.from({ length: chip.adc.numChannels }, () => 0);
  let heldChannel = 0;
  const incoming: Incoming[] = [];
  const drives: Drive[] = chip.pins.map(() => 'input');
  let instructions = 0;
  let isHung = false;
  let feeding = false;
  let machine = newMachine(chip, program, { cycles: 0, memory: undefined, eeprom: backend });

  const driveOf = (pin: number): Drive => {
    const place = chip.pins[pin];
    const state = place === undefined ? undefined : machine.ports[place.port]?.pinState(place.bit);
    return DRIVES[state ?? -1] ?? 'input';
  };

  const applyWire = (pin: number): void => {
    const place = chip.pins[pin];
    if (place === undefined) return;
    const level = wired[pin] ?? (driveOf(pin) === 'pull-up' ? 1 : 0);
    machine.ports[place.port]?.setPin(place.bit, level === 1);
  };

  const micros = (): number => machine.cpu.cycles / CYCLES_PER_MICRO;

  const noteDrive = (pin: number): void => {
    const drive = driveOf(pin);
    if (drive === drives[pin]) return;
    drives[pin] = drive;
    applyWire(pin);
    onDrive?.(pin, drive, micros());
  };

  const feed = (): void => {
    const [next] = incoming;
    feeding = next !== undefined;
    if (next === undefined) return;
    machine.cpu.addClockEvent(() => {
      incoming.shift();
      const { UCSRA } = chip.usart;
      const flags = machine.cpu.data[UCSRA] ?? 0;
      machine.cpu.data[UCSRA] = next.damaged ? flags | FRAME_ERROR : flags & ~FRAME_ERROR;
      machine.usart.writeByte(next.byte, true);
      feed();
    }, BYTE_CYCLES);
  };

  const enqueue = (bytes: readonly Incoming[]): void => {
    if (isHung) return;
    incoming.push(...bytes);
    if (!feeding) feed();
  };

  /** The worst a sample-and-hold does: the first conversion of another channel still gives the channel before. */
  const convert = (input: avr.ADCMuxInput): void => {
    const { cpu, adc } = machine;
    const ratio = ratios[heldChannel] ?? 0;
    const steps = Math.floor((typeof ratio === 'number' ? ratio : ratio()) * ADC_STEPS);
    if (input.type === avr.ADCMuxInputType.SingleEnded) heldChannel = input.channel;
    const isSupplyReferred = adc.referenceVoltageType === avr.ADCReference.AVCC;
    const result = isSupplyReferred ? Math.min(Math.max(steps, 0), ADC_STEPS - 1) : 0;
    cpu.addClockEvent(() => adc.completeADCRead(result), adc.sampleCycles);
  };

  const wake = (): void => {
    machine.usart.onByteTransmit = (byte) => machine.cpu.addClockEvent(() => onByte(byte), BYTE_CYCLES - 1);
    machine.ports.forEach((port, index) => {
      const pins = chip.pins.flatMap((place, pin) => (place.port === index ? [pin] : []));
      port.addListener(() => pins.forEach(noteDrive));
    });
    machine.adc.onADCRead = convert;
    chip.pins.forEach((_place, pin) => {
      noteDrive(pin);
      applyWire(pin);
    });
  };

  const reset = (cause: ResetCause): void => {
    const { cycles, data } = machine.cpu;
    machine = newMachine(chip, program, { cycles, memory: cause === 'power-on' ? undefined : data, eeprom: backend });
    machine.cpu.data[chip.watchdog.MCUSR] = RESET_FLAGS[cause];
    incoming.length = 0;
    feeding = false;
    isHung = false;
    wake();
    onReset?.(cause);
  };

  const run = (forMicros: number): void => {
    const until = machine.cpu.cycles + Math.round(forMicros * CYCLES_PER_MICRO);
    if (isHung) machine.cpu.cycles = until;
    while (machine.cpu.cycles < until) {
      step(machine, until);
      instructions++;
      if (machine.hasBitten) {
        reset('watchdog');
      }
    }
  };

  reset('power-on');
  return {
    eeprom: backend.memory,
    pinCount: chip.pins.length,
    micros,
    instructions: () => instructions,
    run,
    send: (bytes) => enqueue(Array.from(bytes, (byte) => ({ byte, damaged: false }))),
    sendDamaged: (byte) => enqueue([{ byte, damaged: true }]),
    setPin: (pin, level) => {
      wired[pin] = level;
      applyWire(pin);
    },
    setVolts: (channel, ratio) => {
      ratios[channel] = ratio;
    },
    levelOf: driveOf,
    reset,
    hang: () => {
      isHung = true;
    },
    resume: () => {
      isHung = false;
    },
    runAway: () => {
      machine.cpu.pc = program.indexOf(ENDLESS_LOOP);
      machine.sleepsAt = undefined;
    },
  };
};
