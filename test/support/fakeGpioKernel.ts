/**
 * A kernel with GPIO chips that exist in memory alone, for the driver of the character device: it reads and writes the
 * bytes of the interface by their places, so that a mistake of the driver's encoders is not mirrored here.
 */
import type { Ears, Kernel } from '../../src/drivers/gpio-chardev/kernel.ts';
import type { Level } from '../../src/ports/lines.ts';

type Line = { level: Level; holder: string | undefined; refusal: string | undefined; readonly driven: Level[] };
type ChipState = { readonly label: string; readonly lines: readonly Line[]; isGone: boolean; refusal: string | undefined };
type Held = {
  readonly chip: ChipState;
  readonly lines: readonly Line[];
  readonly offsets: readonly number[];
  readonly queueMax: number;
  readonly queue: Uint8Array[];
  readonly isListening: boolean;
  ears: Ears | undefined;
  seqno: number;
};

export type FakeGpio = {
  readonly kernel: Kernel;
  readonly addChip: (path: string, label: string, lines?: number) => void;
  readonly removeChip: (path: string) => void;
  /** The world moves a line; the driver hears at once, or once `wake` is called while it is `busy`. */
  readonly turn: (offset: number, level: Level) => void;
  readonly levelOf: (offset: number) => Level;
  /** Every level this output was driven to, in order. */
  readonly drivenOf: (offset: number) => readonly Level[];
  readonly hold: (offset: number, consumer: string | undefined) => void;
  readonly refuseLine: (offset: number, error: string | undefined) => void;
  readonly refuseChip: (path: string, error: string | undefined) => void;
  readonly setBusy: (isBusy: boolean) => void;
  /** Whether a chip that goes away wakes whoever watches its lines: kernels before 6.7 do not. */
  readonly setTellsDeath: (tells: boolean) => void;
  readonly openDescriptors: () => number;
  readonly flagsOf: (offset: number) => bigint | undefined;
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const putText = (bytes: Uint8Array, at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at);
const textAt = (bytes: Uint8Array, at: number): string =>
  new TextDecoder().decode(bytes.subarray(at, at + 32)).replace(/\0.*$/s, '');
const bit = (level: boolean): Level => (level ? 1 : 0);

const newLine = (): Line => ({ level: 0, holder: undefined, refusal: undefined, driven: [] });

type Attribute = { readonly id: number; readonly value: bigint; readonly mask: bigint };
const attributesOf = (view: DataView): readonly Attribute[] =>
  Array.from({ length: view.getUint32(296, true) }, (_none, index) => ({
    id: view.getUint32(320 + index * 24, true),
    value: view.getBigUint64(328 + index * 24, true),
    mask: view.getBigUint64(336 + index * 24, true),
  }));
const valueFor = (attributes: readonly Attribute[], id: number, index: number): bigint | undefined =>
  attributes.find((attribute) => attribute.id === id && ((attribute.mask >> BigInt(index)) & 1n) === 1n)?.value;

export const fakeGpio = (): FakeGpio => {
  const chips = new Map<string, ChipState>();
  const chipDescriptors = new Map<number, ChipState>();
  const held = new Map<number, Held>();
  const flags = new Map<Line, bigint>();
  let nextDescriptor = 10;
  let isBusy = false;
  let tellsDeath = true;
  let nowNs = 0n;

  const line = (offset: number): Line => {
    const found = [...chips.values()].map((chip) => chip.lines[offset]).find((candidate) => candidate !== undefined);
    if (!found) throw new Error(`no line ${offset}`);
    return found;
  };

  const lineInfo = (chip: ChipState, bytes: Uint8Array): string | undefined => {
    const offset = viewOf(bytes).getUint32(64, true);
    const found = chip.lines[offset];
    if (!found) return 'EINVAL';
    putText(bytes, 0, `GPIO${offset}`);
    putText(bytes, 32, found.holder ?? '');
    const direction = (flags.get(found) ?? 0n) & 8n;
    viewOf(bytes).setBigUint64(72, direction | (found.holder === undefined ? 0n : 1n), true);
    return undefined;
  };

  const refusalOf = (chip: ChipState, offsets: readonly number[]): string | undefined => {
    for (const offset of offsets) {
      const wanted = chip.lines[offset];
      if (!wanted) return 'EINVAL';
      if (wanted.refusal !== undefined) return wanted.refusal;
      if (wanted.holder !== undefined) return 'EBUSY';
    }
    return undefined;
  };

  const drive = (output: Line, level: Level): void => {
    output.level = level;
    output.driven.push(level);
  };

  const takeLines = (chip: ChipState, bytes: Uint8Array): string | undefined => {
    const view = viewOf(bytes);
    const offsets = Array.from({ length: view.getUint32(560, true) }, (_none, index) => view.getUint32(index * 4, true));
    const refusal = refusalOf(chip, offsets);
    if (refusal !== undefined) return refusal;
    const lines = offsets.flatMap((offset) => chip.lines[offset] ?? []);
    const attributes = attributesOf(view);
    const rule = view.getBigUint64(288, true);
    lines.forEach((taken, index) => {
      taken.holder = textAt(bytes, 256);
      flags.set(taken, valueFor(attributes, 1, index) ?? rule);
      const values = valueFor(attributes, 2, index);
      if ((rule & 8n) !== 0n) drive(taken, bit((((values ?? 0n) >> BigInt(index)) & 1n) === 1n));
    });
    const isListening = (rule & 0x30n) === 0x30n;
    const queueMax = view.getUint32(564, true);
    held.set(nextDescriptor, { chip, lines, offsets, queueMax, queue: [], isListening, ears: undefined, seqno: 0 });
    view.setInt32(588, nextDescriptor, true);
    nextDescriptor += 1;
    return undefined;
  };

  const chipCall = (chip: ChipState, call: number, bytes: Uint8Array): string | undefined => {
    if (chip.isGone) return 'ENODEV';
    if (call === 0xc100b405) return lineInfo(chip, bytes);
    if (call === 0xc250b407) return takeLines(chip, bytes);
    if (call !== 0x8044b401) return 'ENOTTY';
    putText(bytes, 32, chip.label);
    viewOf(bytes).setUint32(64, chip.lines.length, true);
    return undefined;
  };

  const lineCall = ({ chip, lines }: Held, call: number, bytes: Uint8Array): string | undefined => {
    if (chip.isGone) return 'ENODEV';
    const [bits, mask] = [viewOf(bytes).getBigUint64(0, true), viewOf(bytes).getBigUint64(8, true)];
    const chosen = lines.map((one, index) => ({ one, index })).filter(({ index }) => ((mask >> BigInt(index)) & 1n) === 1n);
    if (call === 0xc010b40f) for (const { one, index } of chosen) drive(one, bit(((bits >> BigInt(index)) & 1n) === 1n));
    const read = chosen.reduce((sum, { one, index }) => sum | (BigInt(one.level) << BigInt(index)), 0n);
    if (call === 0xc010b40e) viewOf(bytes).setBigUint64(0, read, true);
    return undefined;
  };

  const event = (owner: Held, offset: number, level: Level): Uint8Array => {
    const bytes = new Uint8Array(48);
    owner.seqno += 1;
    nowNs += 1_000_000n;
    viewOf(bytes).setBigUint64(0, nowNs, true);
    viewOf(bytes).setUint32(8, level === 1 ? 1 : 2, true);
    viewOf(bytes).setUint32(12, offset, true);
    viewOf(bytes).setUint32(16, owner.seqno, true);
    return bytes;
  };

  const wake = (): void => {
    for (const { queue, ears } of held.values()) if (!isBusy && queue.length > 0) ears?.onReadable();
  };

  const read = (descriptor: number, into: Uint8Array): ReturnType<Kernel['read']> => {
    const owner = held.get(descriptor);
    if (!owner || owner.chip.isGone) return { ok: false, error: 'ENODEV' };
    const events = owner.queue.splice(0, Math.floor(into.length / 48));
    if (events.length === 0) return { ok: false, error: 'EAGAIN' };
    events.forEach((bytes, index) => into.set(bytes, index * 48));
    return { ok: true, value: events.length * 48 };
  };

  const open = (path: string): ReturnType<Kernel['open']> => {
    const chip = chips.get(path);
    if (!chip || chip.refusal !== undefined) return { ok: false, error: chip?.refusal ?? 'ENOENT' };
    chipDescriptors.set(nextDescriptor, chip);
    nextDescriptor += 1;
    return { ok: true, value: nextDescriptor - 1 };
  };

  const close = (descriptor: number): void => {
    for (const released of held.get(descriptor)?.lines ?? []) released.holder = undefined;
    held.delete(descriptor);
    chipDescriptors.delete(descriptor);
  };

  const kernel: Kernel = {
    chipPaths: () => [...chips.keys()],
    open,
    close,
    ioctl: (descriptor, call, bytes) => {
      const chip = chipDescriptors.get(descriptor);
      if (chip) return chipCall(chip, call, bytes);
      const owner = held.get(descriptor);
      return owner ? lineCall(owner, call, bytes) : 'EBADF';
    },
    read,
    watch: (descriptor, ears) => {
      const owner = held.get(descriptor);
      if (owner) owner.ears = ears;
      return () => {
        if (owner) owner.ears = undefined;
      };
    },
  };

  return {
    kernel,
    addChip: (path, label, lines = 28) => {
      chips.set(path, { label, lines: Array.from({ length: lines }, newLine), isGone: false, refusal: undefined });
    },
    removeChip: (path) => {
      const chip = chips.get(path);
      if (!chip) return;
      chips.delete(path);
      chip.isGone = true;
      for (const owner of held.values()) if (owner.chip === chip && tellsDeath) owner.ears?.onDead();
    },
    turn: (offset, level) => {
      const turned = line(offset);
      if (turned.level === level) return;
      turned.level = level;
      for (const owner of held.values()) {
        if (!owner.lines.includes(turned) || !owner.isListening) continue;
        owner.queue.push(event(owner, offset, level));
        if (owner.queue.length > owner.queueMax) owner.queue.shift();
      }
      wake();
    },
    levelOf: (offset) => line(offset).level,
    drivenOf: (offset) => line(offset).driven,
    hold: (offset, consumer) => {
      line(offset).holder = consumer;
    },
    refuseLine: (offset, error) => {
      line(offset).refusal = error;
    },
    refuseChip: (path, error) => {
      const chip = chips.get(path);
      if (chip) chip.refusal = error;
    },
    setBusy: (busy) => {
      isBusy = busy;
      wake();
    },
    setTellsDeath: (tells) => {
      tellsDeath = tells;
    },
    openDescriptors: () => held.size + chipDescriptors.size,
    flagsOf: (offset) => flags.get(line(offset)),
  };
};
