"""The desk, door of every interface: one method per thing a person does. The Python API."""

from secondline import editorial as review
from secondline import figures
from secondline.answers.answer import Answer, Reader, Sentence, Understood
from secondline.answers.audited import Audit, AuditedClaim
from secondline.answers.conversation import ConversationError
from secondline.answers.difference import Difference, SentenceChange, Told, ValueChange
from secondline.answers.digest import digest_of
from secondline.answers.disclaimers import DISCLAIMER
from secondline.answers.language_model import LanguageModel, ModelSettingsError
from secondline.answers.language_model import from_environment as language_model
from secondline.answers.pages import LARGEST_PAGE, TextError, page_text
from secondline.answers.replay import Replay, diff_answer
from secondline.answers.saved import SavedAnswer, SavedAnswerError, read_saved_file
from secondline.answers.understanding import QuestionError
from secondline.answers.unreviewed import Quotation, UnreviewedLiterature
from secondline.assessment.assessment import MAY_APPLY, NotHeld
from secondline.assessment.cohort import Cohort, RuleCount
from secondline.assessment.comparison import Comparison
from secondline.assessment.engines import EngineName, TableError
from secondline.assessment.patient import PatientError, patient_facts, read_patient_file
from secondline.assessment.proof import Step
from secondline.assessment.result import Assessment, OptionResult, OutlookResult, StratumResult
from secondline.desk.desk import Desk, ExportFormat
from secondline.desk.opening import check, literature, open  # noqa: A004  # reads like prose
from secondline.domain.evidence import Statement
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import Caution, Option, Outlook, Stratum
from secondline.domain.references import Reference
from secondline.library.anchoring import Anchor
from secondline.library.catalog import NoSuchRecord, Stats
from secondline.library.documents import LARGEST_FILE as LARGEST_INPUT
from secondline.library.documents import KnowledgeError, Problem, read_text
from secondline.library.library import Library
from secondline.library.opening import LibraryError, report
from secondline.library.pathway_flow import pathway_flow
from secondline.library.pathway_text import pathway_text
from secondline.library.verifying import Verification
from secondline.literature.holdings import Added, Counts
from secondline.literature.records import AddressError, NoSuchDocument, StoreError
from secondline.literature.results import Built, FoundDocument, Retrieved, Sharded, Verified
from secondline.literature.search import (
    AlreadyBuilding,
    Filters,
    NoIndex,
    NoModel,
    OptionError,
    QueryError,
    filters_from,
)
from secondline.surveillance import results as surveillance

__all__ = [
    "DISCLAIMER", "LARGEST_INPUT", "LARGEST_PAGE", "MAY_APPLY", "Added", "AddressError",
    "AlreadyBuilding",
    "Anchor", "Answer", "Assessment", "Audit", "AuditedClaim", "Built", "Caution", "Cohort",
    "Comparison", "ConversationError", "Counts", "Desk", "Difference", "EngineName",
    "ExportFormat", "FactDefinition", "Filters", "FoundDocument", "KnowledgeError",
    "LanguageModel", "Library", "LibraryError", "ModelSettingsError", "NoIndex", "NoModel",
    "NoSuchDocument", "NoSuchRecord", "NotHeld", "Option", "OptionError", "OptionResult", "Outlook",
    "OutlookResult", "PatientError", "Problem", "QueryError", "QuestionError", "Quotation",
    "Reader", "Reference", "Replay", "Retrieved", "RuleCount", "SavedAnswer",
    "SavedAnswerError", "Sentence", "SentenceChange", "Sharded", "Statement", "Stats", "Step",
    "StoreError", "Stratum", "StratumResult", "TableError", "TextError", "Told", "Understood",
    "UnreviewedLiterature", "ValueChange", "Verification", "Verified", "check",
    "diff_answer", "digest_of", "figures", "filters_from", "language_model", "literature", "open",
    "page_text", "pathway_flow", "pathway_text", "patient_facts", "read_patient_file",
    "read_saved_file", "read_text", "report", "review", "surveillance",
]  # fmt: skip
