/** Speaks to a simulated Monoova as a client of its would. No hooks of a test runner: programs use it too. */
export const API_KEY = 'the-api-key';

export function client(url: string, apiKey = API_KEY) {
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  const headers = { Authorization: authorization, 'Content-Type': 'application/json' };
  const post = (path: string, body: unknown) =>
    fetch(url + path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
  const get = (path: string) => fetch(url + path, { headers: { Authorization: authorization }, redirect: 'manual' });
  return {
    post,
    get,
    execute: (body: unknown) => post('/financial/v2/transaction/execute', body),
    validate: (body: unknown) => post('/financial/v2/transaction/validate', body),
    status: (reference: string) => get(`/financial/v2/status/${encodeURIComponent(reference)}`),
  };
}

export function payIdPayout(uniqueReference: string, payId = 'payid@demo.example', amount: number | string = 12.5) {
  return {
    uniqueReference,
    totalAmount: amount,
    disbursements: [
      {
        disbursementMethod: 'NppCreditPayId',
        toNppCreditPayIdDetails: { payIdType: 'Email', payId, accountName: 'Ada Example', endToEndId: 'E2E-1' },
        lodgementReference: 'Prize',
        amount,
      },
    ],
  };
}

export function bankPayout(uniqueReference: string, accountNumber = '22090101', amount: number | string = 12.5) {
  return {
    uniqueReference,
    totalAmount: amount,
    disbursements: [
      {
        disbursementMethod: 'NppCreditBankAccount',
        toNppCreditBankAccountDetails: { bsbNumber: '802-950', accountNumber, accountName: 'Ada Example' },
        lodgementReference: 'Prize',
        amount,
      },
    ],
  };
}
