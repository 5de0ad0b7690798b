import { AwsError, type WireRequest, type WireService } from '../../local/aws/wire.ts';

/** Has a service refuse the calls that are meant, as one whose machines are away, until it is told otherwise. */
export function refuse(service: WireService, isMeant: (request: WireRequest) => boolean): () => void {
  const handle = service.handle;
  service.handle = async (request) => {
    if (isMeant(request)) throw new AwsError('InternalServerError', 'Away', { statusCode: 500 });
    return handle.call(service, request);
  };
  return () => {
    service.handle = handle;
  };
}
