/**
 * 1: from the button to the way out. Who pressed is out of the airlock's wait within 10 s, and then has the door for its
 * whole time, whatever comes between but a restart, which nobody outlives, and the leaf that has opened.
 */
import { writeOrder } from '../../../src/core/output.ts';
import { LONGEST_WAIT_MS, isKept, isOut, pressedIn } from '../checks/egress.ts';
import { doorIn, leafIn, lockIn, lockOutputsOf, lockingDoors, signalIn, valuesIn } from '../doorModel.ts';
import type { Door } from '../doorModel.ts';
import type { Say, Stepped } from '../violation.ts';

/** `freeAt`: since when it lets go; undefined: still waited for. */
type Wish = { readonly door: Door; readonly pressedAt: number; freeAt: number | undefined };

/** A motor that does not turn is told; the next press tries again. */
const isInVain = ({ after }: Stepped, { door }: Wish): boolean =>
  door.config.lock?.kind === 'motor' && doorIn(after, door).lockFault === 'unlock-failed';

const isOver = (stepped: Stepped, wish: Wish): boolean => {
  const { site, after } = stepped;
  const { door, freeAt } = wish;
  if (freeAt === undefined) return false;
  const hasGone = leafIn(site, after, door) !== 'closed';
  return hasGone || after.at >= freeAt + (door.config.lock?.releaseMs ?? 0) || isInVain(stepped, wish);
};

const awaitLeave = (stepped: Stepped, wish: Wish, say: Say): void => {
  const { after } = stepped;
  const { door, pressedAt } = wish;
  const { exitWaits } = lockIn(after, door);
  if (!exitWaits && isOut(stepped, door)) wish.freeAt = after.at;
  else if (after.at >= pressedAt + LONGEST_WAIT_MS)
    say('locked-in-airlock', `${door.config.id} holds for ${after.at - pressedAt} ms`);
  else if (!exitWaits && !isKept(stepped, after, door)) say('wish-forgotten', `${door.config.id}: nobody waits any more`);
};

const keep = (stepped: Stepped, { door, freeAt }: Wish, say: Say): void => {
  const { site, after } = stepped;
  const { id } = door.config;
  if (!isOut(stepped, door)) say('exit-cut-short', `${id} holds again ${after.at - (freeAt ?? 0)} ms after it let go`);
  const values = valuesIn(site, after);
  for (const { config, index } of lockOutputsOf(site, door)) {
    if (writeOrder(site, after, config.role, values[index] ?? 'off') === 'grants') say('exit-waits-for-disk', id);
  }
};

/** A box that was pulled is, until it is seen to be put back: a line that is cut tells nothing. */
const watchBoxes = (pulled: Set<string>, { site, before, after }: Stepped, say: Say): void => {
  for (const door of lockingDoors(site)) {
    const { greenBox, id } = door.config;
    if (greenBox === undefined) continue;
    const signal = signalIn(site, after, greenBox);
    if (signal === 'active') pulled.add(greenBox);
    if (signal === 'normal') pulled.delete(greenBox);
    const isLocked = doorIn(before, door).egressHeld && !doorIn(after, door).egressHeld;
    if (isLocked && pulled.has(greenBox)) say('box-not-put-back', `${id} locks and ${greenBox} is ${signal}`);
  }
};

export const egressLedger = (): ((stepped: Stepped, say: Say) => void) => {
  const wishes = new Map<string, Wish>();
  const pulled = new Set<string>();
  return (stepped, say) => {
    const { input, after } = stepped;
    if (input.kind === 'start') wishes.clear();
    if (input.kind === 'start' && input.start.stateLost) pulled.clear();
    watchBoxes(pulled, stepped, say);
    for (const door of pressedIn(stepped)) {
      const standing = wishes.get(door.config.id);
      const pressedAt = standing && standing.freeAt === undefined ? standing.pressedAt : after.at;
      wishes.set(door.config.id, { door, pressedAt, freeAt: undefined });
    }
    for (const [id, wish] of wishes) {
      if (wish.freeAt === undefined) awaitLeave(stepped, wish, say);
      if (isOver(stepped, wish)) wishes.delete(id);
      else if (wish.freeAt !== undefined) keep(stepped, wish, say);
    }
  };
};
