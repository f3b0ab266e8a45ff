/**
 * What a person does at the demo's prompt, done: one command at a time, each answered in a line, while everything that
 * happens is shown as it comes.
 */
import { DEMO_CODES } from '../../config/demo.ts';
import type { SiteFile } from '../../config/siteFile.ts';
import type { DoorConfig, ZoneConfig } from '../../core/config.ts';
import type { KeypadsWatch } from './keypads.ts';
import type { OutputsWatch } from './outputs.ts';
import { actsOf, requestOf } from './board.ts';
import type { Act, Practice } from './board.ts';
import { understand } from './commands.ts';
import type { DemoCommand, Supply } from './commands.ts';
import type { CentreView } from './centreView.ts';
import type { DemoController } from './controller.ts';
import type { Network } from './network.ts';
import { unlockFromAfar } from './operator.ts';
import type { Screen } from './screen.ts';
import type { DemoWords } from './words.ts';

export type Stage = {
  readonly site: SiteFile;
  readonly words: DemoWords;
  readonly language: 'fr' | 'en';
  readonly screen: Screen;
  readonly practice: Practice;
  readonly controller: DemoController;
  readonly network: Network;
  readonly centre: CentreView;
  readonly keypads: KeypadsWatch;
  readonly outputs: OutputsWatch;
  /** Resolves after so long, or when the demo ends. */
  readonly pause: (ms: number) => Promise<void>;
};

/** A key takes effect within this time: what is typed next comes after it. */
const KEYS_SETTLE_MS = 500;

const say = ({ screen }: Stage, text: string): void => screen.log('demo', text);

/** True: the person wants to leave. */
export const obey = async (stage: Stage, line: string): Promise<boolean> => {
  const understood = understand(stage.site.core, line);
  if (understood.kind === 'nothing') return false;
  stage.screen.log('typed', line.trim());
  if (understood.kind === 'confused') {
    say(stage, stage.words.confusion(understood.confusion));
    return false;
  }
  const { command } = understood;
  if (command.verb === 'quit') return true;
  await perform(stage, command);
  return false;
};

const perform = async (stage: Stage, command: DemoCommand): Promise<void> => {
  const { words } = stage;
  switch (command.verb) {
    case 'keys':
      return atKeypad(stage, { keys: command.keypad.id, text: command.text });
    case 'badge':
      return showBadge(stage, command);
    case 'cut':
    case 'restore':
      return supply(stage, command);
    case 'remote':
      return unlock(stage, command.door);
    case 'kill':
      return killAndStart(stage);
    case 'wait':
      return stage.pause(command.seconds * 1_000);
    case 'state':
      return tellState(stage);
    case 'zones':
      return tellZones(stage);
    case 'codes':
      return tellCodes(stage);
    case 'help':
      return stage.screen.write(words.help);
    case 'quit':
      return undefined;
    default:
      return onBoard(stage, command);
  }
};

// ---- on the board

const onBoard = async (stage: Stage, command: DemoCommand): Promise<void> => {
  const acts = actsOf(stage.site.core, command) ?? [];
  if ('zone' in command && command.zone.sensing.kind === 'measure' && isContactVerb(command)) {
    return say(stage, stage.words.isAProbe(command.zone.name));
  }
  if (acts.length === 0) return say(stage, stage.words.nothingOfTheKind);
  say(stage, saidOf(stage, command));
  if (!stage.controller.link()) say(stage, stage.words.seenLater);
  for (const act of acts) await doAct(stage, act);
};

const isContactVerb = ({ verb }: DemoCommand): boolean =>
  verb === 'open' || verb === 'close' || verb === 'ajar' || verb === 'move';

/** Nobody opens and closes a door faster: commands from a pipe would make pulses too short to count. */
const HAND_MS = 60;

const doAct = async (stage: Stage, act: Act): Promise<void> => {
  await stage.pause(Math.max(act.afterMs, HAND_MS));
  stage.practice.apply(act);
  await stage.controller.link()?.ask(requestOf(act));
};

const saidOf = ({ words, site }: Stage, command: DemoCommand): string => {
  switch (command.verb) {
    case 'open':
      return isPresence(command.zone) ? words.moved(command.zone.name) : words.opened(command.zone.name);
    case 'close':
      return words.closed(command.zone.name);
    case 'ajar':
      return site.core.doors.some(({ contact, latch }) => contact === command.zone.id && latch !== undefined)
        ? words.ajar(command.zone.name)
        : words.notADoorWithLatch(command.zone.name);
    case 'move':
      return words.moved(command.zone.name);
    case 'press':
      return words.pressed(command.zone.name);
    case 'ring':
      return words.rang(command.door.name);
    case 'answer':
      return words.answered(command.door.name);
    case 'tear':
      return words.torn(command.zone.name);
    case 'mend':
      return words.mended(command.zone.name);
    case 'temperature': {
      const unit = command.zone.sensing.kind === 'measure' ? command.zone.sensing.unit : '';
      return words.temperature(command.zone.name, `${command.value} ${unit}`);
    }
    case 'leave':
    case 'enter':
    case 'panic':
    case 'key':
      return words.done[command.verb];
    default:
      return words.nothingOfTheKind;
  }
};

const isPresence = ({ type }: ZoneConfig): boolean => type === 'follower' || type === 'interior';

// ---- at a keypad

const atKeypad = async (stage: Stage, request: object): Promise<void> => {
  const link = stage.controller.link();
  if (!link) return say(stage, stage.words.notRunning);
  const answer = await link.ask(request);
  if (answer.kind === 'error') say(stage, answer.error);
  await stage.pause(KEYS_SETTLE_MS);
};

/** The demo badges are of 26 bits, left-aligned in four bytes. */
const BADGE_BITS = 26;

const showBadge = (stage: Stage, { keypad, user }: Extract<DemoCommand, { verb: 'badge' }>): Promise<void> | void => {
  const held = new Set(stage.site.credentials.map(({ digest }) => digest));
  const badge = DEMO_CODES.find((code) => code.kind === 'badge' && code.user === user.id && held.has(code.digest));
  if (!badge) return say(stage, stage.words.noBadge(user.name));
  return atKeypad(stage, { badge: keypad.id, bits: BADGE_BITS, hex: badge.text });
};

// ---- from afar

const unlock = ({ site, network, screen, language }: Stage, door: DoorConfig): void =>
  unlockFromAfar({
    broker: network.url,
    site: site.core.site,
    door,
    language,
    show: (text) => screen.log('operator', text),
  });

// ---- what can be cut

type Supplying = Extract<DemoCommand, { verb: 'cut' | 'restore' }>;

const isCut = ({ network, controller, practice, site }: Stage, which: Supply): boolean => {
  if (which === 'network') return !network.isUp();
  if (which === 'power') return controller.link() === undefined;
  return site.core.zones.some((zone) => zone.type === 'mains' && practice.isActive(zone));
};

const supply = async (stage: Stage, command: Supplying): Promise<void> => {
  const { words } = stage;
  const isCutting = command.verb === 'cut';
  if (isCut(stage, command.supply) === isCutting) return say(stage, words.already);
  say(stage, (isCutting ? words.cut : words.restored)[command.supply]);
  switch (command.supply) {
    case 'network':
      return isCutting ? stage.network.cut() : restoreNetwork(stage);
    case 'power':
      return isCutting ? stage.controller.kill() : startAgain(stage);
    case 'mains':
      for (const act of actsOf(stage.site.core, command) ?? []) await doAct(stage, act);
  }
};

const restoreNetwork = async (stage: Stage): Promise<void> => {
  if (!(await stage.network.restore())) say(stage, stage.words.noPort);
};

const killAndStart = async (stage: Stage): Promise<void> => {
  if (!stage.controller.link()) return say(stage, stage.words.notRunning);
  say(stage, stage.words.killed);
  await stage.controller.kill();
  await startAgain(stage);
};

export const startAgain = async (stage: Stage): Promise<void> => {
  const started = await stage.controller.start();
  if (started.ok) say(stage, stage.words.startedAgain((started.ms / 1_000).toFixed(1)));
  else stage.screen.log('demo', stage.words.notStarted, 'alarm');
};

// ---- telling

const tellState = (stage: Stage): void => {
  const { words, screen, site, keypads, outputs, network, controller, centre } = stage;
  for (const keypad of site.core.keypads) {
    const text = keypads.shown(keypad.id)?.text ?? [words.keypadOff];
    screen.log('keypad', `${keypad.name}${words.colon}`.trimEnd());
    for (const line of text) screen.log('demo', `  ${line}`);
    if (keypad.place === 'inside') break;
  }
  const on = outputs.on().map(({ name }) => name);
  screen.log('outputs', `${words.outputsOn}${words.colon}${on.length === 0 ? words.none : on.join(', ')}`);
  const { heard, acknowledged } = centre.counts();
  screen.log('centre', centre.isConnected() ? words.centreHeard(heard, acknowledged) : words.centreAway);
  say(stage, `${words.power(controller.link() !== undefined)} · ${words.network(network.isUp())}`);
  const moved = site.core.zones.filter((zone) => stage.practice.isActive(zone) || stage.practice.isTorn(zone.line));
  say(
    stage,
    moved.length === 0
      ? words.allAtRest
      : `${words.outOfRest}${words.colon}${moved.map((zone) => zoneState(stage, zone)).join(', ')}`,
  );
};

const zoneState = ({ practice, words }: Stage, { name, number, line }: ZoneConfig): string =>
  `${name} (${number})${practice.isTorn(line) ? ` – ${words.tornMark}` : ''}`;

const tellZones = (stage: Stage): void => {
  const { words, site, practice } = stage;
  say(stage, words.zonesTitle);
  for (const zone of site.core.zones) {
    const mark = practice.isTorn(zone.line) ? words.tornMark : practice.isActive(zone) ? words.active : '';
    say(stage, `  ${String(zone.number).padStart(3)}  ${zone.name.padEnd(26)} ${zone.id.padEnd(22)} ${mark}`.trimEnd());
  }
};

const tellCodes = (stage: Stage): void => {
  const { words, site } = stage;
  say(stage, words.codesTitle);
  const held = new Map(site.credentials.map((credential) => [credential.digest, credential]));
  for (const { digest, kind, meaning, text } of DEMO_CODES) {
    const credential = held.get(digest);
    if (!credential) continue;
    const name = site.core.users.find(({ id }) => id === credential.user)?.name ?? credential.user;
    say(stage, `  ${name.padEnd(26)} ${(kind === 'badge' ? words.badge : words.meanings[meaning]).padEnd(24)} ${text}`);
  }
};
