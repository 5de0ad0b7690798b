import { generateAst, type OpenAPI, parseSpec, printAst } from 'oazapfts';
import { createContext } from 'oazapfts/context';
import { apiDocument } from './document.ts';
import { type Documented, pageOf } from './page.ts';

/**
 * The files that are made from the document, by their paths from the root of the project. The client is what a user's own generator
 * would make of it: the tests pay with it.
 */
export async function artefacts(): Promise<Readonly<Record<string, string>>> {
  const document = JSON.parse(JSON.stringify(apiDocument()));
  return {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/api.html': pageOf(document as Documented),
    'test/openapi/client/generated.ts': await clientOf(document as OpenAPI.Document),
  };
}

async function clientOf(document: OpenAPI.Document): Promise<string> {
  const source = await generateAst(createContext(await parseSpec(document), {}));
  return printAst(source);
}
