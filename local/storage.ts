import type { RequestListener } from 'node:http';
import { type DataFolder, openDataFolder } from './data/data-folder.ts';
import type { Keep } from './data/kept-map.ts';
import { keepOffset } from './data/kept-offset.ts';
import { recordAnswers } from './record/record-answers.ts';
import { openRecord, type Recorder } from './record/recorder.ts';
import { createRecording, type Recording } from './record/recording.ts';
import type { RunClock } from './start.ts';

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

/** @throws {DataError} when the folder of `--data` is in use, damaged or somebody else's */
export function openStorage(
  options: { readonly dataDirectory?: string | undefined; readonly recordDirectory?: string | undefined },
  clock: RunClock,
): Storage {
  const { dataDirectory, recordDirectory } = options;
  const data = dataDirectory === undefined ? undefined : openDataFolder(dataDirectory);
  if (data) keepOffset(data.map('clock'), clock);
  const recorder = recordDirectory === undefined ? undefined : openRecord(recordDirectory, clock);
  return storageOf(data, recorder);
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
