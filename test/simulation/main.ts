import { runCommand } from './command.ts';
import { readDeployment } from './deployment.ts';
import { USAGE, UsageError } from './options.ts';

try {
  process.exitCode = await runCommand(process.argv.slice(2), {
    readDeployment: () => readDeployment(() => console.log('Synthesising the CDK app, whose inputs have changed ...')),
    print: (text) => console.log(text),
  });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
