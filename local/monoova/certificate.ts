import { type KeyObject, sign } from 'node:crypto';

/**
 * Builds a self-signed X.509 version 3 certificate (RFC 5280, section 4.1) with sha256WithRSAEncryption. Node reads
 * certificates but makes none; the few DER forms needed here are easier to read than a dependency.
 */
export function selfSignedCertificate(subject: {
  commonName: string;
  serialNumber: number;
  publicKey: KeyObject;
  privateKey: KeyObject;
  notBeforeMs: number;
  notAfterMs: number;
}): Buffer {
  const name = sequence(set(sequence(oid(COMMON_NAME), utf8String(subject.commonName))));
  const toBeSigned = sequence(
    explicit(0, integer(VERSION_3)),
    integer(subject.serialNumber),
    SIGNATURE_ALGORITHM,
    name,
    sequence(utcTime(subject.notBeforeMs), utcTime(subject.notAfterMs)),
    name,
    subject.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toBeSigned, subject.privateKey);
  return sequence(toBeSigned, SIGNATURE_ALGORITHM, tagged(0x03, Buffer.from([0]), signature));
}

const VERSION_3 = 2;
/** 2.5.4.3 */
const COMMON_NAME = [0x55, 0x04, 0x03];
/** 1.2.840.113549.1.1.11, sha256WithRSAEncryption */
const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const SIGNATURE_ALGORITHM = sequence(oid(SHA256_WITH_RSA), tagged(0x05));

function tagged(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** Short form below 128, else the count of length bytes and then the length, big-endian. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = unsigned(length);
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function unsigned(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

function integer(value: number): Buffer {
  const bytes = unsigned(value);
  // A leading bit of 1 would read as negative.
  const isHigh = (bytes[0] ?? 0) >= 0x80;
  return tagged(0x02, isHigh ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function sequence(...contents: Buffer[]): Buffer {
  return tagged(0x30, ...contents);
}

function set(...contents: Buffer[]): Buffer {
  return tagged(0x31, ...contents);
}

function explicit(number: number, content: Buffer): Buffer {
  return tagged(0xa0 + number, content);
}

function oid(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}

function utf8String(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text, 'utf8'));
}

/** YYMMDDhhmmssZ; holds the years 1950 to 2049, and others are clamped, since a simulator's time may stand anywhere. */
function utcTime(epochMs: number): Buffer {
  const clampedMs = Math.min(Math.max(epochMs, Date.UTC(1950, 0)), Date.UTC(2050, 0) - 1000);
  const digits = new Date(clampedMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}
