/** From a checked file: its doors with their locks, and its outputs with the limits that the locks put on them. */
import type { DoorConfig, DoorId, OutputConfig, OutputRole } from '../core/config.ts';
import { dutyOf, lockOf } from './locks.ts';
import type { DoorDraft, OutputDraft, SiteDraft } from './shapes.ts';

const SIREN_ON_MAX_MS = 180_000;

const accessOf = ({ kind, access }: DoorDraft): DoorConfig['access'] =>
  access && {
    entry: access.entry,
    exit: access.exit,
    credential: access.credential ?? (kind === 'cupboard' || kind === 'safe' ? 'both' : 'either'),
    persons: access.persons,
    antiPassbackMs: access.antiPassback,
    freeAccess: access.freeAccess,
  };

const maxOnOfLock = (site: SiteDraft, door: DoorId): number | undefined =>
  Object.values(site.outputs).find((output) => output.role === 'lock' && output.door === door)?.maxOn;

export const doorOf = (site: SiteDraft, id: string, door: DoorDraft): DoorConfig => ({
  id,
  name: door.name,
  kind: door.kind,
  area: door.area,
  contact: door.contact,
  latch: door.latch,
  lock: door.lock && lockOf(door.lock, maxOnOfLock(site, id)),
  egress: door.egress,
  access: accessOf(door),
  exitRequest: door.exitRequest,
  permits: door.permits,
  requests: door.requests,
  bells: door.bells,
  greenBox: door.greenBox,
  interlock: door.interlock,
  remote: door.remote,
  openMs: door.heldAfter,
  preAlarmMs: door.warnBefore,
  escalateMs: door.centreAfter,
  latchMs: door.latchWithin,
  silenceMs: door.silenceAtMost,
});

const roleOf = (output: OutputDraft): OutputRole => {
  switch (output.role) {
    case 'siren':
      return { kind: 'siren', areas: output.areas, place: output.place };
    case 'sounder':
      return { kind: 'sounder', doors: output.doors };
    case 'buzzer':
      return { kind: 'buzzer', keypads: output.keypads };
    case 'armed-lamp':
      return { kind: 'armed-lamp', areas: output.areas };
    case 'alarm-light':
      return { kind: 'alarm-light', areas: output.areas };
    case 'lock':
      return { kind: 'lock', door: output.door, drive: output.drive };
  }
};

export const restLevelOf = (output: OutputDraft): 0 | 1 => (output.active === 'low' ? 1 : 0);

/** What holds where the output does not say it: a siren's limit, or what the coil of its lock bears. */
const limitsOf = (site: SiteDraft, output: OutputDraft): { readonly onMaxMs: number | undefined; readonly restMs: number } => {
  if (output.role === 'siren') return { onMaxMs: SIREN_ON_MAX_MS, restMs: 0 };
  const lock = output.role === 'lock' ? site.doors[output.door]?.lock : undefined;
  return lock ? dutyOf(lock) : { onMaxMs: undefined, restMs: 0 };
};

export const outputOf = (site: SiteDraft, id: string, output: OutputDraft): OutputConfig => ({
  id,
  name: output.name,
  line: output.output,
  role: roleOf(output),
  restLevel: restLevelOf(output),
  maxOnMs: output.maxOn ?? limitsOf(site, output).onMaxMs,
  minOffMs: output.minOff ?? limitsOf(site, output).restMs,
  onCrash: output.onCrash,
});
