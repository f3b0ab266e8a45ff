/**
 * The life of the link to one board, apart from all input and output: what was heard goes in with its time, what is to be
 * done comes out.
 *
 * - **generation**: the number of a connection. Each has objects of its own, and whatever comes from an earlier one is late
 *   and ignored, so that nothing of a dead connection is acted on or sent again.
 * - **closed** → **opening** the port → **handshaking** until the board has told what it is → **arming**: modes, outputs,
 *   reports, until all is verified → **up**.
 * - **doubtful**: the port is open and nobody answers. The lines are lost. A board that comes back within `doubtMs` (a reset
 *   takes about 2 s) is armed again on the same connection, since opening a port resets many boards; else it is opened anew.
 * - **beat**: a question to the board, whose answer alone says that it lives: what it tells unasked proves only half of the line.
 */

/** Why the board cannot be used, or could not for a while. */
export type LinkTrouble =
  | 'port-missing'
  | 'no-permission'
  | 'port-busy'
  | 'cannot-open'
  | 'unplugged'
  | 'silent'
  | 'not-firmata'
  | 'pins-missing'
  | 'not-taking-orders'
  | 'no-answer'
  | 'restarted'
  | 'put-at-rest'
  | 'settings-lost'
  | 'writes-pile-up';

export type OpenFailure = Extract<LinkTrouble, 'port-missing' | 'no-permission' | 'port-busy' | 'cannot-open'>;

/** Times in milliseconds. */
export const LINK_TIMES = {
  openMs: 3_000,
  /** A board that its port's opening has reset boots for 2 to 3 s. */
  handshakeMs: 6_000,
  askMs: 500,
  /** A Mega full of lines takes a fifth of a second. */
  armMs: 4_000,
  beatMs: 250,
  /** Nothing answered for so long: the lines are lost. */
  silentMs: 1_000,
  doubtMs: 4_000,
  retryMinMs: 250,
  retryMaxMs: 2_000,
} as const;

export type LinkPhase =
  | { readonly name: 'closed'; /** undefined: nobody wants it. */ readonly retryAtMs: number | undefined }
  | { readonly name: 'opening'; readonly untilMs: number }
  | { readonly name: 'handshaking'; readonly untilMs: number; readonly askAtMs: number; readonly hasHeard: boolean }
  | { readonly name: 'arming'; readonly untilMs: number; readonly beatAtMs: number }
  | { readonly name: 'up'; readonly aliveAtMs: number; readonly beatAtMs: number }
  | { readonly name: 'doubtful'; readonly untilMs: number; readonly beatAtMs: number };

export type LinkState = {
  readonly phase: LinkPhase;
  readonly generation: number;
  /** Attempts since it was last up. */
  readonly failures: number;
  /** What was said last, so that each change is said once. */
  readonly said: LinkTrouble | 'up' | undefined;
};

/** What the connection `generation` tells. */
export type Heard =
  | { readonly kind: 'opened' }
  | { readonly kind: 'open-failed'; readonly reason: OpenFailure }
  | { readonly kind: 'closed' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'unfit' }
  | { readonly kind: 'armed' }
  | { readonly kind: 'alive' }
  /** The board's settings are not what they were made: it has to be armed again. */
  | { readonly kind: 'unset'; readonly reason: 'restarted' | 'put-at-rest' | 'settings-lost' }
  | { readonly kind: 'writes-pile-up' };

export type LinkInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'tick' }
  | { readonly kind: 'heard'; readonly generation: number; readonly heard: Heard };

export type LinkEffect =
  | { readonly kind: 'open'; readonly generation: number }
  | { readonly kind: 'close' }
  /** Ask the board who it is: what was sent while it booted is lost. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'arm' }
  | { readonly kind: 'beat' }
  /** Nothing that was read holds any more, and no output does what it is told. */
  | { readonly kind: 'lose' }
  /** Everything is verified: the lines are back. */
  | { readonly kind: 'restore' }
  | { readonly kind: 'say'; readonly what: LinkTrouble | 'up' };

export type LinkStep = { readonly state: LinkState; readonly effects: readonly LinkEffect[] };

export const CLOSED_LINK: LinkState = {
  phase: { name: 'closed', retryAtMs: undefined },
  generation: 0,
  failures: 0,
  said: undefined,
};

// ---- transitions

const unchanged = (state: LinkState): LinkStep => ({ state, effects: [] });

const say = (state: LinkState, what: LinkTrouble | 'up'): readonly LinkEffect[] =>
  state.said === what ? [] : [{ kind: 'say', what }];

const loss = ({ phase }: LinkState): readonly LinkEffect[] => (phase.name === 'up' ? [{ kind: 'lose' }] : []);

const retryAfterMs = (failures: number): number =>
  Math.min(LINK_TIMES.retryMaxMs, LINK_TIMES.retryMinMs * 2 ** Math.min(failures, 10));

const open = (state: LinkState, now: number): LinkStep => {
  const generation = state.generation + 1;
  return {
    state: { ...state, generation, phase: { name: 'opening', untilMs: now + LINK_TIMES.openMs } },
    effects: [{ kind: 'open', generation }],
  };
};

/** Whatever the connection was, it is over; the next one is tried after a while, for ever. */
const giveUp = (state: LinkState, trouble: LinkTrouble, now: number): LinkStep => ({
  state: {
    ...state,
    phase: { name: 'closed', retryAtMs: now + retryAfterMs(state.failures) },
    failures: state.failures + 1,
    said: trouble,
  },
  effects: [...loss(state), { kind: 'close' }, ...say(state, trouble)],
});

const doubt = (state: LinkState, now: number): LinkStep => ({
  state: {
    ...state,
    said: 'no-answer',
    phase: { name: 'doubtful', untilMs: now + LINK_TIMES.doubtMs, beatAtMs: now + LINK_TIMES.beatMs },
  },
  effects: [...loss(state), ...say(state, 'no-answer'), { kind: 'beat' }],
});

const arm = (state: LinkState, now: number, trouble?: LinkTrouble): LinkStep => ({
  state: {
    ...state,
    said: trouble ?? state.said,
    phase: { name: 'arming', untilMs: now + LINK_TIMES.armMs, beatAtMs: now + LINK_TIMES.beatMs },
  },
  effects: [...loss(state), ...(trouble ? say(state, trouble) : []), { kind: 'arm' }],
});

const restore = (state: LinkState, now: number): LinkStep => ({
  state: {
    ...state,
    failures: 0,
    said: 'up',
    phase: { name: 'up', aliveAtMs: now, beatAtMs: now + LINK_TIMES.beatMs },
  },
  effects: [{ kind: 'restore' }, ...say(state, 'up')],
});

const handshake = (state: LinkState, now: number): LinkStep => ({
  state: {
    ...state,
    phase: {
      name: 'handshaking',
      untilMs: now + LINK_TIMES.handshakeMs,
      askAtMs: now + LINK_TIMES.askMs,
      hasHeard: false,
    },
  },
  effects: [{ kind: 'ask' }],
});

const stop = (state: LinkState): LinkStep => ({
  state: { ...state, generation: state.generation + 1, phase: { name: 'closed', retryAtMs: undefined }, failures: 0 },
  effects: state.phase.name === 'closed' ? [] : [{ kind: 'close' }],
});

// ---- what is heard

const isArmed = ({ name }: LinkPhase): boolean => name === 'arming' || name === 'up' || name === 'doubtful';

const onAlive = (state: LinkState, now: number): LinkStep => {
  const { phase } = state;
  if (phase.name === 'up') return unchanged({ ...state, phase: { ...phase, aliveAtMs: now } });
  return phase.name === 'doubtful' ? arm(state, now) : unchanged(state);
};

const onHeard = (state: LinkState, heard: Heard, now: number): LinkStep => {
  const { phase } = state;
  if (phase.name === 'closed') return unchanged(state);
  switch (heard.kind) {
    case 'opened':
      return phase.name === 'opening' ? handshake(state, now) : unchanged(state);
    case 'open-failed':
      return giveUp(state, heard.reason, now);
    case 'closed':
      return giveUp(state, 'unplugged', now);
    case 'bytes':
      return phase.name === 'handshaking' ? unchanged({ ...state, phase: { ...phase, hasHeard: true } }) : unchanged(state);
    case 'ready':
      return phase.name === 'handshaking' ? arm(state, now) : unchanged(state);
    case 'unfit':
      return giveUp(state, 'pins-missing', now);
    case 'armed':
      return phase.name === 'arming' ? restore(state, now) : unchanged(state);
    case 'alive':
      return onAlive(state, now);
    case 'unset':
      return isArmed(phase) ? arm(state, now, heard.reason) : unchanged(state);
    case 'writes-pile-up':
      return giveUp(state, 'writes-pile-up', now);
  }
};

// ---- what time brings

const beaten = <P extends { readonly beatAtMs: number }>(state: LinkState, phase: P & LinkPhase, now: number): LinkStep => {
  if (now < phase.beatAtMs) return unchanged(state);
  return { state: { ...state, phase: { ...phase, beatAtMs: now + LINK_TIMES.beatMs } }, effects: [{ kind: 'beat' }] };
};

const onTick = (state: LinkState, now: number): LinkStep => {
  const { phase } = state;
  switch (phase.name) {
    case 'closed':
      return phase.retryAtMs !== undefined && now >= phase.retryAtMs ? open(state, now) : unchanged(state);
    case 'opening':
      return now >= phase.untilMs ? giveUp(state, 'cannot-open', now) : unchanged(state);
    case 'handshaking':
      if (now >= phase.untilMs) return giveUp(state, phase.hasHeard ? 'not-firmata' : 'silent', now);
      if (now < phase.askAtMs) return unchanged(state);
      return { state: { ...state, phase: { ...phase, askAtMs: now + LINK_TIMES.askMs } }, effects: [{ kind: 'ask' }] };
    case 'arming':
      return now >= phase.untilMs ? giveUp(state, 'not-taking-orders', now) : beaten(state, phase, now);
    case 'up':
      return now >= phase.aliveAtMs + LINK_TIMES.silentMs ? doubt(state, now) : beaten(state, phase, now);
    case 'doubtful':
      return now >= phase.untilMs ? giveUp(state, 'no-answer', now) : beaten(state, phase, now);
  }
};

/** `now` is machine time in milliseconds and never falls. */
export const stepLink = (state: LinkState, input: LinkInput, now: number): LinkStep => {
  switch (input.kind) {
    case 'start':
      return state.phase.name === 'closed' ? open(state, now) : unchanged(state);
    case 'stop':
      return stop(state);
    case 'tick':
      return onTick(state, now);
    case 'heard':
      return input.generation === state.generation ? onHeard(state, input.heard, now) : unchanged(state);
  }
};

/** When the next tick is due; undefined: never. */
export const nextDeadline = ({ phase }: LinkState): number | undefined => {
  switch (phase.name) {
    case 'closed':
      return phase.retryAtMs;
    case 'opening':
      return phase.untilMs;
    case 'handshaking':
      return Math.min(phase.untilMs, phase.askAtMs);
    case 'arming':
    case 'doubtful':
      return Math.min(phase.untilMs, phase.beatAtMs);
    case 'up':
      return Math.min(phase.aliveAtMs + LINK_TIMES.silentMs, phase.beatAtMs);
  }
};
