import type { EventFacts } from '../event.ts';
import type { Who } from '../state.ts';

/** Who and how, as an event tells it. */
export const whoFacts = (who: Who): EventFacts => ({
  cause: who.cause,
  ...(who.user !== undefined && { user: who.user }),
  ...(who.keypad !== undefined && { keypad: who.keypad }),
});
