/** dynalite ships no types; this is its one export (README of 4.0.0). */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: { readonly createTableMs?: number }): Server;
}
