"""A registry to strata, options and missing facts: for every patient, and in totals.

The rules are those of one patient, run as columns. A cell that cannot be read is unknown and
reported by its column; nothing else of its row is lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from secondline.assessment.engines import Engine, TableError
from secondline.assessment.registry import Registry, read_table
from secondline.criteria.sql import identifier, program, text
from secondline.domain.pathways import Option, Stratum
from secondline.library.library import Library

PATIENT_COLUMNS = ("patient", "patient_id", "id")
EXAMPLES = 3
NONE, OPEN = "no stratum", "not decided"


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many patients a rule holds for, does not hold for, and cannot be decided for."""

    id: str
    label: str
    group: str
    met: int
    not_met: int
    unknown: int


@dataclass(frozen=True, slots=True)
class MissingCount:
    """For how many patients an unrecorded fact keeps a stratum or an option open."""

    fact: str
    label: str
    patients: int


@dataclass(frozen=True, slots=True)
class Group:
    """Totals of the patients of one disease, or of one stratum of it.

    Attributes:
        stratum: the stratum that divides; None for the whole disease.
        strata: counts, `group` is the scheme.
        options: counts, `group` is the role; met is eligible.
    """

    disease: str
    stratum: str | None
    patients: int
    strata: tuple[RuleCount, ...]
    options: tuple[RuleCount, ...]
    missing: tuple[MissingCount, ...]


@dataclass(frozen=True, slots=True)
class ColumnProblem:
    """Cells of one column that could not be read and count as unknown."""

    column: str
    expected: str
    cells: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The totals of a registry, and how it was read.

    Attributes:
        patients: rows of the table.
        not_assessed: rows without a disease that this edition assesses.
        absent: facts that no column records: unknown for everybody.
        ignored: columns that are no fact, each with what it may have meant.
        rejected: lines of the file that are no rows.
    """

    edition: str
    patients: int
    not_assessed: int
    groups: tuple[Group, ...]
    problems: tuple[ColumnProblem, ...]
    absent: tuple[str, ...]
    ignored: Mapping[str, str]
    rejected: tuple[str, ...]


def assess_cohort(  # noqa: PLR0913  # what a run can be told
    engine: Engine,
    library: Library,
    *,
    by: str = "scheme",
    disease: str | None = None,
    patient: str | None = None,
    out: Path | None = None,
) -> Cohort:
    """Assess every patient of a table.

    Args:
        engine: opened on the table.
        library: the knowledge.
        by: "scheme" for totals of each disease, or the id of one scheme, to divide the patients
            by its strata.
        disease: of all patients, for a table without that column.
        patient: the column that names the patients, for `out`.
        out: where the result of every patient is written; None writes nothing.

    Raises:
        TableError: the table cannot be read, or holds no disease.
    """
    return _Run(engine, library, by=by, disease=disease, patient=patient, out=out).cohort()


@dataclass(frozen=True, slots=True)
class _Rules:
    """The strata and options of one disease, compiled, and the query of its patients' nodes."""

    disease: str
    rules: tuple[Stratum | Option, ...]
    columns: tuple[str, ...]
    open_of: Mapping[str, str]
    rows: str

    def of_kind(self, kind: type[Stratum | Option]) -> Iterator[tuple[Stratum | Option, str]]:
        """Yield the rules of one kind, each with its column."""
        for rule, column in zip(self.rules, self.columns, strict=True):
            if isinstance(rule, kind):
                yield rule, column


class _Run:
    """One pass of a table through the rules of its diseases."""

    def __init__(  # noqa: PLR0913
        self,
        engine: Engine,
        library: Library,
        *,
        by: str,
        disease: str | None,
        patient: str | None,
        out: Path | None,
    ) -> None:
        self.engine = engine
        self.library = library
        self.by = by
        self.out = out
        types = engine.columns()
        named = patient or next((c for c in types if c.lower() in PATIENT_COLUMNS), None)
        if named is not None and named not in types:
            raise TableError(f"the table has no column {named!r}; it has {', '.join(types)}")
        if out and named is None:
            raise TableError("the table has no column patient, patient_id or id; name it")
        if disease is None and "disease" not in types:
            raise TableError("the table has no column disease; name the disease of its patients")
        if disease is not None and "disease" in types:
            raise TableError("the table has a column disease; do not name another for its patients")
        if disease is not None and disease not in library.assessed:
            held = ", ".join(library.assessed)
            raise TableError(f"{disease!r} is no disease that this edition assesses: {held}")
        if by != "scheme" and by not in self._schemes():
            raise TableError(f"{by!r} is no scheme; the schemes are {', '.join(self._schemes())}")
        self.disease = disease
        self.types = types
        self.patient = named
        self.registry = read_table(types, library, patient=named)

    def _schemes(self) -> tuple[str, ...]:
        library = self.library
        return tuple(s for disease in library.assessed for s in library.schemes_of(disease))

    def cohort(self) -> Cohort:
        patients, problems = self._read()
        compiled = [self._compiled(disease) for disease in self._diseases()]
        groups = [group for rules in compiled for group in self._groups(rules)]
        results = [self._results(rules) for rules in compiled]
        if self.out and results:
            self.engine.write(" UNION ALL ".join(results), self.out)
        assessed = sum(group.patients for group in groups)
        return Cohort(
            edition=self.library.edition,
            patients=patients,
            not_assessed=patients - assessed,
            groups=tuple(groups),
            problems=problems,
            absent=tuple(f for f in self.registry.absent if not (f == "disease" and self.disease)),
            ignored=self.registry.ignored,
            rejected=tuple(self.engine.rejected()),
        )

    def _read(self) -> tuple[int, tuple[ColumnProblem, ...]]:
        """Count the rows, and the cells of each column that cannot be read."""
        columns = self.registry.columns
        counted = ", ".join(("COUNT(*)", *(_count(c.unread) for c in columns)))
        table = self.registry.read_from(self.engine.table)
        ((patients, *cells),) = self.engine.rows(f"SELECT {counted} FROM {table}")
        problems = []
        for column, count in zip(columns, cells, strict=True):
            if count:
                examples = self.engine.rows(
                    f"SELECT {column.shown} AS cell, COUNT(*) AS cells FROM {table}"
                    f" WHERE {column.unread} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {EXAMPLES}"
                )
                shown = tuple(cell for cell, _ in examples)
                problems.append(ColumnProblem(column.name, column.expected, count, shown))
        return patients, tuple(problems)

    def _diseases(self) -> Iterator[str]:
        """Yield the diseases of the table that are assessed, in the order of the vocabulary."""
        if self.disease:
            found = {self.disease}
        else:
            column = identifier("disease")
            facts = self.registry.over(self.engine.table)
            rows = self.engine.rows(f"SELECT DISTINCT {column} FROM ({facts}) AS facts")
            codes = self.library.facts["disease"].codes
            found = {codes[position] for (position,) in rows if position is not None}
        yield from (disease for disease in self.library.assessed if disease in found)

    def _patients_of(self, disease: str, registry: Registry) -> str:
        """Write the query of the facts of the patients who have a disease."""
        facts, column = f"({registry.over(self.engine.table)}) AS facts", identifier("disease")
        code = self.library.facts["disease"].codes.index(disease)
        if not self.disease:
            return f"SELECT * FROM {facts} WHERE {column} = {code}"
        columns = (f"{code} AS {n}" if n == column else n for n in registry.names)
        return f"SELECT {', '.join(columns)} FROM {facts}"

    def _compiled(self, disease: str) -> _Rules:
        rules = tuple(
            rule for rule in self.library.rules_of(disease) if isinstance(rule, Stratum | Option)
        )
        decisions = [self.library.decisions[rule.id] for rule in rules]
        registry = read_table(self.types, self.library, patient=self.patient, disease=disease)
        compiled = program(decisions, self.library.facts, ranged=registry.ranged, missing=True)
        columns = tuple(compiled.column_of[decision] for decision in decisions)
        rows = compiled.over(f"({self._patients_of(disease, registry)}) AS patients")
        return _Rules(disease, rules, columns, compiled.open_of, rows)

    def _groups(self, rules: _Rules) -> Iterator[Group]:
        """Yield the totals of a disease, whole or divided by the strata of one scheme."""
        counts = ["COUNT(*)"]
        for column in rules.columns:
            counts += [_count(column), _count(f"{column} IS NULL")]
        counts += [_count(condition) for condition in rules.open_of.values()]
        listed, rows = ", ".join(counts), f"({rules.rows}) AS rows"
        if self.by == "scheme":
            found = [(None, *row) for row in self.engine.rows(f"SELECT {listed} FROM {rows}")]
        elif self.by in self.library.schemes_of(rules.disease):
            query = f"SELECT {self._dividing(rules)} AS stratum, {listed} FROM {rows}"
            found = list(self.engine.rows(f"{query} GROUP BY 1 ORDER BY 1"))
        else:
            found = []
        for stratum, patients, *numbers in found:
            if patients:
                yield self._group(rules, stratum, patients, numbers)

    def _dividing(self, rules: _Rules) -> str:
        """Write the stratum of a patient: the certain one, or that it is not decided."""
        columns = {
            rule.label: column
            for rule, column in rules.of_kind(Stratum)
            if isinstance(rule, Stratum) and rule.scheme == self.by
        }
        certain = " ".join(f"WHEN {column} THEN {text(label)}" for label, column in columns.items())
        unknown = " OR ".join(f"{column} IS NULL" for column in columns.values())
        return f"CASE {certain} WHEN {unknown} THEN {text(OPEN)} ELSE {text(NONE)} END"

    def _group(
        self, rules: _Rules, stratum: str | None, patients: int, numbers: list[int]
    ) -> Group:
        counted: dict[type, list[RuleCount]] = {Stratum: [], Option: []}
        for position, rule in enumerate(rules.rules):
            met, unknown = numbers[2 * position : 2 * position + 2]
            group = rule.scheme if isinstance(rule, Stratum) else rule.role
            count = RuleCount(rule.id, rule.label, group, met, patients - met - unknown, unknown)
            counted[type(rule)].append(count)
        facts = zip(rules.open_of, numbers[2 * len(rules.rules) :], strict=True)
        missing = [MissingCount(f, self.library.facts[f].label, n) for f, n in facts if n]
        return Group(
            disease=rules.disease,
            stratum=stratum,
            patients=patients,
            strata=tuple(counted[Stratum]),
            options=tuple(counted[Option]),
            missing=tuple(sorted(missing, key=lambda each: (-each.patients, each.fact))),
        )

    def _results(self, rules: _Rules) -> str:
        """Write the query of one row for each patient: lists of ids, and of missing facts."""
        strata = [(rule.id, column) for rule, column in rules.of_kind(Stratum)]
        options = [(rule.id, column) for rule, column in rules.of_kind(Option)]
        advised_against = {
            rule.id for rule in rules.rules if isinstance(rule, Option) and rule.role == "avoid"
        }
        columns = {
            "strata": strata,
            "strata_unknown": [(id_, f"{column} IS NULL") for id_, column in strata],
            "eligible": [each for each in options if each[0] not in advised_against],
            "options_unknown": [(id_, f"{column} IS NULL") for id_, column in options],
            "avoid": [each for each in options if each[0] in advised_against],
            "missing": list(rules.open_of.items()),
        }
        listed = ", ".join(f"{self._listed(each)} AS {name}" for name, each in columns.items())
        return (
            f"SELECT patient, {text(rules.disease)} AS disease, {listed}"
            f" FROM ({rules.rows}) AS rows"
        )

    def _listed(self, conditions: Iterable[tuple[str, str]]) -> str:
        """Write the list of the names whose condition is true; joined by ";" in a CSV file."""
        cases = ", ".join(f"CASE WHEN {sql} THEN {text(name)} END" for name, sql in conditions)
        names = f"LIST_FILTER([{cases}], LAMBDA x: x IS NOT NULL)" if cases else "[]"
        if self.out and self.out.suffix != ".parquet":
            return f"ARRAY_TO_STRING({names}, ';')"
        return names


def _count(condition: str) -> str:
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"
