import { type Html, html, NOTHING, prose } from './html.ts';
import { type Schema, schemaOf, typeOf } from './page-schema.ts';

type Example = { readonly summary?: string; readonly value?: unknown };
type Content = Readonly<
  Record<string, { readonly schema?: Schema; readonly examples?: Readonly<Record<string, Example>> }>
>;
type Header = { readonly description?: string; readonly schema?: Schema };
type Response = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Content;
};
type Parameter = Header & { readonly name: string; readonly in: string; readonly required?: boolean };

export type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
};

export type Route = { readonly method: string; readonly path: string; readonly operation: Operation };

/** One route: what it takes, and each of its answers, the good ones first. */
export function operationOf({ method, path, operation }: Route): Html {
  const scheme = operation.security.flatMap(Object.keys)[0];
  return html`<section id="${operation.operationId}">
<h3>${operation.summary}</h3>
<p class="route"><strong>${method.toUpperCase()}</strong> <code>${path}</code></p>
<p>${prose(operation.description)}</p>
<p>Proof: ${scheme === undefined ? html`none` : html`<a href="#security-${scheme}">${scheme}</a>`}.</p>
${parametersOf(operation.parameters ?? [])}
${operation.requestBody ? html`<h4>Request</h4>${contentOf(operation.requestBody.content)}` : NOTHING}
<h4>Answers</h4>
${Object.entries(operation.responses).map(([status, response]) => responseOf(status, response))}
</section>`;
}

function parametersOf(parameters: readonly Parameter[]): Html {
  if (parameters.length === 0) return NOTHING;
  const rows = parameters.map(
    ({ name, in: place, required, schema = {}, description }) => html`<tr><th scope="row"><code>${name}</code></th>
<td>${place}${required ? ', required' : ''}</td><td>${typeOf(schema)}</td><td>${prose(description)}</td></tr>`,
  );
  return html`<h4>Parameters</h4><table><thead><tr><th scope="col">Name</th><th scope="col">Where</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

function responseOf(status: string, { description, headers = {}, content = {} }: Response): Html {
  const headerRows = Object.entries(headers).map(
    ([name, header]) => html`<li>Header <code>${name}</code>: ${prose(header.description)}</li>`,
  );
  return html`<details${status.startsWith('2') ? html` open` : NOTHING}><summary><strong>${status}</strong> ${prose(description)}</summary>
${headerRows.length === 0 ? NOTHING : html`<ul>${headerRows}</ul>`}
${contentOf(content)}</details>
`;
}

function contentOf(content: Content): Html[] {
  return Object.entries(content).map(
    ([mediaType, { schema = {}, examples = {} }]) => html`<p><code>${mediaType}</code></p>${schemaOf(schema)}
${Object.entries(examples).map(([name, example]) => exampleOf(example.summary ?? name, example))}`,
  );
}

function exampleOf(name: string, { value }: Example): Html {
  return html`<figure><figcaption>${name}</figcaption><pre tabindex="0">${JSON.stringify(value, null, 2)}</pre></figure>`;
}
