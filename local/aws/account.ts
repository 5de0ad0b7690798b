/** The one account and region of the local run; every ARN is made of them. */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'ap-southeast-2';
