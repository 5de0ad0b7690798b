import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly bodyFile: string; readonly signature: string; readonly publicKeyHex: string };

const HELP = `
The body is the exact bytes that were received, as they came over the wire: what a program has parsed and written again is
another body. The signature is the header Verification-Signature. The key is what Monoova publishes:
  curl -sS https://api.m-pay.com.au/public/v1/certificate/public-key
A genuine body says who wrote it, and not when: it carries no time and may be sent again by anybody.`;

/** Larger than any webhook that the receiver reads. */
const BODY_BYTES_MAX = 1_000_000;

export function addWebhooksVerify(webhooks: Command, context: Context): void {
  webhooks
    .command('verify')
    .description("says whether a webhook's body is Monoova's, exactly as the receiver would; 0 where it is, else 1")
    .requiredOption('--body-file <path>', 'the raw body; - for standard input')
    .requiredOption('--signature <base64>', 'Verification-Signature')
    .requiredOption('--public-key-hex <hex>', "Monoova's public key: hexadecimal of PKCS#1 in DER")
    .addHelpText('after', HELP)
    .action((options: Options) => verify(context, options));
}

async function verify({ terminal }: Context, { bodyFile, signature, publicKeyHex }: Options): Promise<void> {
  const [{ signingKeyOf }, { isSignedBy }, { bytesFrom }, { CommandError, UsageError }] = await Promise.all([
    import('../../functions/adapters/monoova/signing-keys.ts'),
    import('../../functions/adapters/monoova/webhook-proof.ts'),
    import('../input-file.ts'),
    import('../errors.ts'),
  ]);
  const key = signingKeyOf(publicKeyHex);
  if (!key) throw new UsageError('--public-key-hex is no RSA key of 2048 bits or more, in hexadecimal of PKCS#1 DER');
  const body = await bytesFrom(bodyFile, terminal, BODY_BYTES_MAX);
  const isGenuine = (bytes: Buffer) => isSignedBy(key, signature.trim(), bytes);
  if (isGenuine(body)) {
    terminal.stdout.write(`Genuine: these ${body.length} bytes were signed with this key.\n`);
    return;
  }
  const shorter = withoutNewline(body);
  const hint = isGenuine(shorter)
    ? ' Without the line end at its end it is: something has added one'
    : ' One byte more or less makes it so, and so does another key: ask for the one of the day it was sent';
  throw new CommandError(`not genuine: these ${body.length} bytes were not signed so with this key.${hint}`);
}

/** What editors and `echo` add. */
function withoutNewline(bytes: Buffer): Buffer {
  const text = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
  return text.at(-1) === 0x0d ? text.subarray(0, -1) : text;
}
