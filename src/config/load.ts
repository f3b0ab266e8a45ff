/** A site's file: text in, a checked site or every problem out. Never throws for what a text may hold. */
import { boardsOf } from './boards.ts';
import { siteFileOf } from './build.ts';
import { checkAreas } from './checks/areas.ts';
import { checkBoards } from './checks/boards.ts';
import { checkDoors } from './checks/doors.ts';
import { checkLines } from './checks/lines.ts';
import { checkOperators } from './checks/operators.ts';
import { checkPeople } from './checks/people.ts';
import { checkPortReaders } from './checks/portReaders.ts';
import { checkReaders } from './checks/readers.ts';
import { checkStations } from './checks/stations.ts';
import { checkZones } from './checks/zones.ts';
import { readSource, toProblem } from './document.ts';
import type { Source } from './document.ts';
import { draftOf } from './draft.ts';
import { shapeFindings } from './issues.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import type { Migrated, Migration } from './migrations.ts';
import { compareProblems, fault, warning } from './problem.ts';
import type { Finding, Problem } from './problem.ts';
import { isRecord } from './schemaWalk.ts';
import { FORMAT_VERSION, siteShape } from './shapes.ts';
import type { SiteResult, SiteTools } from './siteFile.ts';
import { wiringOf } from './wiring.ts';

const versionFinding = (migrated: Migrated & { ok: false }): Finding =>
  migrated.reason === 'newer-version'
    ? fault(
        ['version'],
        'newer-version',
        `This file is of version ${migrated.version}; this Vigie reads up to ${FORMAT_VERSION}. Update Vigie.`,
        `Ce fichier est de version ${migrated.version} ; ce Vigie lit jusqu’à ${FORMAT_VERSION}. Mettez Vigie à jour.`,
      )
    : fault(
        ['version'],
        'too-old-version',
        `This Vigie can no longer read version ${migrated.version}. Write the file anew from an example in config/.`,
        `Ce Vigie ne lit plus la version ${migrated.version}. Repartez d’un exemple de config/.`,
      );

const oldVersion = (from: number | undefined): Finding[] =>
  from === undefined
    ? []
    : [
        warning(
          ['version'],
          'old-version',
          `This file is of version ${from} and was read as version ${FORMAT_VERSION}. Bring it up to date.`,
          `Ce fichier est de version ${from} et a été lu comme version ${FORMAT_VERSION}. Mettez-le à jour.`,
        ),
      ];

const checked = (
  text: string,
  source: Source,
  early: readonly Problem[],
  migrated: Migrated & { ok: true },
  tools: SiteTools,
): SiteResult => {
  const whole = siteShape.safeParse(migrated.value);
  const shape = whole.success ? [] : shapeFindings(siteShape, migrated.value, whole.error.issues);
  const draft = draftOf(migrated.value);
  const boards = boardsOf(tools.boards);
  const wiring = wiringOf(draft, boards);
  const semantic = !isRecord(migrated.value)
    ? []
    : [
        ...checkBoards(draft, boards),
        ...checkStations(draft),
        ...checkLines(draft, wiring),
        ...checkAreas(draft),
        ...checkZones(draft),
        ...checkDoors(draft),
        ...checkReaders(draft),
        ...checkPortReaders(draft),
        ...checkPeople(draft, tools),
        ...checkOperators(draft),
      ];
  const findings = [...oldVersion(migrated.migratedFrom), ...shape, ...semantic];
  const problems = [...early, ...findings.map((finding) => toProblem(source, finding))].toSorted(compareProblems);
  if (!whole.success || problems.some(({ severity }) => severity === 'error')) return { ok: false, problems };
  return { ok: true, site: siteFileOf(whole.data, text, tools, wiring), warnings: problems };
};

export const loadSite = (text: string, tools: SiteTools, migrations: readonly Migration[] = MIGRATIONS): SiteResult => {
  const read = readSource(text);
  if (!read.ok) return { ok: false, problems: read.problems.toSorted(compareProblems) };
  const migrated = migrate(read.source.value, FORMAT_VERSION, migrations);
  if (!migrated.ok) return { ok: false, problems: [...read.problems, toProblem(read.source, versionFinding(migrated))] };
  return checked(text, read.source, read.problems, migrated, tools);
};
