"""Write the parser tables of the criterion language beside its grammar: `make grammar`."""

from io import BytesIO
from pathlib import Path

from secondline.criteria.parse import build_parser, fingerprint

FOLDER = Path(__file__).parent.parent / "src" / "secondline" / "criteria"


def main() -> None:
    """Build the tables from the grammar and write them with its fingerprint."""
    grammar = (FOLDER / "grammar.lark").read_bytes()
    tables = BytesIO()
    build_parser(grammar).save(tables)
    (FOLDER / "grammar.tables").write_bytes(fingerprint(grammar) + b"\n" + tables.getvalue())


if __name__ == "__main__":
    main()
