/** Who runs the controller, and what that user may touch by the permissions of files. */
import type { FileFacts, Machine } from './machine.ts';

export type Person = { readonly name: string; readonly uid: number; readonly gids: readonly number[] };

type Row = readonly string[];

const rowsOf = (text: string | undefined): readonly Row[] => (text ?? '').split('\n').map((line) => line.split(':'));

/** By /etc/passwd and /etc/group; undefined: there is no such user. */
export const personNamed = (machine: Machine, name: string): Person | undefined => {
  const [, , uid, gid] = rowsOf(machine.text('/etc/passwd')).find(([user]) => user === name) ?? [];
  if (uid === undefined || gid === undefined) return undefined;
  const others = rowsOf(machine.text('/etc/group')).filter(([, , , members]) => members?.split(',').includes(name));
  return { name, uid: Number(uid), gids: [Number(gid), ...others.map(([, , id]) => Number(id))] };
};

export const groupName = (machine: Machine, gid: number): string | undefined =>
  rowsOf(machine.text('/etc/group')).find(([, , id]) => Number(id) === gid)?.[0];

const READ = 4;
const WRITE = 2;

const allowedBits = ({ uid, gids }: Person, file: FileFacts): number => {
  if (file.uid === uid) return (file.mode >> 6) & 7;
  return gids.includes(file.gid) ? (file.mode >> 3) & 7 : file.mode & 7;
};

const mayAll = (person: Person, file: FileFacts, bits: number): boolean =>
  person.uid === 0 || (allowedBits(person, file) & bits) === bits;

export const mayRead = (person: Person, file: FileFacts): boolean => mayAll(person, file, READ);
export const mayUse = (person: Person, file: FileFacts): boolean => mayAll(person, file, READ | WRITE);
/** Anybody but owner and group. */
export const isOpenToOthers = ({ mode }: FileFacts): boolean => (mode & 0o007) !== 0;
