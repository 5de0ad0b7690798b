import { type Html, html, prose } from './html.ts';
import { type Operation, operationOf, type Route } from './page-operation.ts';
import { type Schema, schemaOf } from './page-schema.ts';

/** As much of the document as the page shows. */
export type Documented = {
  readonly info: { readonly title: string; readonly description?: string };
  readonly servers: readonly { readonly url: string; readonly description?: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, { readonly description?: string }>>;
  };
};

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
h2 { border-top: 2px solid; margin-top: 3rem; padding-top: .5rem; }
section { margin-top: 2.5rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .75rem; margin: .25rem 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
th { font-weight: 600; }
figure { margin: 0; }
figcaption { font-size: .9em; }
details { border-left: 3px solid var(--line); padding-left: .75rem; margin: .5rem 0; }
summary { cursor: pointer; }
`;

/** The document as one page that needs nothing else: no script, no font, no network. */
export function pageOf({ info, servers, tags, paths, components }: Documented): string {
  const routes: Route[] = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
  const ofTag = (tag: string) => routes.filter(({ operation }) => operation.tags.includes(tag));
  const page = html`<!doctype html>
<html lang="en-AU">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}: the HTTP API</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header>
<h1>${info.title}: the HTTP API</h1>
<p>${prose(info.description)}</p>
</header>
<nav aria-label="Routes"><ul>${routes.map(contentsLine)}</ul></nav>
<main>
<h2>Where it is</h2>
<ul>${servers.map(({ url, description }) => html`<li><code>${url}</code>: ${prose(description)}</li>`)}</ul>
${tags.map(({ name }) => html`<h2>${name}</h2>${ofTag(name).map(operationOf)}`)}
<h2>Proofs</h2>
${Object.entries(components.securitySchemes).map(
  ([name, { description }]) =>
    html`<section id="security-${name}"><h3>${name}</h3><p>${prose(description)}</p></section>`,
)}
<h2>Schemas</h2>
${Object.entries(components.schemas).map(
  ([name, schema]) =>
    html`<section id="schema-${name}"><h3>${name}</h3><p>${prose(schema.description)}</p>${schemaOf(schema)}</section>`,
)}
</main>
</body>
</html>
`;
  return page.html;
}

function contentsLine({ method, path, operation }: Route): Html {
  return html`<li><a href="#${operation.operationId}">${method.toUpperCase()} ${path}</a>: ${operation.summary}</li>`;
}
