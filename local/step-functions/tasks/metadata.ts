import type { JsonObject } from '../../json.ts';

/** What AWS adds to the result of an optimised task: the answer's status and headers. */
export function sdkMetadata(requestId: string, contentType: string): JsonObject {
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: { 'x-amzn-RequestId': [requestId], 'Content-Type': [contentType] },
      HttpHeaders: { 'x-amzn-RequestId': requestId, 'Content-Type': contentType },
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
