/**
 * The centre's side of the contract, pure: which messages are new, what is missing, what to acknowledge, who is silent.
 * The shell around it looks up what is stored under a number before the step (`known`) and does the effects in their
 * order: a `store` must be durable before the `acknowledge` after it is published.
 *
 * Terms: a lane's *head* is the last number up to which everything is stored; *beyond* it are numbers stored after a
 * gap. A *conflict* is a number that comes again with other contents: both are kept and shown. Times are the
 * receiver's own, in milliseconds; a site's clock is never compared with them.
 */
import { LANES } from '../core/event.ts';
import type { Lane } from '../core/event.ts';
import { SECOND, after } from '../core/time.ts';
import type { Wall } from '../core/time.ts';
import type { AckMessage, MarksMessage, SeqRange } from './centreMessages.ts';
import { wallOfIso } from './instant.ts';
import type { EventMessage, HeartbeatMessage, LanesProgress, StatusMessage } from './messages.ts';
import { numbersOf } from './eventBody.ts';
import { settled, withRange } from './ranges.ts';

export type ReceiverConfig = {
  /** A site is silent after this many heartbeat intervals without a word. */
  readonly missedHeartbeats: number;
  /** After the broker said that the connection was lost, time to come back. */
  readonly lostGraceMs: number;
  /** After `pendingUntil`, time for what follows it to arrive. */
  readonly pendingGraceMs: number;
  /** So many sites falling silent within `massWindowMs` are one event of the network, shown as such beside each of them. */
  readonly massSites: number;
  readonly massWindowMs: number;
};

export const receiverDefaults: ReceiverConfig = {
  missedHeartbeats: 3,
  lostGraceMs: 30 * SECOND,
  pendingGraceMs: 10 * SECOND,
  massSites: 5,
  massWindowMs: 60 * SECOND,
};

export type LaneRecord = { readonly head: number; readonly beyond: readonly SeqRange[] };
export type EpochRecord = { readonly epoch: string; readonly lanes: Readonly<Record<Lane, LaneRecord>> };

export type Silence = { readonly since: Wall; readonly reason: SilenceReason; readonly pending: boolean };
export type SilenceReason = 'heartbeat-missed' | 'connection-lost' | 'pending-expired' | 'stopped';

export type SiteRecord = {
  readonly site: string;
  /** Latest last. */
  readonly epochs: readonly EpochRecord[];
  readonly status: 'online' | 'offline' | 'unknown';
  readonly boot: number;
  readonly heardAt: Wall;
  /** Silent from then on. */
  readonly deadline: { readonly at: Wall; readonly reason: SilenceReason } | undefined;
  /** An entry or a hold runs at the site until then. */
  readonly pendingUntil: Wall | undefined;
  readonly intervalMs: number;
  readonly silence: Silence | undefined;
  /** What the site says it has sent: more than is stored means that something is on its way or lost. */
  readonly told: LanesProgress | undefined;
};

export type ReceiverState = {
  readonly sites: ReadonlyMap<string, SiteRecord>;
  /** The mass loss that runs was told. */
  readonly massLossTold: boolean;
};

export const initialReceiver: ReceiverState = { sites: new Map(), massLossTold: false };

export type ReceiverInput =
  /** `hash`: of `fingerprintOf(message)`; `known`: the hash stored under this site, epoch, lane and number. */
  | { readonly kind: 'event'; readonly message: EventMessage; readonly hash: string; readonly known: string | undefined }
  | { readonly kind: 'status'; readonly message: StatusMessage }
  | { readonly kind: 'heartbeat'; readonly message: HeartbeatMessage }
  | { readonly kind: 'tick' };

type Numbered = { readonly site: string; readonly epoch: string; readonly lane: Lane };

export type ReceiverEffect =
  | { readonly kind: 'store'; readonly message: EventMessage; readonly hash: string; readonly conflict: boolean }
  | { readonly kind: 'acknowledge'; readonly site: string; readonly ack: AckMessage }
  | { readonly kind: 'marks'; readonly site: string; readonly marks: MarksMessage }
  /** `missing`: may still come. `lost`: the site has had it acknowledged before, and it is not here. */
  | (Numbered & { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly cause: 'missing' | 'lost' })
  | (Numbered & { readonly kind: 'gap-filled'; readonly upTo: number })
  | (Numbered & { readonly kind: 'conflict'; readonly seq: number })
  | { readonly kind: 'new-epoch'; readonly site: string; readonly epoch: string; readonly previous: string | undefined }
  | { readonly kind: 'silent'; readonly site: string; readonly silence: Silence }
  | { readonly kind: 'heard-again'; readonly site: string; readonly silentMs: number }
  | { readonly kind: 'mass-loss'; readonly sites: readonly string[] }
  | { readonly kind: 'mass-loss-over' };

type ReceiverFrame = {
  readonly config: ReceiverConfig;
  readonly now: Wall;
  state: ReceiverState;
  readonly effects: ReceiverEffect[];
};

const noLane: LaneRecord = { head: 0, beyond: [] };
const DEFAULT_INTERVAL_MS = 30 * SECOND;

const newSite = (site: string, now: Wall): SiteRecord => ({
  site,
  epochs: [],
  status: 'unknown',
  boot: 0,
  heardAt: now,
  deadline: undefined,
  pendingUntil: undefined,
  intervalMs: DEFAULT_INTERVAL_MS,
  silence: undefined,
  told: undefined,
});

const siteOf = (frame: ReceiverFrame, site: string): SiteRecord => frame.state.sites.get(site) ?? newSite(site, frame.now);

const setSite = (frame: ReceiverFrame, site: string, change: Partial<SiteRecord>): void => {
  const changed = { ...siteOf(frame, site), ...change };
  frame.state = { ...frame.state, sites: new Map(frame.state.sites).set(site, changed) };
};

// ---- silence

const silenceDeadline = (frame: ReceiverFrame, record: SiteRecord): SiteRecord['deadline'] => {
  const missed = { at: after(frame.now, record.intervalMs * frame.config.missedHeartbeats), reason: 'heartbeat-missed' as const };
  if (record.pendingUntil === undefined) return missed;
  const expired = { at: after(record.pendingUntil, frame.config.pendingGraceMs), reason: 'pending-expired' as const };
  return expired.at < missed.at ? expired : missed;
};

/** A word from the site itself. */
const onHeard = (frame: ReceiverFrame, site: string, change: Partial<SiteRecord>): void => {
  const { silence } = siteOf(frame, site);
  setSite(frame, site, { ...change, heardAt: frame.now, silence: undefined });
  setSite(frame, site, { deadline: silenceDeadline(frame, siteOf(frame, site)) });
  if (silence) frame.effects.push({ kind: 'heard-again', site, silentMs: frame.now - silence.since });
};

const onSilent = (frame: ReceiverFrame, record: SiteRecord, reason: SilenceReason): void => {
  const silence = { since: record.heardAt, reason, pending: record.pendingUntil !== undefined };
  setSite(frame, record.site, { silence, deadline: undefined });
  frame.effects.push({ kind: 'silent', site: record.site, silence });
};

const lostLately = (frame: ReceiverFrame): readonly string[] =>
  [...frame.state.sites.values()]
    .filter(({ silence, heardAt }) => silence !== undefined && frame.now - heardAt <= lossWindow(frame.config))
    .map(({ site }) => site);

/** Sites cut off at one instant fall silent within one heartbeat of each other. */
const lossWindow = (config: ReceiverConfig): number => config.massWindowMs + DEFAULT_INTERVAL_MS * config.missedHeartbeats;

const correlate = (frame: ReceiverFrame): void => {
  const sites = lostLately(frame);
  const isMass = sites.length >= frame.config.massSites;
  if (isMass === frame.state.massLossTold) return;
  frame.state = { ...frame.state, massLossTold: isMass };
  frame.effects.push(isMass ? { kind: 'mass-loss', sites } : { kind: 'mass-loss-over' });
};

const onTime = (frame: ReceiverFrame): void => {
  for (const record of frame.state.sites.values()) {
    if (record.deadline && record.deadline.at <= frame.now) onSilent(frame, record, record.deadline.reason);
  }
};

/** When the receiver wants to be called next if nothing comes. */
export const nextReceiverDeadline = (state: ReceiverState): Wall | undefined => {
  const instants = [...state.sites.values()].flatMap(({ deadline }) => (deadline ? [deadline.at] : []));
  return instants.reduce<Wall | undefined>((lowest, at) => (lowest === undefined || at < lowest ? at : lowest), undefined);
};

// ---- numbers

const laneOf = (record: SiteRecord, epoch: string, lane: Lane): LaneRecord =>
  record.epochs.find((entry) => entry.epoch === epoch)?.lanes[lane] ?? noLane;

const setLane = (frame: ReceiverFrame, { site, epoch, lane }: Numbered, change: LaneRecord): void => {
  const { epochs } = siteOf(frame, site);
  const updated = epochs.map((entry) =>
    entry.epoch === epoch ? { ...entry, lanes: { ...entry.lanes, [lane]: change } } : entry,
  );
  setSite(frame, site, { epochs: updated });
};

const meetEpoch = (frame: ReceiverFrame, site: string, epoch: string, named: string | undefined): void => {
  const { epochs } = siteOf(frame, site);
  if (epochs.some((entry) => entry.epoch === epoch)) return;
  const latest = epochs.at(-1)?.epoch;
  setSite(frame, site, { epochs: [...epochs, { epoch, lanes: { alarm: noLane, event: noLane } }] });
  if (latest !== undefined) frame.effects.push({ kind: 'new-epoch', site, epoch, previous: named ?? latest });
};

const acknowledge = (frame: ReceiverFrame, { site, epoch, lane }: Numbered): void => {
  const { head, beyond } = laneOf(siteOf(frame, site), epoch, lane);
  const ack: AckMessage = { epoch, lane, seq: head, ...(beyond.length > 0 ? { also: beyond.slice(0, 16) } : {}) };
  frame.effects.push({ kind: 'acknowledge', site, ack });
};

const tellMarks = (frame: ReceiverFrame, site: string, epoch: string): void => {
  const record = siteOf(frame, site);
  const marks: MarksMessage = {
    v: 1,
    epoch,
    alarm: laneOf(record, epoch, 'alarm').head,
    event: laneOf(record, epoch, 'event').head,
  };
  frame.effects.push({ kind: 'marks', site, marks });
};

/** The numbers are stored, or known to be lost: the head moves on, or a gap is seen. */
const take = (frame: ReceiverFrame, numbered: Numbered, { from, to }: SeqRange): void => {
  const before = laneOf(siteOf(frame, numbered.site), numbered.epoch, numbered.lane);
  const top = before.beyond.at(-1)?.to ?? before.head;
  const next = to <= before.head ? before : settled(before.head, withRange(before.beyond, { from, to }));
  setLane(frame, numbered, next);
  if (from > top + 1) frame.effects.push({ ...numbered, kind: 'gap', from: top + 1, to: from - 1, cause: 'missing' });
  if (before.beyond.length > 0 && next.beyond.length === 0)
    frame.effects.push({ ...numbered, kind: 'gap-filled', upTo: next.head });
};

const onEvent = (frame: ReceiverFrame, { message, hash, known }: ReceiverInput & { readonly kind: 'event' }): void => {
  const { site, epoch, lane, seq } = message;
  const numbered = { site, epoch, lane };
  onHeard(frame, site, { boot: message.boot });
  meetEpoch(frame, site, epoch, message.previousEpoch);
  if (known !== undefined && known !== hash) {
    frame.effects.push({ kind: 'store', message, hash, conflict: true }, { ...numbered, kind: 'conflict', seq });
    tellMarks(frame, site, epoch);
    return;
  }
  if (known === undefined) frame.effects.push({ kind: 'store', message, hash, conflict: false });
  take(frame, numbered, numbersOf(message));
  acknowledge(frame, numbered);
};

/**
 * The site has had numbers acknowledged that are not here: the centre lost them (a restored backup). They will not come
 * again; the lane goes on behind them.
 */
const onTold = (frame: ReceiverFrame, site: string, epoch: string, told: LanesProgress): void => {
  for (const lane of LANES) {
    const before = laneOf(siteOf(frame, site), epoch, lane);
    const { acknowledged } = told[lane];
    if (acknowledged <= before.head) continue;
    const numbered = { site, epoch, lane };
    frame.effects.push({ ...numbered, kind: 'gap', from: before.head + 1, to: acknowledged, cause: 'lost' });
    setLane(frame, numbered, settled(acknowledged, before.beyond));
  }
  setSite(frame, site, { told });
};

// ---- status and heartbeat

const onOffline = (frame: ReceiverFrame, message: StatusMessage & { readonly status: 'offline' }): void => {
  const record = siteOf(frame, message.site);
  setSite(frame, message.site, { status: 'offline' });
  if (record.silence) return;
  if (message.reason === 'stopped') return onSilent(frame, siteOf(frame, message.site), 'stopped');
  const lost = { at: after(frame.now, frame.config.lostGraceMs), reason: 'connection-lost' as const };
  const sooner = record.deadline && record.deadline.at < lost.at ? record.deadline : lost;
  setSite(frame, message.site, { deadline: sooner });
};

const onStatus = (frame: ReceiverFrame, message: StatusMessage): void => {
  if (message.status === 'offline') return onOffline(frame, message);
  const { site, epoch, boot, lanes } = message;
  onHeard(frame, site, { status: 'online', boot });
  meetEpoch(frame, site, epoch, undefined);
  onTold(frame, site, epoch, lanes);
  tellMarks(frame, site, epoch);
};

/** How long the site's hold runs on: both instants are by its clock, so that its clock need not be right. */
const pendingFor = ({ at, pendingUntil }: HeartbeatMessage): number | undefined => {
  const from = wallOfIso(at);
  const until = pendingUntil === undefined ? undefined : wallOfIso(pendingUntil);
  return from === undefined || until === undefined ? undefined : Math.max(0, until - from);
};

const onHeartbeat = (frame: ReceiverFrame, message: HeartbeatMessage): void => {
  const { site, epoch, boot, lanes, intervalMs } = message;
  const pendingMs = pendingFor(message);
  const pendingUntil = pendingMs === undefined ? undefined : after(frame.now, pendingMs);
  onHeard(frame, site, { status: 'online', boot, intervalMs, pendingUntil });
  meetEpoch(frame, site, epoch, undefined);
  onTold(frame, site, epoch, lanes);
};

const hear = (frame: ReceiverFrame, input: ReceiverInput): void => {
  switch (input.kind) {
    case 'event':
      return onEvent(frame, input);
    case 'status':
      return onStatus(frame, input.message);
    case 'heartbeat':
      return onHeartbeat(frame, input.message);
    case 'tick':
      return;
  }
};

export const stepReceiver = (
  config: ReceiverConfig,
  state: ReceiverState,
  input: ReceiverInput,
  now: Wall,
): { readonly state: ReceiverState; readonly effects: readonly ReceiverEffect[] } => {
  const frame: ReceiverFrame = { config, now, state, effects: [] };
  onTime(frame);
  hear(frame, input);
  correlate(frame);
  return { state: frame.state, effects: frame.effects };
};

/** A receiver started anew knows its sites from its store; each has one silence limit from now to say something. */
export const restoredReceiver = (
  config: ReceiverConfig,
  sites: readonly { readonly site: string; readonly epochs: readonly EpochRecord[] }[],
  now: Wall,
): ReceiverState => {
  const at = after(now, DEFAULT_INTERVAL_MS * config.missedHeartbeats);
  const restored = sites.map(({ site, epochs }) => {
    const deadline = { at, reason: 'heartbeat-missed' as const };
    return [site, { ...newSite(site, now), epochs, deadline }] as const;
  });
  return { sites: new Map(restored), massLossTold: false };
};
