/** From a checked file to what the core and the shell read. Every default that depends on something else is filled in here. */
import type {
  AreaConfig,
  AutoArmConfig,
  Config,
  KeypadConfig,
  OperatorConfig,
  Sensing,
  UserConfig,
  ZoneConfig,
} from '../core/config.ts';
import type { Hours, Schedule } from '../core/schedule.ts';
import { doorOf, outputOf, restLevelOf } from './buildDoors.ts';
import { DEMO_DIGESTS, isDemoKey } from './demo.ts';
import { bandsOf } from './loops.ts';
import type {
  AreaDraft,
  BusDraft,
  KeypadDraft,
  OperatorDraft,
  OutputDraft,
  ScheduleDraft,
  SiteDraft,
  UserDraft,
  ZoneDraft,
} from './shapes.ts';
import { opensByDefault } from './userDoors.ts';
import type {
  BusConfig,
  InputLine,
  MqttConfig,
  OutputLine,
  PortReaderConfig,
  ReaderConfig,
  SiteCredential,
  SiteFile,
  SiteOperator,
  SiteTools,
} from './siteFile.ts';
import { readDate, readPublicKey, readWeekdays } from './text.ts';
import { boardConfigOf, expanderConfigsOf, stationConfigsOf, wired } from './wired.ts';
import type { Wiring } from './wiring.ts';

const autoArmOf = (autoArm: AreaDraft['autoArm']): AutoArmConfig | undefined =>
  autoArm && {
    schedule: autoArm.schedule,
    mode: autoArm.mode,
    warningMs: autoArm.warning,
    postponeMs: autoArm.postpone,
    postponements: autoArm.postponements,
    retryMs: autoArm.retry,
  };

const areaOf = (id: string, area: AreaDraft): AreaConfig => ({
  id,
  name: area.name,
  common: area.common,
  exitEnd: area.exit,
  exitDelayMs: area.exitDelay,
  entryDelayMs: area.entryDelay,
  abortMs: area.abort,
  confirmationMs: area.confirmation,
  sirenMs: area.siren,
  sirenCycles: area.sirenCycles,
  quietMs: area.quiet,
  unvacated: area.unvacated,
  openingConfirmMs: area.openingConfirm,
  checklist: area.checklist,
  blockers: area.blockers,
  autoArm: autoArmOf(area.autoArm),
  tamperReset: area.tamperReset,
});

// ---- zones

/** Active is the open loop of a normally closed contact; an open loop reads as its bias pulls it. */
const activeLevelOf = (zone: ZoneDraft): 0 | 1 => {
  const openLevel = zone.bias === 'pull-down' ? 0 : 1;
  return zone.contact === 'normally-closed' ? openLevel : openLevel === 1 ? 0 : 1;
};

const sensingOf = (zone: ZoneDraft): Sensing => {
  const { loop, measure } = zone;
  if (loop) return { kind: 'loop', bands: bandsOf(loop, zone.contact) };
  if (!measure) return { kind: 'digital', activeLevel: activeLevelOf(zone) };
  const { unit, low, high, hysteresis, atZero, atFull, delay } = measure;
  return { kind: 'measure', unit, offset: atZero, scale: atFull - atZero, low, high, hysteresis, delayMs: delay };
};

/** One door's contact, latch and forced are one group by themselves. */
const confirmGroupOf = (site: SiteDraft, id: string, zone: ZoneDraft): string => {
  if (zone.confirmGroup !== undefined) return `group:${zone.confirmGroup}`;
  const door = Object.entries(site.doors).find(([, { contact, latch }]) => contact === id || latch === id);
  return door ? `door:${door[0]}` : `zone:${id}`;
};

const keyswitchOf = (zone: ZoneDraft): ZoneConfig['keyswitch'] => {
  if (zone.type !== 'keyswitch') return undefined;
  return zone.keyswitch ?? { arms: true, disarms: false, mode: 'full' };
};

const zoneOf = (site: SiteDraft, id: string, zone: ZoneDraft): ZoneConfig => ({
  id,
  number: zone.number,
  name: zone.name,
  area: zone.area,
  type: zone.type,
  line: zone.input,
  sensing: sensingOf(zone),
  debounceMs: zone.debounce,
  pulseCount: zone.pulseCount,
  pulseWindowMs: zone.pulseWindow,
  chime: zone.chime ?? zone.type === 'entry-exit',
  bypassable: zone.bypassable ?? zone.type !== 'holdup-silent',
  duty: zone.duty,
  occupancy: zone.occupancy,
  final: zone.final,
  soakDays: zone.soakDays,
  swinger: zone.swinger,
  notSeenDays: zone.notSeenDays,
  confirmGroup: confirmGroupOf(site, id, zone),
  faultWhenArmed: zone.faultWhenArmed,
  accessKeypad: zone.accessKeypad,
  keyswitch: keyswitchOf(zone),
});

const inputLineOf = (zone: ZoneDraft): InputLine => {
  if (zone.loop || zone.measure) return { line: zone.input, kind: 'analog', bias: 'none' };
  return { line: zone.input, kind: 'digital', bias: zone.bias ?? 'pull-up' };
};

// ---- doors, outputs, keypads

const outputLineOf = (output: OutputDraft): OutputLine => ({ line: output.output, restLevel: restLevelOf(output) });

const keypadOf = (id: string, keypad: KeypadDraft): KeypadConfig => ({
  id,
  name: keypad.name,
  areas: keypad.areas,
  place: keypad.place,
});

const readerOf = (keypad: string, { reader }: KeypadDraft): readonly ReaderConfig[] => {
  if (reader?.kind !== 'osdp') return [];
  const { kind, bus, address, secure } = reader;
  return [{ kind, keypad, bus, address, isSecure: secure === 'required' }];
};

const portReaderOf = (keypad: string, { reader }: KeypadDraft): readonly PortReaderConfig[] =>
  reader === undefined || reader.kind === 'osdp' ? [] : [{ keypad, ...reader }];

const busOf = (id: string, { port, baud }: BusDraft): BusConfig => ({ id, port, baudRate: baud });

// ---- people

const userOf = (site: SiteDraft, tools: SiteTools, id: string, user: UserDraft): UserConfig => ({
  id,
  name: user.name,
  role: user.role,
  areas: user.areas ?? Object.keys(site.areas),
  doors:
    user.doors ?? Object.keys(site.doors).filter((door) => opensByDefault(user, site.doors[door], Object.entries(site.areas))),
  extendedTimes: user.extendedTimes,
  validFrom: user.validFrom === undefined ? undefined : tools.midnight(user.validFrom, site.timezone),
  validUntil: user.validUntil === undefined ? undefined : tools.midnight(user.validUntil + 1, site.timezone),
  hours: user.hours,
  oneShot: user.oneShot ?? user.role === 'guard',
});

const credentialsOf = (user: string, draft: UserDraft): SiteCredential[] => {
  const code = (meaning: SiteCredential['meaning'], digest: string | undefined): SiteCredential[] =>
    digest === undefined ? [] : [{ user, kind: 'code', meaning, digest }];
  return [
    ...code('normal', draft.code),
    ...code('duress', draft.duress),
    ...code('not-normal', draft.notNormal),
    ...draft.badges.map((digest): SiteCredential => ({ user, kind: 'badge', meaning: 'normal', digest })),
  ];
};

const operatorOf = (id: string, { name, doors, hours, perHour }: OperatorDraft): OperatorConfig => ({
  id,
  name,
  doors,
  hours,
  perHour,
});

const operatorKeyOf = (id: string, { publicKey }: OperatorDraft): SiteOperator => ({ id, publicKey: readPublicKey(publicKey) });

// ---- schedules and the path to the centre

const weekdaysOf = (weekly: ScheduleDraft['weekly']): readonly (readonly Hours[])[] => {
  const days: (readonly Hours[])[] = Array.from({ length: 7 }, () => []);
  for (const [key, hours] of Object.entries(weekly ?? {})) {
    for (const day of readWeekdays(key)) days[day] = hours;
  }
  return days;
};

const exceptionsOf = (exceptions: ScheduleDraft['exceptions']): { readonly day: number; readonly hours: readonly Hours[] }[] =>
  Object.entries(exceptions).flatMap(([date, hours]) => {
    const day = readDate(date);
    return day === undefined ? [] : [{ day, hours }];
  });

const scheduleOf = (id: string, schedule: ScheduleDraft): Schedule => {
  if (schedule.outside !== undefined) return { kind: 'outside', id, of: schedule.outside, marginMs: schedule.margin };
  return {
    kind: 'weekly',
    id,
    weekdays: weekdaysOf(schedule.weekly),
    holidays: schedule.holidays,
    onHolidays: schedule.onHolidays,
    exceptions: exceptionsOf(schedule.exceptions),
    closures: schedule.closures.map(({ from, to, name }) => ({ first: from, last: to, name })),
  };
};

const mqttOf = (site: SiteDraft): MqttConfig | undefined =>
  site.mqtt && {
    broker: site.mqtt.broker,
    clientId: site.mqtt.clientId ?? `vigie-${site.site}`,
    keepaliveMs: site.mqtt.keepalive,
    username: site.mqtt.username,
    passwordFile: site.mqtt.passwordFile,
    tls: site.mqtt.tls && { ca: site.mqtt.tls.ca, cert: site.mqtt.tls.cert, key: site.mqtt.tls.key },
  };

// ---- the site

const each = <D, T>(entries: Readonly<Record<string, D>>, make: (id: string, draft: D) => T): T[] =>
  Object.entries(entries).map(([id, draft]) => make(id, draft));

const coreOf = (site: SiteDraft, tools: SiteTools): Config => ({
  site: site.site,
  name: site.name,
  timezone: site.timezone,
  areas: each(site.areas, areaOf),
  zones: each(site.zones, (id, zone) => zoneOf(site, id, zone)),
  doors: each(site.doors, (id, door) => doorOf(site, id, door)),
  outputs: each(site.outputs, (id, output) => outputOf(site, id, output)),
  keypads: each(site.keypads, keypadOf),
  users: each(site.users, (id, user) => userOf(site, tools, id, user)),
  operators: each(site.operators, operatorOf),
  supervision: {
    mainsDelayMs: site.supervision.mains,
    batteryDelayMs: site.supervision.battery,
    testReportMs: site.supervision.testReport,
    faultAlarmMs: site.supervision.faultAlarm,
    warmUpMs: site.supervision.warmUp,
    holdupWindowMs: site.supervision.holdupWindow,
    chatterMs: site.supervision.chatter,
  },
  lockout: { tries: site.lockout.tries, windowMs: site.lockout.window, lockMs: site.lockout.lock },
});

const backupSupervised = (site: SiteDraft): boolean => {
  const types = new Set(Object.values(site.zones).map(({ type }) => type));
  return types.has('mains') && types.has('battery-low');
};

export const siteFileOf = (written: SiteDraft, text: string, tools: SiteTools, wiring: Wiring): SiteFile => {
  const site = wired(written, wiring);
  const credentials = each(site.users, credentialsOf).flat();
  return {
    core: coreOf(site, tools),
    board: boardConfigOf(site, wiring),
    expanders: expanderConfigsOf(site, wiring),
    stations: stationConfigsOf(site, wiring),
    inputs: Object.values(site.zones).map(inputLineOf),
    outputs: Object.values(site.outputs).map(outputLineOf),
    keypads: Object.keys(site.keypads),
    buses: each(site.buses, busOf),
    readers: each(site.keypads, readerOf).flat(),
    portReaders: each(site.keypads, portReaderOf).flat(),
    watchdog: site.watchdog,
    mqtt: mqttOf(site),
    credentials,
    operators: each(site.operators, operatorKeyOf),
    security: { salt: site.security.salt, pepperFile: site.security.pepperFile },
    schedules: each(site.schedules, scheduleOf),
    retention: { accessMs: site.retention.access },
    backupSupervised: backupSupervised(site),
    demoUsers: [...new Set(credentials.filter(({ digest }) => DEMO_DIGESTS.has(digest)).map(({ user }) => user))],
    demoOperators: Object.keys(site.operators).filter((id) => isDemoKey(site.operators[id]?.publicKey)),
    hash: tools.hash(text),
  };
};
