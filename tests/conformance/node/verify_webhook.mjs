// Reads {secret, body, headers} from standard input; exit code 0 when the signature is right, 1 when it is refused.
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';

const { secret, body, headers } = JSON.parse(readFileSync(0, 'utf8'));
try {
  new Webhook(secret).verify(body, headers);
} catch (error) {
  console.log(String(error.message));
  process.exit(1);
}
