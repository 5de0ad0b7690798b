/** The template (or the folder it lies in) holds something that cannot be run here; the message names it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError' as const;
}
