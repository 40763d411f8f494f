// Runs the definitions of an ELM library for many patients with cql-execution.
//
// Arguments: the ELM file; a file with one patient a line, {parameter: value}, where a number is
// [low, high]; the names of the definitions wanted, as JSON in a file. Prints one line a patient:
// a string with t, f or n (null) for each definition, then on standard error the milliseconds taken.
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import cql from "cql-execution";

const [elmFile, patientsFile, namesFile] = process.argv.slice(2);
const library = new cql.Library(JSON.parse(readFileSync(elmFile, "utf8")));
const names = JSON.parse(readFileSync(namesFile, "utf8"));
const intervals = new Set(
  library.source.library.parameters.def
    .filter((each) => each.parameterTypeSpecifier.type === "IntervalTypeSpecifier")
    .map((each) => each.name)
);

let spent = 0;
for await (const line of createInterface({ input: createReadStream(patientsFile) })) {
  const given = JSON.parse(line);
  for (const name of Object.keys(given)) {
    if (intervals.has(name) && given[name] !== null) {
      given[name] = new cql.Interval(given[name][0], given[name][1], true, true, "{urn:hl7-org:elm-types:r1}Decimal");
    }
  }
  const start = process.hrtime.bigint();
  const context = new cql.UnfilteredContext(library, { patientResults: {} }, null, given, null, null);
  let out = "";
  for (const name of names) {
    const value = await library.expressions[name].execute(context);
    out += value === true ? "t" : value === false ? "f" : "n";
  }
  spent += Number(process.hrtime.bigint() - start) / 1e6;
  process.stdout.write(out + "\n");
}
process.stderr.write(`${spent}\n`);
