/** Where people meet the controller: the keypads, and the control socket. Behind both are the same codes and the same core. */
import type { Site } from '../core/site.ts';
import type { Clock } from '../ports/clock.ts';
import type { Desk } from '../ports/control.ts';
import type { Keypads } from '../ports/lines.ts';
import type { Log } from '../ports/log.ts';
import type { Secrets } from '../ports/secrets.ts';
import { showBare } from './bareScreen.ts';
import { bareDesk, makeControlDesk } from './controlDesk.ts';
import type { ControlVerb } from './controlDesk.ts';
import type { Engine } from './engine.ts';
import { makeKeypadDesk } from './keypadDesk.ts';
import type { KeypadDesk } from './keypadDesk.ts';
import type { KeypadScreens } from './keypadScreens.ts';
import type { Ledger } from './ledger.ts';
import type { Machine } from './machine.ts';
import type { Credentials } from './people/credentials.ts';
import { peopleVerbs } from './people/desk.ts';
import type { PeopleDeskOptions } from './people/desk.ts';
import type { PeopleRules } from './people/rules.ts';
import type { RunningClock } from './runningClock.ts';

export type DesksOptions = {
  readonly machine: Machine;
  readonly site: Site;
  readonly language: 'fr' | 'en';
  readonly keypads: Keypads;
  /** What can be asked of the board's drivers. */
  readonly boardVerbs: readonly ControlVerb[];
  readonly secrets: Secrets;
  readonly peopleRules: PeopleRules;
  readonly clock: Clock;
  readonly log: Log;
};

export type DesksShell = {
  readonly options: DesksOptions;
  readonly engine: Engine;
  readonly running: RunningClock;
  readonly screens: KeypadScreens;
  readonly ledger: Ledger;
  readonly credentials: Credentials;
};

/** What the control socket asks. */
export const openDesks = async (shell: DesksShell): Promise<Desk> => {
  const { options } = shell;
  const ids = options.site.config.keypads.map(({ id }) => id);
  if (options.machine.kind === 'bare') {
    await showBare(options.keypads, ids, options.language);
    return bareDesk;
  }
  const desk = await openKeypads(shell, ids);
  return makeControlDesk([...peopleVerbs(peopleOptions(shell, desk)), ...options.boardVerbs], options.log);
};

const openKeypads = async (shell: DesksShell, ids: readonly string[]): Promise<KeypadDesk> => {
  const { options, engine, running, screens, credentials } = shell;
  const desk = makeKeypadDesk({
    secrets: options.secrets,
    lookup: credentials.lookup,
    submit: engine.submit,
    now: running.now,
    onProblem: screens.tellProblem,
    log: options.log,
  });
  await options.keypads.open(ids, {
    onKeys: (keypad, text, observedAtMs) => desk.onKeys(keypad, text, running.fromMachine(observedAtMs)),
    onBadge: (keypad, badge, observedAtMs) => desk.onBadge(keypad, badge, running.fromMachine(observedAtMs)),
    onPresence: (keypad, present) =>
      engine.submit({ kind: 'condition', condition: 'reader-offline', subject: keypad, on: !present }),
  });
  return desk;
};

const peopleOptions = ({ options, engine, ledger, credentials }: DesksShell, { nextBadge }: KeypadDesk): PeopleDeskOptions => ({
  site: options.site,
  rules: options.peopleRules,
  credentials,
  secrets: options.secrets,
  state: engine.state,
  submit: engine.submit,
  wallMs: options.clock.wallMs,
  isDegraded: () => ledger.isDegraded,
  nextBadge,
});
