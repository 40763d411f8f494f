"""Small files in the formats of others, made for the tests; and where real ones may lie."""

import os
from pathlib import Path

import pytest

DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
DATASETS = Path(
    os.environ.get("SECONDLINE_DATASETS") or Path(__file__).parents[3] / "shared" / "datasets"
)
needs_datasets = pytest.mark.skipif(
    not DATASETS.is_dir(), reason="the real files to run against are not here"
)


def citation(pmid="1", title="A title.", *, inside="", outside="", version="1", data=""):
    """Return one record of PubMed XML; `inside` stands in the Article, `outside` behind it."""
    number = f'<PMID Version="{version}">{pmid}</PMID>' if pmid else ""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">{number}'
        f"<Article><ArticleTitle>{title}</ArticleTitle>{inside}</Article>{outside}"
        f"</MedlineCitation>{data}</PubmedArticle>"
    )


def pubmed(*records, encoding="utf-8"):
    """Return a PubMed XML file with its declaration and DOCTYPE."""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{DOCTYPE}\n<PubmedArticleSet>\n' + (
        "\n".join(records) + "\n</PubmedArticleSet>\n"
    )


def linked(kind, pmid, printed="J Test. 2001;1(1):1"):
    """Return a list with one comment or correction."""
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>{printed}'
        f'</RefSource><PMID Version="1">{pmid}</PMID></CommentsCorrections>'
        "</CommentsCorrectionsList>"
    )


def deletion(*pmids):
    """Return an order to delete citations."""
    return (
        "<DeleteCitation>"
        + "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in pmids)
        + "</DeleteCitation>"
    )


def article(body="", *, meta="", front="", back="", kind="research-article", title="A title"):
    """Return a JATS file with one article."""
    return (
        '<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal'
        ' Archiving and Interchange DTD v1.2 20190208//EN" "JATS-archivearticle1.dtd">'
        '<article xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:mml="http://www.w3.org/1998/Math/MathML"'
        f' article-type="{kind}"><front>{front}<article-meta><article-id pub-id-type="pmc">77'
        f"</article-id><title-group><article-title>{title}</article-title></title-group>{meta}"
        f"</article-meta></front><body>{body}</body>{back}</article>"
    )
