// What flagd makes of flag definitions: the variant that each user of a list gets.
//
//     flagd.mjs FILE USERS
//
// USERS is a file with a JSON list of [key of the flag, context]. Prints a line with the variant for each. Ends with 1 if the definitions do
// not fit the schema of flagd, and with 3 if the package is not installed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

let FlagdCore;
try {
  ({ FlagdCore } = createRequire(path.join(process.env.RELPLAN_NODE_MODULES ?? "", "x"))("@openfeature/flagd-core"));
} catch {
  console.error("no flagd-core");
  process.exit(3);
}
// What flagd warns of is wrong, too.
const problems = [];
const note = (...words) => problems.push(words.map(String).join(" "));
const logger = { error: note, warn: note, info() {}, debug() {} };

const flagd = new FlagdCore(undefined, logger);
const [file, users] = process.argv.slice(2);
try {
  flagd.setConfigurations(readFileSync(file, "utf8"));
} catch (error) {
  note(error.message);
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
for (const [key, context] of JSON.parse(readFileSync(users, "utf8"))) {
  const found = flagd.resolveAll(context, logger).find(({ flagKey }) => flagKey === key);
  console.log(found?.variant ?? "no such flag");
}
