/** Finding one's way in a zod shape: which keys are known at a path, and an object's shape behind its wrappers. */
import { z } from 'zod';
import type { Path } from './problem.ts';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** undefined: nothing is written there. Own keys only. */
export const valueAt = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
};

const fieldOf = (object: z.ZodObject, key: string): z.core.$ZodType | undefined => {
  const field: unknown = Object.hasOwn(object.def.shape, key) ? object.def.shape[key] : undefined;
  return field instanceof z.core.$ZodType ? field : undefined;
};

const optionFor = (shape: z.ZodDiscriminatedUnion, value: unknown): z.core.SomeType | undefined => {
  const { discriminator } = shape.def;
  const chosen = valueAt(value, [discriminator]);
  return shape.options.find((option) => {
    const literal = option instanceof z.ZodObject ? fieldOf(option, discriminator) : undefined;
    return literal instanceof z.ZodLiteral && [...literal.values].some((value: unknown) => value === chosen);
  });
};

/** The object shape behind defaults and choices; undefined: it is something else. */
export const objectShape = (shape: z.core.SomeType, value: unknown): z.ZodObject | undefined => {
  if (shape instanceof z.ZodObject) return shape;
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodDefault || shape instanceof z.ZodPrefault) {
    return objectShape(shape.def.innerType, value);
  }
  if (!(shape instanceof z.ZodDiscriminatedUnion)) return undefined;
  const option = optionFor(shape, value);
  return option && objectShape(option, value);
};

const innerOf = (shape: z.core.SomeType): z.core.SomeType => {
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodDefault || shape instanceof z.ZodPrefault)
    return innerOf(shape.def.innerType);
  return shape;
};

const childOf = (shape: z.core.SomeType, value: unknown, part: string | number): z.core.SomeType | undefined => {
  const inner = innerOf(shape);
  if (inner instanceof z.ZodRecord) return inner.def.valueType;
  if (inner instanceof z.ZodArray) return inner.def.element;
  const object = objectShape(inner, value);
  return object && fieldOf(object, String(part));
};

export const knownKeys = (root: z.core.SomeType, rootValue: unknown, path: Path): readonly string[] => {
  let shape: z.core.SomeType | undefined = root;
  let value = rootValue;
  for (const part of path) {
    shape = shape && childOf(shape, value, part);
    value = valueAt(value, [part]);
  }
  const object = shape && objectShape(shape, value);
  return object ? Object.keys(object.def.shape) : [];
};
