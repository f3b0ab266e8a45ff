/** A practice with an entrance that a code opens and an area that it unsets, for people who come and go; worked from outside. */

/** Of Mme Martin, the owner. */
export const OWNER_CODE = '2580';
export const LAMP = 'GPIO20';
export const STRIKE = 'GPIO21';

export const peopleSite = (site: string): string => `
version: 1
site: ${site}
name: Cabinet
security: { salt: demo-minimal-0001 }
mqtt: { broker: mqtt://127.0.0.1:1883 }
areas:
  cabinet: { name: Cabinet, exit: immediate, quiet: 0s }
zones:
  entrance: { number: 1, name: Entrée, area: cabinet, type: entry-exit, final: true, input: GPIO10 }
  window: { number: 2, name: Fenêtre, area: cabinet, type: instant, input: GPIO11 }
doors:
  entrance:
    name: Entrée
    area: cabinet
    contact: entrance
    lock: { kind: strike-fail-secure, release: 1s }
    egress: handle
    access: { entry: [street], credential: either }
outputs:
  lamp: { role: armed-lamp, name: Voyant, output: ${LAMP}, areas: [cabinet] }
  strike: { role: lock, name: Gâche, output: ${STRIKE}, door: entrance }
keypads:
  hall: { name: Hall, areas: [cabinet] }
  street: { name: Rue, areas: [cabinet], place: outside }
users:
  martin: { name: Mme Martin, role: owner, code: v1-305c86b9baa113958dc07c4a6731a747 }
  paul: { name: Paul Petit, role: staff, areas: [cabinet] }
`;
