/**
 * The process of an emulated board: paces the chip to real time and joins its serial line to a pseudo-terminal.
 *
 * Unplugged, the board has no supply: the chip stands still, and wakes by a power-on reset. A machine too busy to keep up
 * makes the board slow rather than late: what was missed by more than `SLIP_MS` is never caught up.
 */
import { readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { avrBoard } from './avrBoard.ts';
import type { AvrBoard } from './avrBoard.ts';
import type {
  BoardAction,
  BoardOrder,
  BoardResult,
  BoardStart,
  FromBoard,
  Pace,
  Side,
  ToBoard,
  WaveStep,
} from './boardMessages.ts';
import { openPty } from './pty.ts';
import type { Pty } from './pty.ts';

const SLICE_MS = 1;
const SLIP_MS = 50;

type Running = {
  readonly board: AvrBoard;
  readonly link: string;
  pty: Pty | undefined;
  outgoing: number[];
  readonly toDrop: Record<Side, number>;
  readonly startedAt: number;
  lastAt: number;
  busyMs: number;
};

let running: Running | undefined;

const tell = (message: FromBoard): void => {
  process.send?.(message);
};

/** The path must never be absent while the board is plugged in. */
const plug = (at: Running): void => {
  at.pty = openPty();
  const fresh = `${at.link}.new`;
  symlinkSync(at.pty.path, fresh);
  renameSync(fresh, at.link);
};

const unplug = (at: Running): void => {
  rmSync(at.link, { force: true });
  at.pty?.close();
  at.pty = undefined;
  at.outgoing = [];
  at.board.hang();
};

const kept = (at: Running, side: Side, bytes: readonly number[]): readonly number[] => {
  const dropped = Math.min(at.toDrop[side], bytes.length);
  at.toDrop[side] -= dropped;
  return bytes.slice(dropped);
};

const exchange = (at: Running): void => {
  if (at.pty === undefined) return;
  at.board.send(kept(at, 'to-board', [...at.pty.read()]));
  const bytes = kept(at, 'to-host', at.outgoing);
  at.outgoing = [];
  if (bytes.length > 0) at.pty.write(Uint8Array.from(bytes));
};

const slice = (at: Running): void => {
  const before = performance.now();
  exchange(at);
  at.board.run(Math.min(before - at.lastAt, SLIP_MS) * 1_000);
  exchange(at);
  at.lastAt = before;
  at.busyMs += performance.now() - before;
};

const makeNoise = (at: Running, bytes: readonly number[], side: Side): void => {
  if (side === 'to-board') at.board.send(bytes);
  else at.outgoing.push(...bytes);
};

const pulse = (at: Running, pin: number, level: 0 | 1, micros: number): void => {
  at.board.setPin(pin, level);
  at.board.run(micros);
  at.board.setPin(pin, level === 1 ? 0 : 1);
};

const wave = ({ board }: Running, steps: readonly WaveStep[]): void => {
  for (const { pin, level, micros } of steps) {
    board.setPin(pin, level);
    board.run(micros);
  }
};

const replug = (at: Running): void => {
  if (at.pty !== undefined) return;
  plug(at);
  at.board.reset('power-on');
};

const paceOf = ({ board, startedAt, busyMs }: Running): Pace => ({
  boardMs: board.micros() / 1_000,
  clockMs: performance.now() - startedAt,
  busyMs,
  instructions: board.instructions(),
});

const ACTIONS: Readonly<Record<BoardAction, (at: Running) => void>> = {
  reset: ({ board }) => board.reset('external'),
  hang: ({ board }) => board.hang(),
  'run-away': ({ board }) => board.runAway(),
  resume: ({ board }) => board.resume(),
  unplug,
  replug,
};

const obey = (at: Running, order: BoardOrder): BoardResult => {
  const { board } = at;
  switch (order.order) {
    case 'level-of':
      return board.levelOf(order.pin);
    case 'read-eeprom':
      return [...board.eeprom];
    case 'pace':
      return paceOf(at);
    case 'set-pin':
      board.setPin(order.pin, order.level);
      break;
    case 'set-volts':
      board.setVolts(order.channel, order.ratio);
      break;
    case 'pulse':
      pulse(at, order.pin, order.level, order.micros);
      break;
    case 'wave':
      wave(at, order.steps);
      break;
    case 'noise':
      makeNoise(at, order.bytes, order.side);
      break;
    case 'drop':
      at.toDrop[order.side] += order.bytes;
      break;
    case 'act':
      ACTIONS[order.action](at);
  }
  return undefined;
};

const start = ({ hexFile, chip, link, eeprom }: BoardStart): void => {
  const outgoing: number[] = [];
  const board = avrBoard({
    hex: readFileSync(hexFile, 'utf8'),
    chip,
    onByte: (byte) => running?.outgoing.push(byte),
    onDrive: (pin, drive, atMicros) => tell({ pin, drive, atMicros }),
    onReset: (cause) => tell({ cause }),
  });
  board.eeprom.set(eeprom);
  const startedAt = performance.now();
  const toDrop = { 'to-host': 0, 'to-board': 0 };
  const at: Running = { board, link, pty: undefined, outgoing, toDrop, startedAt, lastAt: startedAt, busyMs: 0 };
  running = at;
  plug(at);
  setInterval(() => slice(at), SLICE_MS);
  tell({ started: true });
};

process.on('message', (message: ToBoard) => {
  if ('start' in message) start(message.start);
  else if (running !== undefined) tell({ id: message.id, result: obey(running, message.order) });
});

process.on('disconnect', () => {
  if (running !== undefined) unplug(running);
  process.exit(0);
});
