/** What the demo says of itself, in French and English. */
import type { Confusion, Need, Supply } from './commands.ts';
import type { Tag } from './screen.ts';

export type DemoWords = {
  readonly tags: Readonly<Record<Tag, string>>;
  readonly welcome: (of: Welcome) => string;
  readonly help: string;
  readonly confusion: (confusion: Confusion) => string;
  readonly portInUse: (wanted: number, taken: number) => string;
  readonly noPort: string;
  readonly noController: (log: string) => string;
  readonly done: Readonly<Record<'leave' | 'enter' | 'panic' | 'key', string>>;
  readonly opened: (name: string) => string;
  readonly closed: (name: string) => string;
  readonly ajar: (name: string) => string;
  readonly notADoorWithLatch: (name: string) => string;
  readonly moved: (name: string) => string;
  readonly pressed: (name: string) => string;
  readonly rang: (door: string) => string;
  readonly answered: (door: string) => string;
  readonly isAProbe: (name: string) => string;
  readonly torn: (name: string) => string;
  readonly mended: (name: string) => string;
  readonly temperature: (name: string, value: string) => string;
  readonly cut: Readonly<Record<Supply, string>>;
  readonly restored: Readonly<Record<Supply, string>>;
  readonly already: string;
  readonly killed: string;
  readonly startedAgain: (seconds: string) => string;
  readonly endedByItself: (code: string) => string;
  readonly notRunning: string;
  readonly notStarted: string;
  readonly seenLater: string;
  readonly nothingOfTheKind: string;
  readonly noBadge: (name: string) => string;
  /** Between a thing and what is said of it. */
  readonly colon: string;
  readonly on: string;
  readonly off: string;
  readonly outputsOn: string;
  readonly none: string;
  /** What a keypad's tone is to who hears it, by the name of its rhythm. */
  readonly tones: Readonly<Record<string, string>>;
  readonly network: (isUp: boolean) => string;
  readonly power: (isUp: boolean) => string;
  readonly centreHeard: (heard: number, acknowledged: number) => string;
  readonly centreAway: string;
  readonly keypadOff: string;
  readonly outOfRest: string;
  readonly allAtRest: string;
  readonly tornMark: string;
  readonly zonesTitle: string;
  readonly active: string;
  readonly codesTitle: string;
  readonly meanings: Readonly<Record<'normal' | 'duress' | 'not-normal', string>>;
  readonly badge: string;
  readonly lanes: Readonly<Record<'alarm' | 'event', string>>;
  readonly number: (lane: string, seq: number) => string;
  readonly priority: (priority: number) => string;
  readonly acknowledged: string;
  readonly notAcknowledged: string;
  readonly laterAcknowledged: (lane: string, seq: number) => string;
  readonly kept: (folder: string) => string;
  readonly goodbye: string;
};

export type Welcome = {
  readonly site: string;
  readonly broker: string;
  readonly isFast: boolean;
  readonly exitS: number;
  readonly entryS: number;
};

const FRENCH_NEEDS: Readonly<Record<Need, string>> = {
  zone: 'De quelle zone ? Par exemple : ouvre fenêtre sur cour, ou ouvre 5. La liste : zones.',
  keys: 'Quelles touches ? Par exemple : clavier 1*2580# (chiffres, * et #). Les codes : codes.',
  number: 'Quelle température ? Par exemple : frigo 9,5.',
  supply: 'Quoi ? réseau, courant ou secteur. Par exemple : coupe réseau.',
  person: 'Le badge de qui ? Par exemple : badge martin.',
  seconds: 'Combien de secondes, de 0 à 600 ? Par exemple : attends 5.',
};

const frenchConfusion = (confusion: Confusion): string => {
  switch (confusion.kind) {
    case 'unknown-verb':
      return confusion.guess === undefined
        ? `« ${confusion.word} » ? Tapez aide pour voir ce qui est possible.`
        : `« ${confusion.word} » ? Vouliez-vous dire « ${confusion.guess} » ? (aide : tout ce qui est possible)`;
    case 'unknown-zone':
      return confusion.guess === undefined
        ? `Aucune zone ne s’appelle « ${confusion.word} ». La liste : zones.`
        : `Aucune zone ne s’appelle « ${confusion.word} ». Vouliez-vous dire « ${confusion.guess} » ?`;
    case 'which':
      return `« ${confusion.word} » : lequel ? ${confusion.names.join(', ')}.`;
    case 'needs':
      return FRENCH_NEEDS[confusion.what];
    case 'not-keys':
      return `« ${confusion.word} » n’est pas une suite de touches : chiffres, * et # seulement. Par exemple : clavier 1*2580#.`;
  }
};

const frenchDelays = (isFast: boolean, exitS: number, entryS: number): string =>
  isFast
    ? `Délais courts : en service 8 s après que la porte est refermée, ${entryS} s pour entrer.`
    : `Les vrais délais : ${exitS} s pour sortir, ${entryS} s pour entrer. Plus courts : npm start -- --fast`;

const FRENCH: DemoWords = {
  tags: { centre: 'centre', operator: 'opérateur', keypad: 'clavier', outputs: 'sorties', demo: '', typed: '›' },
  welcome: ({ site, broker, isFast, exitS, entryS }) => `
  Vigie : ${site}, simulé.                  In English: npm start -- --lang en
  Serveur MQTT sur ${broker}, le centre de télésurveillance écoute.
  ${frenchDelays(isFast, exitS, entryS)}

  Le soir, on ferme       clavier 1*2580#      refusé : le clavier dit pourquoi
                          clavier 1**2580#     malgré tout, puis : sors (et attendre la fin du délai)
  La nuit, on cambriole   ouvre fenêtre cour   la sirène ; le centre l’apprend et acquitte
                          bouge cabinet 1      une deuxième zone : intrusion confirmée
  On coupe la ligne       coupe réseau         rien n’est perdu : rétablis réseau
  On tue la centrale      tue                  (kill -9) elle reprend où elle en était
  Le matin                entre                puis 2580# ; acquitter la mémoire : 6*2580#
  Sous la contrainte      1470#                au lieu de 2580# : rien ne se voit ici, lisez le centre
  Un patient sonne        sonne   réponds      la gâche s’ouvre ; ouvre rue, puis ferme rue
  Chacun son accès        badge rue martin     ou : clavier rue 2580# ; ouvre rue sans cela : porte forcée
  L’armoire, à deux clés  badge armoire durand puis clavier armoire 4815#, ouvre armoire, ferme armoire
  Le sas de livraison     clavier cour 5093#   dans ses heures ; puis ouvre livraison : le sas refuse clavier sas 2580#
  Le centre ouvre         distance rue         défi, signature, puis ce que la porte a fait : ouvre rue, ferme rue
  Dans la journée         ouvre livraison      l’avertisseur, puis le centre ; ferme livraison
                          frigo 9,5   panique   arrache 15   coupe secteur   état   codes   aide   quitte
`,
  help: `
  ouvre, ferme ZONE     une porte, une fenêtre (nom, numéro ou début : ouvre livr, ouvre 5)
  pousse ZONE           fermer une porte sans qu’elle se verrouille
  bouge ZONE            quelqu’un passe devant un détecteur
  sonne, réponds [PORTE] la sonnette de la rue ; le bouton du secrétariat, qui ouvre
  distance PORTE        l’opérateur du centre l’ouvre, par une commande signée
  appuie ZONE           un bouton, une béquille : appuie bouton de sortie, appuie béquille rue
  sors, entre           passer par l’entrée
  clavier [LEQUEL] …    taper : clavier 1*2580#, clavier rue 2580# ; ou directement 2580#
  badge [CLAVIER] QUI   présenter un badge : badge martin
  clé                   tourner le contact à clé
  panique               appuyer sur le bouton d’agression
  frigo DEGRÉS          la température du réfrigérateur
  arrache, répare ZONE  le câble d’un détecteur
  coupe, rétablis …     réseau (serveur MQTT), courant (la centrale, tuée net), secteur (230 V)
  tue                   kill -9 de la centrale, redémarrée aussitôt
  attends SECONDES      pour les scripts
  état, zones, codes    où en est tout ; la liste ; qui a quel code
  quitte                (ou Ctrl-C)
  Au clavier : 1*CODE# en service, 1**CODE# malgré tout, CODE# hors service, 10*N*CODE# cocher le point N,
  4*CODE# faire taire une porte, 6*CODE# acquitter la mémoire. Tout le reste : docs/keypad.md.
`,
  confusion: frenchConfusion,
  portInUse: (wanted, taken) => `Le port ${wanted} est pris : le serveur MQTT écoute sur le ${taken}.`,
  noPort: 'Aucun port n’est libre sur 127.0.0.1 : fermez d’autres programmes et recommencez.',
  noController: (log) => `La centrale n’a pas démarré. Ce qu’elle en dit (${log}) :`,
  done: {
    leave: 'Quelqu’un traverse la salle d’attente, sort et referme la porte d’entrée.',
    enter: 'Quelqu’un ouvre la porte d’entrée, la referme et traverse la salle d’attente.',
    panic: 'Le bouton d’agression est pressé. Ici, rien ne se voit ni ne s’entend.',
    key: 'Le contact à clé est tourné.',
  },
  opened: (name) => `${name} : ouverture.`,
  closed: (name) => `${name} : fermeture.`,
  ajar: (name) => `${name} : poussée, mais pas verrouillée.`,
  notADoorWithLatch: (name) => `${name} n’a pas de contact de gâche : elle est seulement fermée.`,
  moved: (name) => `${name} : quelqu’un passe.`,
  pressed: (name) => `${name} : pressé.`,
  rang: (door) => `${door} : quelqu’un sonne.`,
  answered: (door) => `${door} : le secrétariat ouvre.`,
  isAProbe: (name) => `${name} se règle en degrés. Par exemple : frigo 9,5.`,
  torn: (name) => `${name} : câble arraché.`,
  mended: (name) => `${name} : câble réparé.`,
  temperature: (name, value) => `${name} : ${value}.`,
  cut: {
    network: 'Le serveur MQTT est coupé net : ni la centrale ni le centre ne sont prévenus.',
    power: 'La centrale est tuée net (SIGKILL). Les sorties retombent au repos. La remettre : rétablis courant.',
    mains: 'Le disjoncteur tombe : la centrale est sur batterie.',
  },
  restored: {
    network: 'Le serveur MQTT revient ; chacun s’y relie de nouveau dans quelques secondes.',
    power: 'La centrale redémarre sur ses données.',
    mains: 'Le secteur est revenu.',
  },
  already: 'C’est déjà fait.',
  killed: 'kill -9 : la centrale est tuée net, et redémarre sur ses données.',
  startedAgain: (seconds) => `La centrale veille de nouveau, ${seconds} s après son redémarrage.`,
  endedByItself: (code) => `La centrale s’est arrêtée d’elle-même (code ${code}) ; elle redémarre.`,
  notStarted: 'La centrale n’a pas redémarré : son journal technique est controller.log. Essayez rétablis courant.',
  notRunning: 'La centrale est arrêtée : le clavier est éteint. rétablis courant.',
  seenLater: '(La centrale est arrêtée : elle le verra en redémarrant.)',
  nothingOfTheKind: 'Ce site n’a rien de tel.',
  noBadge: (name) => `${name} n’a pas de badge de démonstration. Essayez durand ou martin.`,
  colon: ' : ',
  on: 'EN MARCHE',
  off: 'arrêt',
  outputsOn: 'En marche',
  none: 'rien',
  tones: {
    exit: 'un bip par seconde : sortez',
    'exit-final': 'bips rapides : sortez vite',
    entry: 'bips réguliers : tapez votre code',
    fault: 'bips pressés : quelque chose ne va pas',
    chime: 'carillon',
    'door-warning': 'petits bips : une porte',
    'door-alarm': 'sonnerie : une porte',
    accepted: 'un bip long : c’est fait',
    refused: 'trois bips courts : refusé',
    reminder: 'rappel',
  },
  network: (isUp) => (isUp ? 'réseau ✓' : 'RÉSEAU COUPÉ'),
  power: (isUp) => (isUp ? 'centrale ✓' : 'CENTRALE ARRÊTÉE'),
  centreHeard: (heard, acknowledged) => `${heard} reçus, ${acknowledged} acquittés`,
  centreAway: 'sans liaison',
  keypadOff: '(clavier éteint)',
  outOfRest: 'Pas au repos',
  allAtRest: 'Tout est fermé et au repos.',
  tornMark: 'câble arraché',
  zonesTitle: 'Zones (numéro, nom, identifiant) :',
  active: 'OUVERT / ACTIF',
  codesTitle: 'Codes de démonstration :',
  meanings: { normal: 'code', duress: 'sous contrainte', 'not-normal': 'ouverture pas normale' },
  badge: 'badge',
  lanes: { alarm: 'alarme', event: 'événement' },
  number: (lane, seq) => `${lane} n° ${seq}`,
  priority: (priority) => `priorité ${priority}`,
  acknowledged: '✓ acquitté',
  notAcknowledged: '… pas encore acquitté',
  laterAcknowledged: (lane, seq) => `✓ ${lane} n° ${seq} acquitté`,
  kept: (folder) => `Données gardées : ${folder} (vigie journal ${folder}/site, vigie replay ${folder}/site).`,
  goodbye: 'Fin : tout est arrêté.',
};

const ENGLISH_NEEDS: Readonly<Record<Need, string>> = {
  zone: 'Which zone? For example: open yard-window, or open 5. The list: zones.',
  keys: 'Which keys? For example: keypad 1*2580# (digits, * and #). The codes: codes.',
  number: 'What temperature? For example: fridge 9.5.',
  supply: 'What? network, power or mains. For example: cut network.',
  person: 'Whose badge? For example: badge martin.',
  seconds: 'How many seconds, 0 to 600? For example: wait 5.',
};

const englishConfusion = (confusion: Confusion): string => {
  switch (confusion.kind) {
    case 'unknown-verb':
      return confusion.guess === undefined
        ? `“${confusion.word}”? Type help to see what can be done.`
        : `“${confusion.word}”? Did you mean “${confusion.guess}”? (help: all that can be done)`;
    case 'unknown-zone':
      return confusion.guess === undefined
        ? `No zone is called “${confusion.word}”. The list: zones.`
        : `No zone is called “${confusion.word}”. Did you mean “${confusion.guess}”?`;
    case 'which':
      return `“${confusion.word}”: which one? ${confusion.names.join(', ')}.`;
    case 'needs':
      return ENGLISH_NEEDS[confusion.what];
    case 'not-keys':
      return `“${confusion.word}” is not a row of keys: digits, * and # only. For example: keypad 1*2580#.`;
  }
};

const englishDelays = (isFast: boolean, exitS: number, entryS: number): string =>
  isFast
    ? `Short delays: armed 8 s after the door is closed, ${entryS} s to come in.`
    : `The real delays: ${exitS} s to leave, ${entryS} s to come in. Shorter: npm start -- --fast`;

const ENGLISH: DemoWords = {
  tags: { centre: 'centre', operator: 'operator', keypad: 'keypad', outputs: 'outputs', demo: '', typed: '›' },
  welcome: ({ site, broker, isFast, exitS, entryS }) => `
  Vigie: ${site}, simulated.                  En français : npm start
  MQTT broker on ${broker}, the monitoring centre is listening.
  ${englishDelays(isFast, exitS, entryS)}

  Closing up              keypad 1*2580#       refused: the keypad says why
                          keypad 1**2580#      in spite of it, then: leave (and wait for the delay to end)
  A burglar at night      open yard-window     the siren; the centre hears of it and acknowledges
                          move consulting-1    a second zone: intrusion confirmed
  The line is cut         cut network          nothing is lost: restore network
  The controller killed   kill                 (kill -9) it goes on where it was
  In the morning          enter                then 2580# ; acknowledge the memory: 6*2580#
  Under threat            1470#                in place of 2580#: nothing shows here, read the centre
  A patient rings         ring   answer        the strike opens; open street, then close street
  Everybody their own way badge street martin  or: keypad street 2580# ; open street without it: a forced door
  The cupboard, two keys  badge cupboard durand then keypad cupboard 4815#, open cupboard, close cupboard
  The delivery’s airlock  keypad yard 5093#    in its hours; then open delivery-door: keypad sas 2580# is refused
  The centre opens        remote street        challenge, signature, then what the door did: open street, close street
  By day                  open delivery-door   the sounder, then the centre; close delivery-door
                          fridge 9.5   panic   tear 15   cut mains   state   codes   help   quit
`,
  help: `
  open, close ZONE      a door, a window (name, number or beginning: open deliv, open 5)
  ajar ZONE             close a door without latching it
  move ZONE             somebody walks past a detector
  ring, answer [DOOR]   the bell in the street; the button at the desk, which opens
  remote DOOR           the centre’s operator opens it, by a signed command
  press ZONE            a button or a handle: press street-exit, press street-handle
  leave, enter          through the entrance
  keypad [WHICH] …      type: keypad 1*2580#, keypad street 2580# ; or just 2580#
  badge [KEYPAD] WHO    show a badge: badge martin
  key                   turn the key switch
  panic                 press the panic button
  fridge DEGREES        the temperature of the fridge
  tear, mend ZONE       the cable of a detector
  cut, restore …        network (the MQTT broker), power (the controller, killed), mains (230 V)
  kill                  kill -9 of the controller, started again at once
  wait SECONDS          for scripts
  state, zones, codes   where everything stands; the list; who has which code
  quit                  (or Ctrl-C)
  On the keypad: 1*CODE# arms, 1**CODE# in spite of all, CODE# disarms, 10*N*CODE# ticks item N,
  4*CODE# silences a door, 6*CODE# acknowledges the memory. Everything else: docs/keypad.md.
`,
  confusion: englishConfusion,
  portInUse: (wanted, taken) => `Port ${wanted} is taken: the MQTT broker listens on ${taken}.`,
  noPort: 'No port is free on 127.0.0.1: close other programs and start again.',
  noController: (log) => `The controller did not start. What it says (${log}):`,
  done: {
    leave: 'Somebody crosses the waiting room, goes out and closes the entrance door.',
    enter: 'Somebody opens the entrance door, closes it and crosses the waiting room.',
    panic: 'The panic button is pressed. Nothing shows or sounds here.',
    key: 'The key switch is turned.',
  },
  opened: (name) => `${name}: opens.`,
  closed: (name) => `${name}: closes.`,
  ajar: (name) => `${name}: pushed to, and not latched.`,
  notADoorWithLatch: (name) => `${name} has no latch contact: it is simply closed.`,
  moved: (name) => `${name}: somebody walks past.`,
  pressed: (name) => `${name}: pressed.`,
  rang: (door) => `${door}: somebody rings.`,
  answered: (door) => `${door}: the desk opens.`,
  isAProbe: (name) => `${name} is set in degrees. For example: fridge 9.5.`,
  torn: (name) => `${name}: cable torn.`,
  mended: (name) => `${name}: cable mended.`,
  temperature: (name, value) => `${name}: ${value}.`,
  cut: {
    network: 'The MQTT broker is cut off: neither controller nor centre is told.',
    power: 'The controller is killed (SIGKILL). Its outputs fall to rest. To bring it back: restore power.',
    mains: 'The circuit breaker trips: the controller runs on its battery.',
  },
  restored: {
    network: 'The MQTT broker is back; everybody connects again within seconds.',
    power: 'The controller starts on its data.',
    mains: 'The mains are back.',
  },
  already: 'That is done already.',
  killed: 'kill -9: the controller is killed, and starts again on its data.',
  startedAgain: (seconds) => `The controller watches again, ${seconds} s after it was started.`,
  endedByItself: (code) => `The controller ended by itself (code ${code}); it starts again.`,
  notStarted: 'The controller did not start again: its log is controller.log. Try restore power.',
  notRunning: 'The controller is not running: the keypad is dark. restore power.',
  seenLater: '(The controller is not running: it will see this when it starts.)',
  nothingOfTheKind: 'This site has nothing of the kind.',
  noBadge: (name) => `${name} has no demo badge. Try durand or martin.`,
  colon: ': ',
  on: 'ON',
  off: 'off',
  outputsOn: 'On',
  none: 'nothing',
  tones: {
    exit: 'a beep a second: leave',
    'exit-final': 'fast beeps: leave now',
    entry: 'even beeps: type your code',
    fault: 'hurried beeps: something is wrong',
    chime: 'chime',
    'door-warning': 'small beeps: a door',
    'door-alarm': 'sounder: a door',
    accepted: 'one long beep: done',
    refused: 'three short beeps: refused',
    reminder: 'reminder',
  },
  network: (isUp) => (isUp ? 'network ✓' : 'NETWORK CUT'),
  power: (isUp) => (isUp ? 'controller ✓' : 'CONTROLLER DOWN'),
  centreHeard: (heard, acknowledged) => `${heard} heard, ${acknowledged} acknowledged`,
  centreAway: 'no connection',
  keypadOff: '(keypad dark)',
  outOfRest: 'Not at rest',
  allAtRest: 'Everything is closed and at rest.',
  tornMark: 'cable torn',
  zonesTitle: 'Zones (number, name, id):',
  active: 'OPEN / ACTIVE',
  codesTitle: 'Demo codes:',
  meanings: { normal: 'code', duress: 'under duress', 'not-normal': 'opening not normal' },
  badge: 'badge',
  lanes: { alarm: 'alarm', event: 'event' },
  number: (lane, seq) => `${lane} no. ${seq}`,
  priority: (priority) => `priority ${priority}`,
  acknowledged: '✓ acknowledged',
  notAcknowledged: '… not acknowledged yet',
  laterAcknowledged: (lane, seq) => `✓ ${lane} no. ${seq} acknowledged`,
  kept: (folder) => `Data kept: ${folder} (vigie journal ${folder}/site, vigie replay ${folder}/site).`,
  goodbye: 'Done: everything has stopped.',
};

export const demoWords: Readonly<Record<'fr' | 'en', DemoWords>> = { fr: FRENCH, en: ENGLISH };
