/**
 * The disk under the data folder. What the journal needs of it: room, a file system that keeps what fsync was promised, and a
 * folder that is the controller's alone. Wear is told by eMMC (JEDEC 5.0: life time in tenths, pre-EOL 1 to 3), hardly
 * ever by SD cards.
 */
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Space } from './machine.ts';

export type Mount = { readonly source: string; readonly type: string; readonly options: readonly string[] };

export type FolderSeen = { readonly mayUse: boolean; readonly isOpenToOthers: boolean; readonly isFolder: boolean };

export type Wear = { readonly lifeTime: readonly number[]; readonly preEol: number | undefined };

export type DiskFacts = {
  /** Undefined: none was given, and there is none in the usual place. */
  readonly folder: string | undefined;
  readonly user: string;
  /** Undefined: it is not there. */
  readonly seen: FolderSeen | undefined;
  readonly space: Space | undefined;
  readonly mount: Mount | undefined;
  /** Undefined: the disk does not tell. */
  readonly wear: Wear | undefined;
};

const said = saidOf('disk');
const MIB = 1024 * 1024;
/** The controller itself raises *disk nearly full* below 64 MiB. */
const FREE_FAULT = 64 * MIB;
const FREE_WARN = 500 * MIB;
const FORGETFUL = new Set(['tmpfs', 'ramfs', 'overlay', 'squashfs']);
const UNSUITABLE = new Set(['vfat', 'exfat', 'ntfs', 'ntfs3', 'fuseblk', 'nfs', 'nfs4', 'cifs', 'smb3', '9p']);
const COMMIT_LONG_S = 30;

// ---- the folder

const folderFindings = (facts: DiskFacts & { readonly folder: string }): readonly Finding[] => {
  const { folder, seen, user } = facts;
  if (!seen)
    return [
      said.warn(
        'no-folder',
        `${folder} is not there: the first start makes it, if ${user} may.`,
        `${folder} n’existe pas : le premier démarrage le crée, si ${user} en a le droit.`,
      ),
    ];
  if (!seen.isFolder) return [said.fault('not-a-folder', `${folder} is no folder.`, `${folder} n’est pas un dossier.`)];
  if (!seen.mayUse)
    return [
      said.fault(
        'no-permission',
        `${user} may not write in ${folder}: sudo chown -R ${user} ${folder}.`,
        `${user} ne peut pas écrire dans ${folder} : sudo chown -R ${user} ${folder}.`,
      ),
    ];
  if (seen.isOpenToOthers)
    return [
      said.warn(
        'open-to-others',
        `Everybody on this machine may look into ${folder}, who comes and goes: chmod 700 ${folder}.`,
        `Tout utilisateur de la machine peut lire ${folder}, allées et venues comprises : chmod 700 ${folder}.`,
      ),
    ];
  return [said.ok('folder', `${folder} is ${user}’s alone.`, `${folder} n’est qu’à ${user}.`)];
};

const spaceFinding = ({ space }: DiskFacts): Finding => {
  if (!space) return said.skipped('space-unknown', 'The room on the disk is not known.', 'La place libre n’est pas connue.');
  const free = Math.floor(space.freeBytes / MIB);
  if (space.freeBytes < FREE_FAULT)
    return said.fault(
      'disk-full',
      `Only ${free} MiB are free: make room, or the journal ends.`,
      `Il ne reste que ${free} Mio : faites de la place, sinon le journal s’arrête.`,
    );
  if (space.freeBytes < FREE_WARN)
    return said.warn('disk-nearly-full', `${free} MiB are free: make room.`, `${free} Mio libres : faites de la place.`);
  return said.ok('space', `${free} MiB are free.`, `${free} Mio libres.`);
};

// ---- the file system

const typeFinding = ({ type }: Mount): Finding => {
  if (FORGETFUL.has(type))
    return said.fault(
      'forgetful',
      `The file system (${type}) forgets all at a power cut: journal and state must be on a disk. Switch the overlay off.`,
      `Le système de fichiers (${type}) oublie tout à la coupure : mettez journal et état sur un disque. Désactivez l’overlay.`,
    );
  if (UNSUITABLE.has(type))
    return said.fault(
      'unsuitable',
      `The file system ${type} does not hold a database safely: use ext4.`,
      `Le système de fichiers ${type} ne garde pas une base sûrement : prenez ext4.`,
    );
  return said.ok('file-system', `File system ${type}.`, `Système de fichiers ${type}.`);
};

const optionValue = (options: readonly string[], name: string): string | undefined =>
  options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);

const optionFindings = ({ options }: Mount): readonly Finding[] => {
  const has = (...names: readonly string[]): boolean => names.some((name) => options.includes(name));
  const commit = Number(optionValue(options, 'commit') ?? 0);
  const findings: Finding[] = [];
  if (has('ro'))
    findings.push(
      said.fault(
        'read-only',
        'The disk is mounted read-only: look at dmesg, check it (fsck), mount it again.',
        'Le disque est monté en lecture seule : voyez dmesg, vérifiez-le (fsck), remontez-le.',
      ),
    );
  if (has('nobarrier', 'barrier=0'))
    findings.push(
      said.fault(
        'no-barriers',
        'Mounted without barriers: a power cut may take what was confirmed. Remove nobarrier from /etc/fstab.',
        'Monté sans barrières : une coupure peut emporter ce qui était confirmé. Retirez nobarrier de /etc/fstab.',
      ),
    );
  if (commit > COMMIT_LONG_S)
    findings.push(
      said.warn(
        'commit-long',
        `commit=${commit}: a power cut may take the last ${commit} s of the recording. Journal and alarms are safe.`,
        `commit=${commit} : une coupure peut emporter ${commit} s d’enregistrement. Journal et alarmes sont saufs.`,
      ),
    );
  if (!has('noatime', 'relatime', 'lazytime'))
    findings.push(
      said.warn(
        'atime',
        'Each reading writes to the card: add noatime to /etc/fstab.',
        'Chaque lecture écrit sur la carte : ajoutez noatime dans /etc/fstab.',
      ),
    );
  return findings;
};

const mountFindings = ({ mount }: DiskFacts): readonly Finding[] =>
  mount
    ? [typeFinding(mount), ...optionFindings(mount)]
    : [said.skipped('mount-unknown', 'What the folder is on is not known.', 'Le support du dossier n’est pas connu.')];

// ---- wear

const PRE_EOL_WARNING = 2;
const PRE_EOL_URGENT = 3;
/** Life time 0x01 is up to a tenth used, 0x0a up to all of it, 0x0b beyond. */
const WORN_FAULT = 0x0a;
const WORN_WARN = 0x08;

const wearFinding = ({ wear }: DiskFacts): Finding => {
  if (!wear)
    return said.skipped(
      'wear-unknown',
      'The card does not tell its wear: change it every few years.',
      'La carte ne dit pas son usure : changez-la tous les deux ou trois ans.',
    );
  const used = Math.max(0, ...wear.lifeTime);
  const percent = Math.min(100, used * 10);
  const worn = [`${percent} % of its life is used`, `${percent} % de sa vie est consommée`] as const;
  if (used >= WORN_FAULT || wear.preEol === PRE_EOL_URGENT)
    return said.fault(
      'worn-out',
      `The card is worn out: ${worn[0]}. Change it now.`,
      `La carte est usée : ${worn[1]}. Changez-la.`,
    );
  if (used >= WORN_WARN || wear.preEol === PRE_EOL_WARNING)
    return said.warn(
      'worn',
      `The card wears out: ${worn[0]}. Plan its change.`,
      `La carte s’use : ${worn[1]}. Prévoyez son remplacement.`,
    );
  return said.ok('wear', `The card is sound: at most ${worn[0]}.`, `La carte est saine : au plus ${worn[1]}.`);
};

export const judgeDisk = (facts: DiskFacts): readonly Finding[] => {
  const { folder } = facts;
  if (folder === undefined)
    return [
      said.skipped('not-given', 'No data folder: give it with --data.', 'Pas de dossier de données : donnez-le par --data.'),
    ];
  return [...folderFindings({ ...facts, folder }), spaceFinding(facts), ...mountFindings(facts), wearFinding(facts)];
};
