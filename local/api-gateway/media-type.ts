const DEFAULT_TYPE = 'application/json';

/** Only the type counts: `application/json; charset=UTF-8` is `application/json`. An absent header means JSON. */
export function mediaTypeOf(header: string | undefined): string {
  const [type = ''] = (header ?? '').split(/[;,]/);
  return type.trim() === '' ? DEFAULT_TYPE : type.trim().toLowerCase();
}

/** The entry for a media type, or the one for `$default`. */
export function forMediaType<Entry>(entries: Readonly<Record<string, Entry>>, mediaType: string): Entry | undefined {
  const match = Object.entries(entries).find(([name]) => mediaTypeOf(name) === mediaType && name !== '$default');
  return match ? match[1] : entries['$default'];
}

/**
 * The template for an answer: the one for the request's `Accept`, else the one for JSON, else the first
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html#selecting-mapping-templates).
 */
export function forAccept<Entry>(
  entries: Readonly<Record<string, Entry>>,
  accept: string | undefined,
): { mediaType: string; entry: Entry } | undefined {
  const names = Object.keys(entries);
  const name =
    names.find((one) => one.toLowerCase() === mediaTypeOf(accept)) ??
    names.find((one) => one === DEFAULT_TYPE) ??
    names[0];
  const entry = name === undefined ? undefined : entries[name];
  return name === undefined || entry === undefined ? undefined : { mediaType: name, entry };
}

/** Whether a media type is one of the API's binary ones; `*` stands for anything. Only the first type of an Accept counts. */
export function isBinary(header: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (header === undefined) return false;
  const [type = '', subtype = ''] = mediaTypeOf(header).split('/');
  return binaryMediaTypes.some((one) => {
    const [binaryType = '', binarySubtype = ''] = mediaTypeOf(one).split('/');
    return (binaryType === '*' || binaryType === type) && (binarySubtype === '*' || binarySubtype === subtype);
  });
}
