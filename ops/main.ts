import { enableCompileCache } from 'node:module';

// Before anything else is loaded: it halves the start of the second run.
enableCompileCache();

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const [{ runPayouts }, { processTerminal }] = await Promise.all([import('./program.ts'), import('./terminal.ts')]);
process.exitCode = await runPayouts(process.argv.slice(2), processTerminal());
