/** One operation of a service that speaks AWS REST JSON. */
export type RestRoute = {
  readonly action: string;
  readonly method: string;
  /** With a `{Name}` for each member of the input that stands in the path. */
  readonly path: string;
  /** The member of input and output that is the whole body, where the body is no structure. */
  readonly payload?: string;
  /** Members of the output that are headers, by their header's name. */
  readonly headers?: Readonly<Record<string, string>>;
};
