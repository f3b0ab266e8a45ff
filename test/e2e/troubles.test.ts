// deadline: 300s
/** Delivery through every trouble on the way, on the embedded broker. */
import { troublesStory } from '../support/troublesStory.ts';
import { startedBroker } from '../support/guardedSite.ts';

troublesStory('e2e: troubles on aedes', startedBroker);
