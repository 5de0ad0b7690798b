declare module 'asl-validator' {
  /** Checks a definition in the Amazon States Language; `errorsText` is empty where it found nothing. */
  export default function aslValidator(definition: object): { readonly isValid: boolean; errorsText(): string };
}
