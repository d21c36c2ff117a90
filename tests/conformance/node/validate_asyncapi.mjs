// Reads an AsyncAPI document from standard input; prints one line per error; exit code 1 when there is one.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const diagnostics = await new Parser().validate(readFileSync(0, 'utf8'));
const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 0);
for (const error of errors) console.log(`${error.path.join('.')}: ${error.message}`);
process.exit(errors.length ? 1 : 0);
