"""A small knowledge folder that is in order, to be broken in one place per test."""

import shutil

from secondline import desk
from secondline.library.library import bundled_knowledge

SOURCE = """- id: paper
  kind: cohort
  title: A paper
  year: 2020
  read: abstract
"""
STATEMENT = """- id: rms-one
  topic: outcome
  says: >-
    Some children were alive.
  population: children
  setting: relapse
  findings:
    - {group: all, endpoint: overall survival, estimate: "37%", interval: "30-45", interval_kind: CI, events: 176, n: 474, timepoint: 5 years}
  citation: {source: paper, locator: abstract}
"""
PATHWAY = """---
id: pathway
disease: rhabdomyosarcoma
title: T
---
# T

Divided by stage.

```scheme
scheme: s
label: S
```

The lower stages.

```rule
stratum: low
scheme: s
label: low
when: tnm_stage <= 2
statements: [rms-one]
```

The higher stages.

```rule
stratum: high
scheme: s
label: high
when: tnm_stage > 2
statements: [rms-one]
```
"""
CASE = """- id: stage-two
  facts: {disease: rhabdomyosarcoma, tnm_stage: 2}
  says: Stage two is low.
  expect: {met: [low], not-met: [high]}
"""


class Folder:
    """A knowledge folder on disk."""

    def __init__(self, root):
        self.root = root
        shutil.copytree(bundled_knowledge() / "terms", root / "terms")
        self.write("sources/s.yaml", SOURCE)
        self.write("statements/rhabdomyosarcoma/paper.yaml", STATEMENT)
        self.write("pathways/p.md", PATHWAY)
        self.write("cases/c.yaml", CASE)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def replace(self, name, old, new):
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def problems(self):
        return [f"{p.file}: {p}" for p in desk.check(self.root)]
