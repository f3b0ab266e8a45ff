/** The site's file: what `check` says of it, who still has a code of the documentation, and the pepper. */
import type { Problem } from '../../config/problem.ts';
import type { PepperFailure } from '../../drivers/secrets/pepper.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type SiteFacts =
  | { readonly kind: 'not-given' }
  | { readonly kind: 'unreadable'; readonly path: string }
  | { readonly kind: 'faulty'; readonly path: string; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'read';
      readonly path: string;
      readonly name: string;
      readonly warnings: readonly Problem[];
      readonly backupSupervised: boolean;
      /** Names of people whom a code of the documentation lets in; undefined: it could not be tried. */
      readonly demoUsers: readonly string[] | undefined;
      readonly pepper: 'none' | 'good' | PepperFailure;
      readonly pepperFile: string | undefined;
    };

const said = saidOf('site');
type Read = Extract<SiteFacts, { readonly kind: 'read' }>;

const countFinding = ({ path, name, warnings }: Read): Finding =>
  warnings.length === 0
    ? said.ok('checked', `${path}: ${name}, nothing to remark.`, `${path} : ${name}, rien à remarquer.`)
    : said.warn(
        'remarks',
        `${path}: ${name}, ${warnings.length} to be seen to: vigie check ${path}.`,
        `${path} : ${name}, ${warnings.length} remarque(s) : vigie check ${path} --fr.`,
      );

const demoFinding = ({ demoUsers }: Read): Finding => {
  if (!demoUsers)
    return said.skipped(
      'codes-not-tried',
      'Without the pepper no code can be tried.',
      'Sans le poivre, aucun code ne peut être essayé.',
    );
  if (demoUsers.length === 0)
    return said.ok(
      'no-demo-codes',
      'No code of the documentation lets anybody in.',
      'Aucun code de la documentation ne donne accès.',
    );
  const who = demoUsers.join(', ');
  return said.warn(
    'demo-codes',
    `Codes that everybody can read in the documentation are still valid: ${who}. Draw new ones: vigie code draw.`,
    `Des codes que chacun peut lire dans la documentation sont encore valides : ${who}. Tirez-en d’autres : vigie code draw.`,
  );
};

const backupFinding = ({ backupSupervised }: Read): Finding =>
  backupSupervised
    ? said.ok('backup-supervised', 'Mains and battery are supervised.', 'Secteur et batterie sont surveillés.')
    : said.warn(
        'backup-not-supervised',
        'Nobody hears of a mains failure or an empty battery: wire a mains and a battery-low zone.',
        'Personne n’apprend une coupure ou une batterie vide : câblez une zone mains et une zone battery-low.',
      );

const PEPPER: Readonly<Record<PepperFailure, readonly [string, string]>> = {
  'not-found': [
    'is not there: restore it, or no code is recognised',
    'n’existe pas : restaurez-le, sinon aucun code n’est reconnu',
  ],
  'not-readable': ['cannot be read: make the service’s user its owner', 'est illisible : donnez-le à l’utilisateur du service'],
  'too-short': ['has fewer than 16 bytes', 'a moins de 16 octets'],
  'too-long': ['has more than 1024 bytes', 'a plus de 1024 octets'],
  'readable-by-others': ['may be read by others: chmod 600', 'peut être lu par d’autres : chmod 600'],
};

const pepperFinding = ({ pepper, pepperFile = '' }: Read): Finding => {
  if (pepper === 'none')
    return said.warn(
      'no-pepper',
      'There is no pepper: whoever copies the site’s file can try out codes at leisure. See security.pepperFile.',
      'Il n’y a pas de poivre : qui copie le fichier du site peut essayer les codes à loisir. Voyez security.pepperFile.',
    );
  if (pepper === 'good')
    return said.ok(
      'pepper',
      `The pepper ${pepperFile} is readable by its owner alone.`,
      `Le poivre ${pepperFile} n’est lisible que par son propriétaire.`,
    );
  const [message, messageFr] = PEPPER[pepper];
  return said.fault(`pepper-${pepper}`, `The pepper ${pepperFile} ${message}.`, `Le poivre ${pepperFile} ${messageFr}.`);
};

const faultyFinding = (path: string, problems: readonly Problem[]): Finding => {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return said.fault(
    'faulty',
    `${path} has ${errors.length} fault(s), first on line ${first?.line}: ${first?.message} All of them: vigie check ${path}.`,
    `${path} a ${errors.length} faute(s), d’abord ligne ${first?.line} : ${first?.messageFr} Toutes : vigie check ${path} --fr.`,
  );
};

export const judgeSite = (facts: SiteFacts): readonly Finding[] => {
  switch (facts.kind) {
    case 'not-given':
      return [
        said.skipped(
          'not-given',
          'No site’s file: give it with --config, or much cannot be looked at.',
          'Pas de fichier du site : donnez-le par --config, sinon beaucoup ne peut être examiné.',
        ),
      ];
    case 'unreadable':
      return [
        said.fault(
          'unreadable',
          `${facts.path} cannot be read: check the path and its permissions.`,
          `${facts.path} est illisible : vérifiez le chemin et les droits.`,
        ),
      ];
    case 'faulty':
      return [faultyFinding(facts.path, facts.problems)];
    case 'read':
      return [countFinding(facts), demoFinding(facts), backupFinding(facts), pepperFinding(facts)];
  }
};
