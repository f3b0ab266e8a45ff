/** The shape of a door station, by its make. */
import { z } from 'zod';
import { callKey, filePath, login, stationUrl } from './scalars.ts';

/** Who or what works a switch of a 2N, as it says; `untold`: firmware that does not say. */
export const ORIGINATORS = ['dtmf', 'idt', 'api', 'auth', 'uni', 'zone', 'ap', 'rex', 'automation', 'profile', 'untold'] as const;

const basics = {
  url: stationUrl('Where it is: https://192.168.1.20. With http:// whoever is on the network can ring and open in its place.'),
  username: login('User name at the station, one that Vigie alone has.'),
  passwordFile: filePath('File whose first line is the password.'),
  certificate: filePath(
    'Its own certificate in PEM, or that of the authority that signed it. Absent: authorities of the system.',
  ).optional(),
};

export const stationShape = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('2n'),
        ...basics,
        ringOn: z
          .enum(['key', 'call'])
          .describe('What rings: a key that is pressed, or the call that the station places (stations with a screen).')
          .default('key'),
        keys: z
          .array(callKey('A key, as the station names it.'))
          .min(1)
          .max(16)
          .describe('The keys that ring. Absent: each of its call keys.')
          .optional(),
        switch: z.number().int().min(1).max(4).describe('The switch whose activation asks for the door.').default(1),
        openedBy: z
          .array(z.enum(ORIGINATORS))
          .min(1)
          .max(ORIGINATORS.length)
          .describe('What must have worked the switch. Absent: dtmf (the phone’s code) and idt (the indoor unit).')
          .default(['dtmf', 'idt']),
      })
      .describe('A 2N IP intercom.'),
    z.strictObject({ kind: z.literal('doorbird'), ...basics }).describe('A DoorBird station.'),
  ])
  .describe('A door station on the network; its lines are the id, a point and what it tells: front.ring.');

export type StationDraft = z.output<typeof stationShape>;

/** What each make tells; a line of a station is its id, a point and one of these. */
export const STATION_POINTS: Readonly<Record<StationDraft['kind'], readonly string[]>> = {
  '2n': ['ring', 'open', 'tamper'],
  doorbird: ['ring'],
};
