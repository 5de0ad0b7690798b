/** Text that is HTML already. */
export type Html = { readonly html: string };

/** HTML with every value escaped that is not HTML itself; lists stand one after the other. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  return { html: String.raw({ raw: parts }, ...values.map(textOf)) };
}

function textOf(value: Html | readonly Html[] | string | number): string {
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(({ html }) => html).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const NOTHING: Html = { html: '' };

/** A sentence in which backticks mark code. */
export function prose(text: string | undefined): Html[] {
  return (text ?? '').split('`').map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}
