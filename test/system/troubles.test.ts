// deadline: 300s
/** Delivery through every trouble on the way, on Debian's mosquitto. */
import { troublesStory } from '../support/troublesStory.ts';
import { demandMosquitto, startMosquitto } from '../support/mosquitto.ts';

demandMosquitto();

troublesStory('e2e: troubles on mosquitto', (port) => startMosquitto(port === undefined ? {} : { port }));
