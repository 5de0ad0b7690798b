import type { RequestListener } from 'node:http';
import type { RunClock } from './clock.ts';
import { DataError } from './data/data-error.ts';
import { type DataFolder, openDataFolder } from './data/data-folder.ts';
import type { Keep } from './data/kept-map.ts';
import { keepOffset } from './data/kept-offset.ts';
import { recordAnswers } from './record/record-answers.ts';
import { openRecord, type Recorder } from './record/recorder.ts';
import { createRecording, type Recording } from './record/recording.ts';

/** What of a run goes to the disk: `--data`, `--record`, both or neither. */
export type Storage = {
  readonly keep: Keep;
  readonly onLogLine: Recording['onLogLine'] | undefined;
  readonly onPublished: Recording['onPublished'] | undefined;
  readonly onEvent: Recording['onEvent'] | undefined;
  /** The API's handler, with its answers written down where they are to be. */
  answering(handle: RequestListener): RequestListener;
  /** From here on nothing reaches the disk, as if the process had been killed. Safe to repeat. */
  close(): void;
};

/** @throws {DataError} when a folder cannot be used, or the one of `--data` is in use, damaged or somebody else's */
export function openStorage(
  options: { readonly dataDirectory?: string | undefined; readonly recordDirectory?: string | undefined },
  clock: RunClock,
): Storage {
  const { dataDirectory, recordDirectory } = options;
  const data = opened(dataDirectory, openDataFolder);
  if (data) keepOffset(data.map('clock'), clock);
  const recorder = opened(recordDirectory, (directory) => openRecord(directory, clock));
  return storageOf(data, recorder);
}

/** What the file system refuses (no such disk, no right to write) is said with the folder's name. */
function opened<Opened>(directory: string | undefined, open: (directory: string) => Opened): Opened | undefined {
  if (directory === undefined) return undefined;
  try {
    return open(directory);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new DataError(`${directory} cannot be used: ${cause.message}`, { cause });
  }
}

function storageOf(data: DataFolder | undefined, recorder: Recorder | undefined): Storage {
  const keep: Keep = (service) => data?.map(service);
  const recording = recorder && createRecording(recorder, keep);
  return {
    keep: recording?.keep ?? keep,
    onLogLine: recording?.onLogLine,
    onPublished: recording?.onPublished,
    onEvent: recording?.onEvent,
    answering: (handle) => (recorder ? recordAnswers(handle, recorder) : handle),
    close() {
      data?.close();
      recorder?.close();
    },
  };
}
