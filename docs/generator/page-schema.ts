import { type Html, html, NOTHING, prose } from './html.ts';

/** As much of a JSON schema as our document uses. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
};

/** A table of the fields of an object; of anything else, what it is. */
export function schemaOf(schema: Schema): Html {
  if (schema.properties === undefined || schema.allOf) return html`<p>${typeOf(schema)}</p>`;
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(
    ([
      name,
      field,
    ]) => html`<tr><th scope="row"><code>${name}</code></th><td>${required.has(name) ? 'always' : 'sometimes'}</td>
<td>${typeOf(field)}</td><td>${prose(field.description)}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">Field</th><th scope="col">There</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

/** In words: the type, and what bounds it. */
export function typeOf(schema: Schema): Html {
  if (schema.allOf) return html`${schema.allOf.map(typeOf)}`;
  const named = schema.$ref?.split('/').at(-1);
  if (named !== undefined) return html`<a href="#schema-${named}">${named}</a>`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return html`one of ${schema.enum.map((value) => html`<code>${String(value)}</code> `)}`;
  if (schema.anyOf) return html`${schema.anyOf.map((one, index) => html`${index === 0 ? '' : ' or '}${typeOf(one)}`)}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  const items = schema.items ? html` of ${typeOf(schema.items)}` : NOTHING;
  return html`${type}${items}${bounds(schema)}`;
}

function bounds({ minimum, maximum, minLength, maxLength, pattern }: Schema): Html[] {
  return [
    minimum === undefined ? NOTHING : html`, at least ${minimum}`,
    maximum === undefined ? NOTHING : html`, at most ${maximum}`,
    minLength === undefined ? NOTHING : html`, at least ${minLength} characters`,
    maxLength === undefined ? NOTHING : html`, at most ${maxLength} characters`,
    pattern === undefined ? NOTHING : html`, <code>${pattern}</code>`,
  ];
}
