import { TemplateRenderError } from './errors.ts';
import { isFullMatch, replaceMatches, splitMatches } from './java-regex.ts';
import { HostObject, isSame, JavaList, JavaMap, printed, type Value } from './values.ts';

type Arguments = readonly Value[];
type Method<Self> = (self: Self, args: Arguments) => Value;
type Methods<Self> = Readonly<Record<string, Method<Self>>>;

/** java.lang.String, as far as mapping templates use it. Indices count UTF-16 units, in Java as here. */
const STRING: Methods<string> = {
  charAt: (self, args) => character(self, integer(args, 0)),
  concat: (self, args) => self + text(args, 0),
  contains: (self, args) => self.includes(text(args, 0)),
  endsWith: (self, args) => self.endsWith(text(args, 0)),
  equals: (self, args) => isSame(self, args[0] ?? null),
  equalsIgnoreCase: (self, args) => self.toLowerCase() === text(args, 0).toLowerCase(),
  indexOf: (self, args) => self.indexOf(text(args, 0)),
  isEmpty: (self) => self === '',
  lastIndexOf: (self, args) => self.lastIndexOf(text(args, 0)),
  length: (self) => self.length,
  matches: (self, args) => isFullMatch(self, text(args, 0)),
  replace: (self, args) => self.replaceAll(text(args, 0), () => text(args, 1)),
  replaceAll: (self, args) => replaceMatches(self, text(args, 0), text(args, 1)),
  replaceFirst: (self, args) => replaceMatches(self, text(args, 0), text(args, 1), 1),
  split: (self, args) => new JavaList(splitMatches(self, text(args, 0)), 'array'),
  startsWith: (self, args) => self.startsWith(text(args, 0)),
  substring: (self, args) => substring(self, integer(args, 0), args.length > 1 ? integer(args, 1) : self.length),
  toLowerCase: (self) => self.toLowerCase(),
  toString: (self: string) => self,
  toUpperCase: (self) => self.toUpperCase(),
  trim: (self) => self.replace(/^[\0- ]+|[\0- ]+$/g, ''),
};

const LIST: Methods<JavaList> = {
  add: (self, args) => self.items.push(args[0] ?? null) > 0,
  contains: (self, args) => self.items.some((item) => isSame(item, args[0] ?? null)),
  get: (self, args) => itemAt(self, integer(args, 0)),
  indexOf: (self, args) => self.items.findIndex((item) => isSame(item, args[0] ?? null)),
  isEmpty: (self) => self.items.length === 0,
  size: (self) => self.items.length,
  toString: (self: JavaList) => printed(self),
};

const MAP: Methods<JavaMap> = {
  containsKey: (self, args) => self.entries.has(text(args, 0)),
  containsValue: (self, args) => [...self.entries.values()].some((item) => isSame(item, args[0] ?? null)),
  entrySet: (self) => new JavaList([...self.entries].map(([key, value]) => mapEntry(key, value))),
  get: (self, args) => self.get(text(args, 0)),
  isEmpty: (self) => self.entries.size === 0,
  keySet: (self) => new JavaList([...self.entries.keys()]),
  put: (self, args) => put(self, text(args, 0), args[1] ?? null),
  size: (self) => self.entries.size,
  toString: (self: JavaMap) => printed(self),
  values: (self) => new JavaList([...self.entries.values()]),
};

const SCALAR: Methods<Exclude<Value, null>> = {
  equals: (self, args) => isSame(self, args[0] ?? null),
  toString: (self: Exclude<Value, null>) => printed(self),
};

/** Bean properties (`getX`, `isX`) of Java's own classes: a template reading one here would see nothing instead. */
const BEAN_PROPERTIES = new Set(['class', 'bytes', 'empty', 'blank']);

/**
 * Calls a Java method on a value. Nothing is null's method: the answer is null, as in Velocity.
 *
 * @throws {TemplateRenderError} for a method that is not in the tables above, or arguments Java would refuse.
 */
export function callMethod(self: Value, name: string, args: Arguments): Value {
  if (self === null) return null;
  if (self instanceof HostObject) {
    const method = Object.hasOwn(self.methods, name) ? self.methods[name] : undefined;
    if (!method) throw new TemplateRenderError(`${self.label} has no method ${name}`);
    return method(args);
  }
  if (typeof self === 'string') return call(STRING, 'a string', self, name, args);
  if (self instanceof JavaList) return call(LIST, 'a list', self, name, args);
  if (self instanceof JavaMap) return call(MAP, 'a map', self, name, args);
  return call(SCALAR, 'a number or boolean', self, name, args);
}

function call<Self>(methods: Methods<Self>, label: string, self: Self, name: string, args: Arguments): Value {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) throw new TemplateRenderError(`the method ${name} of ${label} is not run here`);
  return method(self, args);
}

/**
 * `$x.name`. A map gives what it holds under that name; anything else of Java has no such property, which is null.
 *
 * @throws {TemplateRenderError} where Java has a getter of that name which is not run here.
 */
export function propertyOf(self: Value, name: string): Value {
  if (self === null) return null;
  if (self instanceof HostObject) {
    const property = Object.hasOwn(self.properties, name) ? self.properties[name] : undefined;
    if (!property) throw new TemplateRenderError(`${self.label} has no ${name}`);
    return property();
  }
  if (self instanceof JavaMap && name !== 'class') return self.get(name);
  const isMethod = typeof self === 'string' ? Object.hasOwn(STRING, name) : Object.hasOwn(LIST, name);
  if (BEAN_PROPERTIES.has(name) || isMethod) throw new TemplateRenderError(`the property ${name} is not run here`);
  return null;
}

/** `$x[index]`. @throws {TemplateRenderError} outside a list's bounds, as Velocity does. */
export function indexOf(self: Value, index: Value): Value {
  if (self === null) return null;
  if (self instanceof JavaList) return itemAt(self, integer([index], 0));
  if (typeof index !== 'string') throw new TemplateRenderError('only a list has items by number');
  return propertyOf(self, index);
}

/** @throws {TemplateRenderError} where the value holds nothing by that key. */
export function assign(self: Value, key: Value, value: Value): void {
  if (self instanceof JavaMap && typeof key === 'string') {
    self.set(key, value);
    return;
  }
  if (!(self instanceof JavaList))
    throw new TemplateRenderError('#set into something that is neither a map nor a list');
  const index = integer([key], 0);
  itemAt(self, index);
  self.items[index] = value;
}

function itemAt(list: JavaList, index: number): Value {
  if (index < 0 || index >= list.items.length) throw new TemplateRenderError('an index outside its list');
  return list.items[index] ?? null;
}

function mapEntry(key: string, value: Value): HostObject {
  return new HostObject(
    'a map entry',
    { key: () => key, value: () => value },
    { getKey: () => key, getValue: () => value },
  );
}

/** Gives what was there before, as java.util.Map does. */
function put(map: JavaMap, key: string, value: Value): Value {
  const before = map.get(key);
  map.set(key, value);
  return before;
}

function substring(self: string, from: number, to: number): string {
  if (from < 0 || to > self.length || from > to) throw new TemplateRenderError('substring outside its string');
  return self.slice(from, to);
}

function character(self: string, index: number): string {
  if (index < 0 || index >= self.length) throw new TemplateRenderError('charAt outside its string');
  return self.charAt(index);
}

function text(args: Arguments, position: number): string {
  const value = args[position];
  if (typeof value !== 'string') throw new TemplateRenderError(`argument ${position + 1} must be a string`);
  return value;
}

function integer(args: Arguments, position: number): number {
  const value = args[position];
  if (typeof value !== 'number') throw new TemplateRenderError(`argument ${position + 1} must be an integer`);
  return value;
}
