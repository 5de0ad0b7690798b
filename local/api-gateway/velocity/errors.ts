/**
 * A mapping template that this engine does not run: wrong syntax, or a construct whose meaning on AWS is not certain. It is
 * thrown when the template is read, before anything is served; a request cannot cause it.
 */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError' as const;
}

/**
 * A template met something while rendering for which it has no certain answer: an unknown method, a variable nobody set,
 * an index out of range. Rendering on would be a silent lie, so the caller answers 500, as AWS does for a template that
 * fails. The message names the construct and never a value.
 */
export class TemplateRenderError extends Error {
  override readonly name = 'TemplateRenderError' as const;
}
