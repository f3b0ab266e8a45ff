/** People, their digests, schedules, and the path to the centre. */
import type { Draft } from '../draft.ts';
import { DEMO_DIGESTS } from '../demo.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { ScheduleDraft, UserDraft } from '../shapes.ts';
import { readWeekdays } from '../text.ts';
import type { SiteTools } from '../siteFile.ts';
import { duplicates, isEmpty, reference, references } from './references.ts';

type User = Partial<UserDraft>;
type Schedule = Partial<ScheduleDraft>;
type DigestUse = { readonly digest: string; readonly path: Path };

const digestsOf = (id: string, user: User): DigestUse[] => {
  const single = (['code', 'duress', 'notNormal'] as const).flatMap((key) => {
    const digest = user[key];
    return digest === undefined ? [] : [{ digest, path: ['users', id, key] }];
  });
  return [...single, ...(user.badges ?? []).map((digest, index) => ({ digest, path: ['users', id, 'badges', index] }))];
};

const allDigests = (draft: Draft): DigestUse[] => [...draft.users].flatMap(([id, user]) => digestsOf(id, user));

const digestFindings = (draft: Draft): Finding[] =>
  duplicates(allDigests(draft), ({ digest }) => digest).map(({ item, first }) =>
    fault(
      item.path,
      'duplicate-code',
      `This is the same code as ${first.path.join('.')}. Draw another: \`vigie code draw\`.`,
      `C’est le même code que ${first.path.join('.')}. Tirez-en un autre : « vigie code draw ».`,
    ),
  );

const demoFindings = (draft: Draft): Finding[] => {
  const demo = allDigests(draft).filter(({ digest }) => DEMO_DIGESTS.has(digest));
  const [first] = demo;
  if (!first) return [];
  return [
    warning(
      first.path,
      'demo-codes',
      `Codes printed in Vigie’s documentation: ${demo.length}. Draw your own (\`vigie code draw\`) and change the salt.`,
      `Codes imprimés dans la documentation : ${demo.length}. Tirez les vôtres (« vigie code draw ») et changez le sel.`,
    ),
  ];
};

const validityFindings = (id: string, user: User): Finding[] => {
  const { validFrom, validUntil } = user;
  if (validFrom === undefined || validUntil === undefined || validFrom <= validUntil) return [];
  return [
    fault(
      ['users', id, 'validUntil'],
      'validity-crossed',
      '`validUntil` lies before `validFrom`. Exchange or correct them.',
      '« validUntil » est avant « validFrom ». Échangez-les ou corrigez-les.',
    ),
  ];
};

/** Only where every way to prove who one is could be read: a digest with a fault is told by itself. */
const hasNoCredential = (user: User): boolean =>
  !['code', 'duress', 'notNormal'].some((key) => key in user) && isEmpty(user.badges);

const userFindings = (draft: Draft, id: string, user: User): Finding[] => {
  const path = ['users', id];
  const findings = [
    ...references(draft, 'areas', user.areas, [...path, 'areas']),
    ...references(draft, 'doors', user.doors, [...path, 'doors']),
    ...reference(draft, 'schedules', user.hours, [...path, 'hours']),
    ...validityFindings(id, user),
  ];
  if (isEmpty(user.areas)) {
    findings.push(
      fault(
        [...path, 'areas'],
        'user-without-areas',
        'The list is empty, so this person can do nothing. Add an area, or take `areas` out for all of them.',
        'La liste est vide : cette personne ne peut rien. Ajoutez une zone, ou retirez « areas » pour toutes.',
      ),
    );
  }
  if (user.duress !== undefined && user.code === undefined) {
    findings.push(
      warning(
        [...path, 'duress'],
        'duress-without-code',
        'A duress code is the second code of a person who has a first.',
        'Le code sous contrainte est le second code d’une personne qui en a un premier.',
      ),
    );
  }
  if (hasNoCredential(user)) {
    findings.push(
      warning(
        path,
        'user-without-code',
        'This person has neither code nor badge. Draw a code: `vigie code draw`.',
        'Cette personne n’a ni code ni badge. Tirez un code : « vigie code draw ».',
      ),
    );
  }
  if (user.role === 'delivery' && !('hours' in user)) {
    findings.push(
      warning(
        path,
        'delivery-without-hours',
        'A delivery code without `hours` serves at any time.',
        'Un code de livraison sans « hours » sert à toute heure.',
      ),
    );
  }
  return findings;
};

// ---- schedules

const weekFindings = (id: string, schedule: Schedule): Finding[] => {
  const keys = Object.keys(schedule.weekly ?? {});
  const days = keys.flatMap((key) => readWeekdays(key).map((day) => ({ key, day })));
  return duplicates(days, ({ day }) => String(day)).map(({ item, first }) =>
    faultAtKey(
      ['schedules', id, 'weekly', item.key],
      'day-twice',
      `\`${item.key}\` and \`${first.key}\` share a day. Give each day once.`,
      `« ${item.key} » et « ${first.key} » ont un jour commun. Donnez chaque jour une fois.`,
    ),
  );
};

const closureFindings = (id: string, schedule: Schedule): Finding[] =>
  (schedule.closures ?? []).flatMap(({ from, to }, index) => {
    const path = ['schedules', id, 'closures', index, 'to'];
    if (to < from)
      return [
        fault(
          path,
          'closure-crossed',
          'The closure ends before it begins. Correct the dates.',
          'La fermeture finit avant de commencer. Corrigez les dates.',
        ),
      ];
    if (to - from < 400) return [];
    return [
      fault(
        path,
        'closure-too-long',
        'A closure lasts 400 days at most. Correct the dates.',
        'Une fermeture dure 400 jours au plus. Corrigez les dates.',
      ),
    ];
  });

const outsideFindings = (draft: Draft, id: string, schedule: Schedule): Finding[] => {
  const { outside } = schedule;
  const path = ['schedules', id, 'outside'];
  if (outside === undefined) return [];
  if (schedule.weekly !== undefined) {
    return [
      faultAtKey(
        path,
        'weekly-and-outside',
        'A schedule has `weekly` or `outside`, not both. Take one out.',
        'Un horaire a « weekly » ou « outside », pas les deux. Retirez-en un.',
      ),
    ];
  }
  if (outside === id || draft.schedules.get(outside)?.outside !== undefined) {
    return [
      fault(
        path,
        'outside-chain',
        '`outside` must name a schedule that has weekly hours of its own.',
        '« outside » doit nommer un horaire qui a ses propres heures.',
      ),
    ];
  }
  return reference(draft, 'schedules', outside, path);
};

const scheduleFindings = (draft: Draft, id: string, schedule: Schedule): Finding[] => {
  const findings = [...weekFindings(id, schedule), ...closureFindings(id, schedule), ...outsideFindings(draft, id, schedule)];
  if (!('weekly' in schedule) && !('outside' in schedule) && Object.keys(schedule.exceptions ?? {}).length === 0) {
    findings.push(
      warning(
        ['schedules', id],
        'schedule-empty',
        'This schedule has no hours: give it `weekly` hours.',
        'Cet horaire est vide : donnez-lui des heures « weekly ».',
      ),
    );
  }
  return findings;
};

// ---- the site as a whole

/** Hosts that are this machine: RFC 6761, RFC 1122 3.2.1.3, RFC 4291 2.5.3. */
const LOOPBACK = /^mqtts?:\/\/(localhost|127\.[0-9.]+|\[::1\])(:|\/|$)/;

const mqttFindings = (draft: Draft): Finding[] => {
  const { mqtt } = draft.top;
  if (!('mqtt' in draft.top)) {
    return [
      warning(
        [],
        'not-monitored',
        'There is no `mqtt`: alarms only sound here, no monitoring centre hears them.',
        'Sans « mqtt », les alarmes ne sonnent qu’ici : aucun centre ne les entend.',
      ),
    ];
  }
  if (!mqtt) return [];
  const secure = mqtt.broker.startsWith('mqtts:');
  const findings: Finding[] = [];
  if (!secure && !LOOPBACK.test(mqtt.broker)) {
    findings.push(
      warning(
        ['mqtt', 'broker'],
        'mqtt-in-clear',
        'The connection is not encrypted. Write mqtts:// and give certificates under `tls`.',
        'La liaison n’est pas chiffrée. Mettez mqtts:// et les certificats sous « tls ».',
      ),
    );
  }
  if (!secure && mqtt.tls)
    findings.push(
      fault(
        ['mqtt', 'tls'],
        'tls-unused',
        'Certificates serve only with mqtts://. Correct the broker, or take `tls` out.',
        'Les certificats ne servent qu’avec mqtts://. Corrigez « broker », ou retirez « tls ».',
      ),
    );
  if (mqtt.tls && (mqtt.tls.cert === undefined) !== (mqtt.tls.key === undefined)) {
    findings.push(
      fault(
        ['mqtt', 'tls'],
        'half-certificate',
        '`cert` and `key` go together. Give both or neither.',
        '« cert » et « key » vont ensemble. Donnez les deux ou aucun.',
      ),
    );
  }
  if (mqtt.passwordFile !== undefined && mqtt.username === undefined) {
    findings.push(
      fault(
        ['mqtt', 'passwordFile'],
        'password-without-user',
        'A password needs a `username`. Add it.',
        'Un mot de passe demande un « username ». Ajoutez-le.',
      ),
    );
  }
  return findings;
};

const siteFindings = (draft: Draft, tools: SiteTools): Finding[] => {
  const { site, timezone } = draft.top;
  const findings: Finding[] = [];
  if (site === 'centre')
    findings.push(
      fault(
        ['site'],
        'reserved-site',
        '`centre` is the monitoring centre’s own name. Choose another id.',
        '« centre » est le nom du centre de télésurveillance. Choisissez-en un autre.',
      ),
    );
  if (timezone !== undefined && tools.midnight(0, timezone) === undefined) {
    findings.push(
      fault(
        ['timezone'],
        'unknown-timezone',
        `There is no time zone ${timezone}. Write one such as Europe/Paris.`,
        `Le fuseau ${timezone} n’existe pas. Mettez par exemple Europe/Paris.`,
      ),
    );
  }
  return findings;
};

export const checkPeople = (draft: Draft, tools: SiteTools): Finding[] => [
  ...siteFindings(draft, tools),
  ...mqttFindings(draft),
  ...[...draft.users].flatMap(([id, user]) => userFindings(draft, id, user)),
  ...digestFindings(draft),
  ...demoFindings(draft),
  ...[...draft.schedules].flatMap(([id, schedule]) => scheduleFindings(draft, id, schedule)),
];
