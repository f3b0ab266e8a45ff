/**
 * 7: a second reading of what operators do from afar. A command opens once, within the operator's share of the hour, and is
 * answered once with what came of it, as soon as the door knows nothing of it any more.
 */
import { lockIn, lockingDoors } from '../doorModel.ts';
import { grantsIn } from '../checks/grants.ts';
import type { Say, Stepped } from '../violation.ts';

const HOUR_MS = 3_600_000;

type Ledger = { readonly opened: Set<string>; readonly unanswered: Set<string>; readonly unlocks: Map<string, number[]> };

const noteUnlock = ({ unlocks }: Ledger, { site, after }: Stepped, operator: string, say: Say): void => {
  const recent = [...(unlocks.get(operator) ?? []).filter((at) => after.at - at < HOUR_MS), after.at];
  const most = site.config.operators.find(({ id }) => id === operator)?.perHour ?? 0;
  unlocks.set(operator, recent);
  if (recent.length > most) say('remote-too-often', `${operator}: ${recent.length} within an hour`);
};

const isKnownAtDoor = ({ site, after }: Stepped, command: string): boolean =>
  lockingDoors(site).some((door) => {
    const { release, passage } = lockIn(after, door);
    return release?.command === command || passage?.command === command;
  });

const follow = (ledger: Ledger, stepped: Stepped, say: Say): void => {
  for (const { kind, command, operator } of stepped.events) {
    if (command === undefined) continue;
    if (kind === 'access-granted') {
      if (ledger.opened.has(command)) say('remote-twice', command);
      ledger.opened.add(command);
      ledger.unanswered.add(command);
      if (operator !== undefined) noteUnlock(ledger, stepped, operator, say);
    }
    if (kind === 'access-ended' && !ledger.unanswered.delete(command)) say('remote-answered-again', command);
  }
};

export const commandsLedger = (): ((stepped: Stepped, say: Say) => void) => {
  const ledger: Ledger = { opened: new Set(), unanswered: new Set(), unlocks: new Map() };
  return (stepped, say) => {
    const { input } = stepped;
    if (input.kind === 'start') ledger.unanswered.clear();
    if (input.kind === 'start' && input.start.stateLost) ledger.unlocks.clear();
    follow(ledger, stepped, say);
    for (const command of ledger.unanswered) {
      if (!isKnownAtDoor(stepped, command)) say('remote-unanswered', `${command}: the door knows nothing of it any more`);
    }
    for (const { release } of grantsIn(stepped)) {
      if (release.command !== undefined && !ledger.opened.has(release.command)) say('remote-untold', release.command);
    }
  };
};
