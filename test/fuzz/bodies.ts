import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { type Event, type Field, objectText } from './events.ts';
import { oddName, oddReference, oddValue } from './odd-values.ts';

/** A body to be: its words for a report, and its bytes once the reference of its payout is known. */
export type Body = {
  readonly what: string;
  readonly isGenuine: boolean;
  readonly bytes: (reference: string) => Buffer;
};

type ChangeOfFields = { readonly what: string; readonly change: (fields: readonly Field[]) => readonly Field[] };
type ChangeOfText = { readonly what: string; readonly change: (text: string) => Buffer };

const at = fc.nat({ max: 30 });

const changeOfFields: Arbitrary<ChangeOfFields> = fc.oneof(
  at.map((index) => ({
    what: 'a field less',
    change: (fields: readonly Field[]) => fields.toSpliced(index % fields.length, 1),
  })),
  fc.record({ index: at, text: oddValue }).map(({ index, text }) => ({
    what: 'an odd value',
    change: (fields: readonly Field[]) => fields.with(index % fields.length, { ...fieldAt(fields, index), text }),
  })),
  fc.record({ index: at, text: oddValue, isBefore: fc.boolean() }).map(({ index, text, isBefore }) => ({
    what: 'a field twice',
    change: (fields: readonly Field[]) =>
      fields.toSpliced(isBefore ? 0 : fields.length, 0, { ...fieldAt(fields, index), text }),
  })),
  fc.record({ index: at, name: oddName }).map(({ index, name }) => ({
    what: 'another name',
    change: (fields: readonly Field[]) => fields.with(index % fields.length, { ...fieldAt(fields, index), name }),
  })),
  fc.record({ name: oddName, text: oddValue, isBefore: fc.boolean() }).map(({ name, text, isBefore }) => ({
    what: 'a field more',
    change: (fields: readonly Field[]) => fields.toSpliced(isBefore ? 0 : fields.length, 0, { name, text }),
  })),
);

function fieldAt(fields: readonly Field[], index: number): Field {
  return fields[index % fields.length] ?? { name: 'Status', text: 'null' };
}

/** Larger than a webhook may be, than Lambda takes (6 MB), and than API Gateway takes (10 MB). */
const PADDINGS = [64 * 1024, 64 * 1024, 64 * 1024, 1_000_000, 5_500_000, 6_400_000, 10_600_000];

const text = (what: string, change: (text: string) => Buffer | string): ChangeOfText => ({
  what,
  change: (given) => Buffer.from(change(given)),
});

const changeOfText: Arbitrary<ChangeOfText> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      text('a byte order mark', (body) => `\uFEFF${body}`),
      text('UTF-16', (body) => Buffer.from(body, 'utf16le')),
      text('Latin-1', (body) => Buffer.from(body.replace('Zebedee', 'Zébédée'), 'latin1')),
      text('indented', (body) => body.replaceAll(',', ',\n  ')),
      text('a line end', (body) => `${body}\r\n`),
      text('a comment', (body) => `${body}// genuine`),
      text('two objects', (body) => `${body}${body}`),
      text('a list of it', (body) => `[${body}]`),
      text('a text of it', (body) => JSON.stringify(body)),
      text('inside another', (body) => `{"data":${body}}`),
      text('base64', (body) => Buffer.from(body).toString('base64')),
      text('gzip', (body) => gzipSync(body)),
      text('a form', (body) => new URLSearchParams({ payload: body }).toString()),
      text('nothing', () => ''),
      text('spaces', () => ' \r\n\t'),
      text('a NUL in front', (body) => `\u0000${body}`),
    ),
  },
  { weight: 2, arbitrary: at.map((count) => text('cut off', (body) => body.slice(0, -count - 1))) },
  {
    weight: 3,
    arbitrary: fc
      .record({ place: fc.nat(), bit: fc.nat({ max: 7 }) })
      .map(({ place, bit }) => text('a flipped bit', (body) => flipped(Buffer.from(body), place, bit))),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ place: fc.nat(), junk: fc.uint8Array({ minLength: 1, maxLength: 8 }) })
      .map(({ place, junk }) => text('bytes between', (body) => inserted(Buffer.from(body), place, Buffer.from(junk)))),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 2_000 }).map((junk) => text('only bytes', () => Buffer.from(junk))),
  },
  { weight: 1, arbitrary: fc.json().map((json) => text('other JSON', () => json)) },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 199 }).map((index) => {
      // Seldom the huge ones: each is megabytes over the wire.
      const bytes = PADDINGS[index] ?? 65_000;
      return text('padded', (body) => body.replace(/\}$/, `,"Padding":"${'x'.repeat(bytes)}"}`));
    }),
  },
);

function flipped(bytes: Buffer, place: number, bit: number): Buffer {
  const index = place % Math.max(1, bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  return bytes;
}

function inserted(bytes: Buffer, place: number, junk: Buffer): Buffer {
  const index = place % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, index), junk, bytes.subarray(index)]);
}

const oddlyReferenced = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 6 },
  { arbitrary: oddReference, weight: 1 },
);

const SAME: ChangeOfText = { what: '', change: (body) => Buffer.from(body) };

/** One body in four is as Monoova sends it. */
export function bodyOf({ fields }: Event): Arbitrary<Body> {
  const genuine = fc.constant<Body>({
    what: 'genuine',
    isGenuine: true,
    bytes: (reference) => Buffer.from(objectText(fields(reference))),
  });
  const mutated = fc
    .record({
      respell: oddlyReferenced,
      changes: fc.array(changeOfFields, { maxLength: 3 }),
      last: fc.oneof({ arbitrary: fc.constant(SAME), weight: 3 }, { arbitrary: changeOfText, weight: 2 }),
    })
    .map(({ respell, changes, last }): Body => {
      const words = [respell && 'an odd reference', ...changes.map(({ what }) => what), last.what];
      return {
        what: words.filter(Boolean).join(', ') || 'genuine',
        isGenuine: words.every((word) => !word),
        bytes: (reference) => {
          const given = fields(respell ? respell(reference) : reference);
          return last.change(objectText(changes.reduce((all, { change }) => change(all), given)));
        },
      };
    });
  return fc.oneof({ arbitrary: genuine, weight: 1 }, { arbitrary: mutated, weight: 3 });
}
