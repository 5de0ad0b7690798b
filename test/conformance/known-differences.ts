/**
 * Cases that are known to differ from AWS, each with the reason why that is accepted. A case that differs and is not
 * here fails the run; one that is here and agrees again is reported, so that it is taken off.
 */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {};
