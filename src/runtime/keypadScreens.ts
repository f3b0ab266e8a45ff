/** What keypads show: the view of the state in words, and for a moment why what was typed makes no sense. */
import type { KeypadId } from '../core/config.ts';
import type { KeypadView } from '../core/keypadView.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Monotonic } from '../core/time.ts';
import { english } from '../core/words/english.ts';
import { french } from '../core/words/french.ts';
import { viewLines } from '../core/words/say.ts';
import type { KeypadScreen, Keypads } from '../ports/lines.ts';
import { KEYPAD_PROBLEMS } from '../protocol/keypad.ts';
import { makePaced } from './paced.ts';
import type { KeypadProblem } from '../protocol/keypad.ts';

export type KeypadScreens = {
  /** At once, and after that not more often than eyes follow; what came meanwhile is shown then. */
  readonly show: (state: State, now: Monotonic) => void;
  readonly stop: () => void;
  /** Counts down what is shown, where something counts down. */
  readonly refresh: (now: Monotonic) => void;
  readonly tellProblem: (keypad: KeypadId, problem: KeypadProblem | 'busy') => void;
};

const BUSY = { fr: 'Un instant, puis recommencez.', en: 'One moment, then start again.' } as const;

const isSame = (a: KeypadScreen | undefined, b: KeypadScreen): boolean =>
  a !== undefined &&
  a.tone === b.tone &&
  a.light === b.light &&
  a.text.length === b.text.length &&
  a.text.every((line, index) => line === b.text[index]);

type Moment = { readonly state: State; readonly now: Monotonic };

const SHOW_EVERY_MS = 50;

export const makeKeypadScreens = (
  site: Site,
  language: 'fr' | 'en',
  keypads: Pick<Keypads, 'show'>,
  viewOf: (state: State, keypad: KeypadId) => KeypadView,
): KeypadScreens => {
  const shown = new Map<KeypadId, KeypadScreen>();
  let last: State | undefined;
  const words = language === 'fr' ? french : english;

  const put = (keypad: KeypadId, screen: KeypadScreen): void => {
    if (isSame(shown.get(keypad), screen)) return;
    shown.set(keypad, screen);
    keypads.show(keypad, screen);
  };

  const showAll = ({ state, now }: Moment): void => {
    for (const { id } of site.config.keypads) {
      const view = viewOf(state, id);
      put(id, { text: viewLines({ site, words, now }, view), tone: view.tone?.pattern ?? 'none', light: view.light });
    }
  };

  const paced = makePaced<Moment>(SHOW_EVERY_MS, showAll);
  const show = (state: State, now: Monotonic): void => {
    last = state;
    paced.put({ state, now });
  };

  return {
    show,
    refresh: (now) => {
      if (last?.durable.areas.some(({ arming }) => arming.state === 'exiting' || arming.state === 'entering')) show(last, now);
    },
    stop: paced.stop,
    tellProblem: (keypad, problem) => {
      const sentence = problem === 'busy' ? BUSY[language] : KEYPAD_PROBLEMS[problem][language];
      put(keypad, { text: [sentence], tone: 'none', light: 'refused' });
    },
  };
};
